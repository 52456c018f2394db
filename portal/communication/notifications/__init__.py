"""News for one person: who is told what, how, when; and how it is silenced."""
