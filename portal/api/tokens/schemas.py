"""Schemas of access tokens."""

from typing import Any

from marshmallow import validate

from portal.api.tokens.models import PREFIX, SHAPE
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.api_fields import ApiSchema, CleanText

# The same for all that is no token, so that the answer tells nothing of those that are.
_NO_TOKEN: Any = _l("Donnez le jeton seul et entier : prt_ et les 43 caractères qui le suivent.")


class RevokeLeakedTokenSchema(ApiSchema):
    """A token that somebody found."""

    token = CleanText(
        required=True,
        load_only=True,
        validate=validate.Regexp(SHAPE, error=_NO_TOKEN),
        metadata={"description": "The whole token, with its prefix.", "example": PREFIX + "A" * 43},
    )
