"""Checks of what a sign-in provider signed: id token and userinfo (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

CLOCK_LEEWAY = 30  # seconds
TEXT_MAX = 300  # characters of a claim that is used


class TokenRefused(Exception):
    """Why a token is not believed.

    `code`: `signature`, `claims`, `acr_missing`, `acr_unknown` (which stands in `detail`), `subject`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class TokenRequirements:
    """What tokens must say: who signed (`keys`, `algorithm`), for whom, and how the person signed in."""

    keys: KeySet
    algorithm: str
    issuer: str
    client_id: str
    acr_values: Collection[str]


@dataclass(frozen=True, kw_only=True)
class ProviderIdentity:
    """Who signed in at the provider. `id_token` is the text that a sign-out there needs."""

    issuer: str
    subject: str
    acr: str
    email: str
    name: str
    id_token: str
    signed_in_at: datetime | None = None  # at the provider, if it says when


def read_id_token(text: str, checks: TokenRequirements, nonce: str, now: datetime) -> Mapping[str, Any]:
    """The claims of an id token. Raises `TokenRefused`."""
    claims = _decode_claims(text, checks)
    expected = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_LEEWAY,
        iss={"essential": True, "value": checks.issuer},
        aud={"essential": True, "value": checks.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    _validate_claims(expected, claims)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= TEXT_MAX:
        raise TokenRefused("claims")
    if isinstance(claims["aud"], list) and claims.get("azp") != checks.client_id:
        raise TokenRefused("claims")
    acr = claims.get("acr")
    if not isinstance(acr, str) or not acr:
        raise TokenRefused("acr_missing")
    if acr not in checks.acr_values:
        raise TokenRefused("acr_unknown", acr[:TEXT_MAX])
    _check_sign_in_time(claims.get("auth_time"), now)
    return claims


def _check_sign_in_time(auth_time: object, now: datetime) -> None:
    """Refuse a time of sign-in that is no number, or lies ahead; the claim may be absent."""
    if auth_time is None:
        return
    is_number = isinstance(auth_time, int | float) and not isinstance(auth_time, bool)
    if not is_number or not 0 <= cast(float, auth_time) <= now.timestamp() + CLOCK_LEEWAY:
        raise TokenRefused("claims")


def read_userinfo(text: str, checks: TokenRequirements, subject: str, now: datetime) -> Mapping[str, Any]:
    """The claims of a signed userinfo about the same subject. Raises `TokenRefused`."""
    claims = _decode_claims(text, checks)
    expected = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_LEEWAY,
        iss={"essential": True, "value": checks.issuer},
        aud={"essential": True, "value": checks.client_id},
        sub={"essential": True},
    )
    _validate_claims(expected, claims)
    if claims["sub"] != subject:
        raise TokenRefused("subject")
    return claims


def make_identity(
    claims: Mapping[str, Any], userinfo: Mapping[str, Any], id_token: str, issuer: str
) -> ProviderIdentity:
    """The person whom both tokens are about."""

    def text(name: str) -> str:
        value = userinfo.get(name)
        return value.strip()[:TEXT_MAX] if isinstance(value, str) else ""

    auth_time = claims.get("auth_time")
    return ProviderIdentity(
        issuer=issuer,
        subject=claims["sub"],
        acr=claims["acr"],
        email=text("email").lower(),
        name=" ".join(part for part in (text("given_name"), text("usual_name")) if part),
        id_token=id_token,
        signed_in_at=None if auth_time is None else datetime.fromtimestamp(auth_time, UTC),
    )


def _decode_claims(text: str, checks: TokenRequirements) -> Mapping[str, Any]:
    try:
        claims = jwt.decode(text, checks.keys, algorithms=[checks.algorithm]).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise TokenRefused("signature") from None
    if not isinstance(claims, dict):
        raise TokenRefused("claims")
    return claims


def _validate_claims(expected: jwt.JWTClaimsRegistry, claims: Mapping[str, Any]) -> None:
    try:
        expected.validate(dict(claims))
    except (JoseError, ValueError, TypeError):
        raise TokenRefused("claims") from None
