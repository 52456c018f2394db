"""Conversation with ProConnect: addresses, tokens and keys, through the portal's own client."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.people.proconnect.token_rules import (
    ProviderIdentity,
    TokenRefused,
    TokenRequirements,
    make_identity,
    read_id_token,
    read_userinfo,
)
from portal.platform.kernel import clock
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import ProConnect
from portal.platform.outgoing.client import Credentials, OutgoingAnswer, OutgoingClient, OutgoingFailed

SCOPES = "openid given_name usual_name email"
ANSWER_MAX = 256 * 1024  # bytes
SECONDS = 3.0  # of silence: a request has a deadline
METADATA_SECONDS = 3600.0


class ProviderFailed(Exception):
    """Why a sign-in stops; `code` names a sentence of `labels`, `detail` what the provider said."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass
class ProviderDiscovery:
    """What the provider publishes (addresses, keys), read anew every hour."""

    _read_at: float = 0.0
    _metadata: Mapping[str, Any] = field(default_factory=dict)
    _keys: KeySet | None = None

    def read_metadata(self, settings: ProConnect) -> Mapping[str, Any]:
        """The discovery document, whose issuer must be the configured one. Raises `ProviderFailed`."""
        if not self._metadata or time.monotonic() - self._read_at > METADATA_SECONDS:
            document = _read_json(f"{settings.url}/.well-known/openid-configuration")
            if document.get("issuer") != settings.url:
                raise ProviderFailed("issuer")
            self._metadata, self._read_at, self._keys = document, time.monotonic(), None
        return self._metadata

    def read_keys(self, settings: ProConnect, *, anew: bool = False) -> KeySet:
        """The provider's keys; `anew` after a signature by an unknown one. Raises `ProviderFailed`."""
        if self._keys is None or anew:
            document = _read_json(self.find_endpoint(settings, "jwks_uri"))
            try:
                self._keys = KeySet.import_key_set(document)  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError):
                raise ProviderFailed("answer") from None
        return self._keys

    def find_endpoint(self, settings: ProConnect, name: str) -> str:
        """An address of the provider, on the host of its issuer. Raises `ProviderFailed`."""
        url = self.read_metadata(settings).get(name)
        if not isinstance(url, str) or urlsplit(url).netloc != urlsplit(settings.url).netloc:
            raise ProviderFailed("answer")
        return url


@dataclass(frozen=True)
class SignInStart:
    """The address to which the browser goes, and the secrets that the return must match."""

    url: str
    state: str
    nonce: str
    verifier: str


def refresh_provider_discovery(settings: ProConnect) -> None:
    """Read what the provider publishes, before a transaction. Raises `ProviderFailed`."""
    get_service(ProviderDiscovery).read_metadata(settings)


def start_sign_in(
    settings: ProConnect, redirect_uri: str, *, hint: str = "", needs_mfa: bool = False
) -> SignInStart:
    """Prepare a sign-in: a strong one is preferred, or demanded. Raises `ProviderFailed`."""
    directory = get_service(ProviderDiscovery)
    methods = directory.read_metadata(settings).get("code_challenge_methods_supported") or ()
    has_pkce = isinstance(methods, list) and "S256" in methods
    state, nonce, verifier = (secrets.token_urlsafe(32) for _secret in range(3))
    acr = {"essential": needs_mfa, "values": list(settings.mfa_acr_values)}
    client = _make_client(settings, redirect_uri, "S256" if has_pkce else None)
    url, _state = client.create_authorization_url(
        directory.find_endpoint(settings, "authorization_endpoint"),
        state=state,
        code_verifier=verifier if has_pkce else None,
        nonce=nonce,
        claims=json.dumps({"id_token": {"acr": acr, "amr": None}}),
        **({"login_hint": hint} if hint else {}),
    )
    return SignInStart(url, state, nonce, verifier if has_pkce else "")


def finish_sign_in(
    settings: ProConnect, redirect_uri: str, code: str, facts: Mapping[str, str]
) -> ProviderIdentity:
    """Exchange a code and check the tokens. Raises `ProviderFailed`."""
    directory = get_service(ProviderDiscovery)
    client = _make_client(settings, redirect_uri, None)
    verifier = {"code_verifier": facts["verifier"]} if facts["verifier"] else {}
    try:
        tokens = client.fetch_token(
            directory.find_endpoint(settings, "token_endpoint"),
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            **verifier,
        )
        id_token, access_token = tokens["id_token"], tokens["access_token"]
    except (AuthlibBaseError, ValueError, TypeError, KeyError, AttributeError):
        raise ProviderFailed("answer") from None
    if not isinstance(id_token, str) or not isinstance(access_token, str) or not access_token.isascii():
        raise ProviderFailed("answer")
    userinfo = _read_userinfo_text(directory.find_endpoint(settings, "userinfo_endpoint"), access_token)

    def read(checks: TokenRequirements) -> ProviderIdentity:
        now = clock.now()
        claims = read_id_token(id_token, checks, facts["nonce"], now)
        about = read_userinfo(userinfo, checks, claims["sub"], now)
        return make_identity(claims, about, id_token, settings.url)

    return _read_tokens_with_keys(settings, directory, read)


def _read_tokens_with_keys(
    settings: ProConnect, directory: ProviderDiscovery, read: Callable[[TokenRequirements], ProviderIdentity]
) -> ProviderIdentity:
    """Read tokens with the known keys, then once with fresh ones: providers change their keys."""
    for anew in (False, True):
        checks = TokenRequirements(
            keys=directory.read_keys(settings, anew=anew),
            algorithm=settings.algorithm,
            issuer=settings.url,
            client_id=settings.client_id,
            acr_values=settings.acr_values,
        )
        try:
            return read(checks)
        except TokenRefused as refused:
            if anew or refused.code != "signature":
                raise ProviderFailed(refused.code, refused.detail) from None
    raise AssertionError  # the second round returns or raises


def sign_out_url(settings: ProConnect, id_token: str, state: str, back: str) -> str:
    """Where the browser ends its session at the provider. Raises `ProviderFailed`."""
    endpoint = get_service(ProviderDiscovery).find_endpoint(settings, "end_session_endpoint")
    query = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
    return f"{endpoint}?{urlencode(query)}"


class _HttpSession:
    """What Authlib needs of an HTTP library, by the portal's client."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Any:
        _uri, sent_headers, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        answer = _send_request("POST", url, body=body.encode(), headers=sent_headers)
        if answer.status >= 500:
            raise ProviderFailed("down")
        return SimpleNamespace(
            status_code=answer.status,
            json=lambda: _parse_document(answer.body),
            raise_for_status=lambda: None,
            text=answer.body.decode(errors="replace"),
        )


def _make_client(settings: ProConnect, redirect_uri: str, challenge_method: str | None) -> Any:
    return OAuth2Client(
        _HttpSession(),
        settings.client_id,
        settings.client_secret,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106  a method, not a secret
        scope=SCOPES,
        redirect_uri=redirect_uri,
        code_challenge_method=challenge_method,
    )


def _read_userinfo_text(url: str, access_token: str) -> str:
    """The signed userinfo; a plain JSON one is refused."""
    host = urlsplit(url).hostname or ""
    answer = _send_request("GET", url, credentials=Credentials(host, f"Bearer {access_token}"))
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or kind != "application/jwt":
        raise ProviderFailed("answer")
    return answer.body.decode(errors="replace").strip()


def _read_json(url: str) -> Mapping[str, Any]:
    answer = _send_request("GET", url)
    if answer.status != 200:
        raise ProviderFailed("down")
    return _parse_document(answer.body)


def _parse_document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderFailed("answer") from None
    if not isinstance(document, dict):
        raise ProviderFailed("answer")
    return document


def _send_request(method: str, url: str, **options: Any) -> OutgoingAnswer:
    try:
        return get_service(OutgoingClient).send(method, url, largest=ANSWER_MAX, seconds=SECONDS, **options)
    except OutgoingFailed as failed:
        raise ProviderFailed(
            "down" if failed.code in {"timeout", "network", "unresolved"} else "answer"
        ) from None
