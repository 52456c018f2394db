"""What coaches give: recommendations, sessions, clinics, group sessions and their own notes."""
