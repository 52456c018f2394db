"""Who may sign in and what they may do: accounts, programmes and roles."""
