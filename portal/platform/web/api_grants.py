"""What the token of the current request allows, as a plain value. `portal.api.tokens` sets it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import g

from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiOperation
from portal.platform.web.api_problems import ApiRefusal
from portal.platform.web.api_versions import ApiVersion, current_api_version


@dataclass(frozen=True, kw_only=True)
class TokenGrant:
    """The limits of a token, within what its person may. No `areas`: all of them.

    The roles of a token of one programme (`is_of_programme`) are limited to it already.
    """

    token_id: UUID
    can_write: bool
    areas: Collection[str]
    is_of_programme: bool
    version: ApiVersion


def set_token_grant(grant: TokenGrant) -> None:
    g.token_grant = grant


def get_token_grant() -> TokenGrant:
    """The grant of the current request, which has passed the check of its token."""
    return cast(TokenGrant, g.token_grant)


def get_asked_api_version() -> ApiVersion:
    """The version of the API by which the current request is answered; without a token the current one."""
    return g.token_grant.version if "token_grant" in g else current_api_version()


def require_scope(operation: ApiOperation) -> None:
    """Raise `ApiRefusal` 403 unless the token's scope covers an operation, and a token is enough for it."""
    grant = get_token_grant()
    is_allowed = (
        (grant.can_write or not operation.writes)
        and (not grant.areas or operation.area in grant.areas)
        and not (operation.is_personal and grant.is_of_programme)
    )
    if not is_allowed:
        raise build_scope_refusal()
    if operation.asks_again:
        sentence = _("Cela se fait sur le portail, qui redemande le second facteur : un jeton ne suffit pas.")
        raise ApiRefusal(403, "proof_required", sentence)


def build_scope_refusal() -> ApiRefusal:
    """The refusal of what the token's scope does not cover."""
    return ApiRefusal(403, "insufficient_scope", _("La portée de ce jeton ne couvre pas cette demande."))
