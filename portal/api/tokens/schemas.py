"""Schemas of access tokens."""

from portal.platform.web.api_fields import ApiSchema, line


class LeakedTokenSchema(ApiSchema):
    """A token that somebody found."""

    token = line(200, "The whole token, with its prefix.", required=True, load_only=True)
