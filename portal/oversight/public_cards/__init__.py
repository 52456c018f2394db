"""The public card of a project: what it is after, in four short texts that anybody may read."""
