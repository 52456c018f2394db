"""Documents to print: PDF that assistive technology reads, made from plain data."""
