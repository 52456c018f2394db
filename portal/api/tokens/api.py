"""Revoke a token by its text."""

from portal.api.tokens import commands
from portal.api.tokens.schemas import RevokeLeakedTokenSchema
from portal.platform.web.api_operations import ApiArea, ApiCall

area = ApiArea("tokens")


@area.act("/tokens/revoke", None, body=RevokeLeakedTokenSchema, status=204, is_public=True)
def revoke_token(call: ApiCall) -> None:
    """Revoke a token that leaked: whoever holds it may.

    What has not the shape of a token is refused; the answer does not say whether others were one.
    """
    commands.revoke_leaked_token(call.body["token"])
