"""Second factors: one-time codes, passkeys, recovery codes; who must have one, and its reset."""
