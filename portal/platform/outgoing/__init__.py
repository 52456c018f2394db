"""The one way out: every HTTP request that the portal sends goes through `client`."""
