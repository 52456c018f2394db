"""What is to decide: everything that waits for a lead, an accepter or a coach, on one page."""
