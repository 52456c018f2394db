"""Questions as data: definitions with editions, what was answered, progress, scores, changes."""
