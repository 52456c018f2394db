"""What coaches owe their teams, what each coach carries, and handing a team over."""
