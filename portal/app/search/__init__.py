"""Search of the header: pages, teams and people that the person may open."""
