"""Committee packs: a page on each team of a programme as of a day, stored and never changed."""
