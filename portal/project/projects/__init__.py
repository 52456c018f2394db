"""Projects: what a laureate team set out to do, with whom, until when."""
