"""What reaches people: notifications, their calendar, replies by mail, the directory."""
