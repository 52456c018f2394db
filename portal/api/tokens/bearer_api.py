"""Who is asking, by the token of the header `Authorization`. Cookies are not looked at."""

from dataclasses import replace

from flask import g, request
from limits import parse

from portal.api.tokens import commands, queries
from portal.api.tokens.machine_queries import read_machine_rights
from portal.api.tokens.queries import TokenBearer
from portal.platform.kernel.access import Actor
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import LOCALES
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import ReaderProfile, set_actor
from portal.platform.web.api_grants import TokenGrant, set_token_grant
from portal.platform.web.api_problems import ApiRefusal
from portal.platform.web.api_versions import current_api_version, get_api_version
from portal.platform.web.rate_limits import count_request, network
from portal.platform.web.urls import path_to

TOKEN_RATE = parse("600 per minute")
NETWORK_RATE = parse("60 per minute")  # of a network's requests without an open token
TOKEN_LENGTH_MAX = 200


def authenticate_bearer(is_public: bool) -> None:
    """Set the actor and grant of a request of the API.

    Raises `ApiRefusal` 401 without an open token (unless the operation is public), `RateLimited`.
    """
    if request.method == "OPTIONS":
        return
    if is_public:
        _count_stranger_request()
        return
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    bearer = _find_bearer(token) if _is_plausible_token(scheme, token) else None
    if bearer is None:
        _count_stranger_request()
        raise ApiRefusal(401)
    g.api_window = count_request("api token", bearer.token_id.hex, TOKEN_RATE)
    language = request.accept_languages.best_match(LOCALES) or bearer.locale
    reader = ReaderProfile(bearer.name, language, bearer.time_zone)
    if bearer.lacks_factor:
        set_actor(Actor(bearer.actor.person_id, {}), reader)  # the refusal is in their language
        raise ApiRefusal(403, "second_factor_required", _explain_missing_factor(bearer))
    set_actor(bearer.actor, reader)
    set_token_grant(
        TokenGrant(
            token_id=bearer.token_id,
            can_write=bearer.can_write,
            areas=frozenset(bearer.areas),
            is_of_programme=bearer.programme_id is not None,
            version=get_api_version(bearer.api_version),
        )
    )
    # At its first use the version is noted, however recently an earlier release noted one.
    last_used_at = bearer.last_used_at if bearer.api_version else None
    commands.record_token_use(bearer.token_id, last_used_at, current_api_version().name)


def _explain_missing_factor(bearer: TokenBearer) -> str:
    """What opens a token again whose person, or whose machine's maker, lacks a second factor."""
    address = get_service(Settings).public_base_url + path_to("second_factor.page")
    if bearer.is_machine:
        return _(
            "Qui a créé ce compte de machine a un rôle qui demande un second facteur du portail, et n’en"
            " a pas. Dès qu’un second facteur est ajouté à l’adresse %(address)s, ce jeton ouvre de"
            " nouveau.",
            address=address,
        )
    return _(
        "Un de vos rôles demande un second facteur du portail, et vous n’en avez pas. Ajoutez-en un à "
        "l’adresse %(address)s, et cochez-y ce jeton pour le garder.",
        address=address,
    )


def _find_bearer(token: str) -> TokenBearer | None:
    """Who stands behind a token: a person with their roles, or a machine with its own."""
    bearer = queries.find_bearer(token)
    if bearer is None or bearer.actor.roles:
        return bearer
    rights = read_machine_rights(bearer.actor.person_id)
    actor = replace(bearer.actor, roles=rights.roles)
    lacks_factor = bearer.lacks_factor or rights.lacks_factor
    return replace(bearer, actor=actor, lacks_factor=lacks_factor, is_machine=bool(rights.roles))


def _is_plausible_token(scheme: str, token: str) -> bool:
    return scheme.lower() == "bearer" and 0 < len(token) <= TOKEN_LENGTH_MAX and token.isascii()


def _count_stranger_request() -> None:
    g.api_window = count_request("api stranger", network() or "", NETWORK_RATE)
