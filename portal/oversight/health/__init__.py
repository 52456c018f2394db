"""Health: what the facts of a project say of how it is going, beside what people say of it."""
