"""What tests showed: how severe it is, where it was seen, what became of it, how it was closed."""
