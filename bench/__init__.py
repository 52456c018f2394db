"""How fast the portal is, beside a floor measured in the same run. See README.md."""
