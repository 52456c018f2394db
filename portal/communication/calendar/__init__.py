"""A person's dates as an iCalendar feed, and invitations as iCalendar files."""
