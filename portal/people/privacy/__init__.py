"""What people may do about their own data: take it away, have it erased; and how long it stays."""
