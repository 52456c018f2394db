"""Search: an index of words over what each person may read, and its page."""
