"""Committee packs: how all teams of a programme stand on a day, a page each, kept as they were."""
