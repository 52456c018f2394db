"""Home: where each role lands, and what waits there."""
