"""How all teams stand: portfolio, gates, health, open issues, packs, reports, public cards."""
