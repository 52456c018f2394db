"""Sign-in by ProConnect: OpenID Connect for public agents."""
