"""Import of the applications of a call, from Démarches simplifiées or from its files."""
