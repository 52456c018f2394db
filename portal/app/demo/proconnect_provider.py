"""A sign-in provider for the demonstration and for tests: ProConnect's documented answers, on loopback.

`python -m portal.app.demo.proconnect_provider` serves it at PROCONNECT_URL.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, jsonify, make_response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from portal.app.demo.people import ACCOUNTS
from portal.platform.kernel.settings import load_settings_or_exit

BASE = "/api/v2"
PARAMETERS = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce"}
OPTIONAL = {"claims", "prompt", "idp_hint", "login_hint", "siret_hint"}
CODE_SECONDS = 60
TOKEN_SECONDS = 60

Claims = dict[str, Any]


def _leave_claims_unchanged(claims: Claims) -> Claims:
    return claims


@dataclass
class ProviderTestOverrides:
    """What tests change: claims before they are signed, the texts that are sent, the level."""

    acr: str = "eidas1"
    mfa_acr: str = "eidas1-mfa"
    id_claims: Callable[[Claims], Claims] = _leave_claims_unchanged
    userinfo_claims: Callable[[Claims], Claims] = _leave_claims_unchanged
    id_token_text: Callable[[str], str] = str
    userinfo_text: Callable[[str], str] = str
    wait: Mapping[str, float] = field(default_factory=dict)  # seconds, by endpoint
    answers: Mapping[str, tuple[int, str, str]] = field(default_factory=dict)  # status, type, body


@dataclass
class DemoProvider:
    """The provider of one client; `issuer` is its address with `BASE`."""

    issuer: str
    client_id: str
    client_secret: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "demo", "use": "sig"}))
    behaviour: ProviderTestOverrides = field(default_factory=ProviderTestOverrides)
    subjects: dict[str, str] = field(default_factory=dict)  # by address
    codes: dict[str, Claims] = field(default_factory=dict)
    access_tokens: dict[str, Claims] = field(default_factory=dict)
    queries: list[dict[str, str]] = field(default_factory=list)  # queries of /authorize and /session/end

    def subject_of(self, email: str) -> str:
        return self.subjects.setdefault(email, f"sub-{email}")

    def sign_claims(self, claims: Claims) -> str:
        return jwt.encode({"alg": "RS256", "kid": "demo"}, claims, self.key)

    def authorize(self, query: Mapping[str, str]) -> Response:
        """The page of accounts, or the way back for one of them."""
        self.queries.append(dict(query))
        email = query.get("as")
        names = set(query) - {"as"}
        if not names >= PARAMETERS or names - PARAMETERS - OPTIONAL or query["client_id"] != self.client_id:
            return make_response("Y000400", 400)
        if min(len(query["state"]), len(query["nonce"])) < 32:
            return make_response("Y000400", 400)
        if not email:
            return make_response(_render_accounts_page(query))
        acr_request = json.loads(query.get("claims", "{}")).get("id_token", {}).get("acr", {})
        needs_mfa = bool(acr_request.get("essential"))
        code = secrets.token_urlsafe(16)
        self.codes[code] = {
            "email": email,
            "nonce": query["nonce"],
            "acr": self.behaviour.mfa_acr if needs_mfa else self.behaviour.acr,
            "redirect_uri": query["redirect_uri"],
            "until": time.time() + CODE_SECONDS,
        }
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        return make_response(redirect(f"{query['redirect_uri']}?{back}"))

    def exchange(self, form: Mapping[str, str]) -> Response:
        grant = self.codes.pop(form.get("code", ""), None)
        is_client = (
            form.get("client_id") == self.client_id and form.get("client_secret") == self.client_secret
        )
        if not is_client or grant is None or grant["until"] < time.time():
            return make_response(jsonify(error="invalid_grant"), 400)
        if form.get("redirect_uri") != grant["redirect_uri"]:
            return make_response(jsonify(error="invalid_grant"), 400)
        now = int(time.time())
        claims = {
            "sub": self.subject_of(grant["email"]),
            "amr": ["pwd"],
            "auth_time": now,
            "acr": grant["acr"],
            "nonce": grant["nonce"],
            "aud": self.client_id,
            "exp": now + TOKEN_SECONDS,
            "iat": now,
            "iss": self.issuer,
        }
        access_token = secrets.token_urlsafe(16)
        self.access_tokens[access_token] = grant
        id_token = self.behaviour.id_token_text(self.sign_claims(self.behaviour.id_claims(claims)))
        kind = {"token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return jsonify(access_token=access_token, id_token=id_token, **kind)

    def userinfo(self, header: str) -> Response:
        grant = self.access_tokens.get(header.removeprefix("Bearer "))
        if grant is None:
            return make_response("", 401)
        name = next((each.name for each in ACCOUNTS if each.email == grant["email"]), "Agent Public")
        first, _space, last = name.partition(" ")
        claims = {
            "sub": self.subject_of(grant["email"]),
            "email": grant["email"],
            "given_name": first,
            "usual_name": last,
            "aud": self.client_id,
            "iss": self.issuer,
        }
        text = self.behaviour.userinfo_text(self.sign_claims(self.behaviour.userinfo_claims(claims)))
        response = make_response(text)
        response.content_type = "application/jwt"
        return response


def _render_accounts_page(query: Mapping[str, str]) -> str:
    """The accounts to choose from, each a button that keeps the query."""
    fields = [
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in query.items()
    ]
    emails = [*(each.email for each in ACCOUNTS), "inconnu@demo.example"]
    buttons = [f'<p><button name="as" value="{email}">{email}</button></p>' for email in emails]
    title = "ProConnect (démonstration)"
    return (
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>Qui êtes-vous ?</p><form>{''.join(fields + buttons)}</form></html>"
    )


def create_provider(provider: DemoProvider) -> Flask:
    """The web application of a provider."""
    app = Flask("demo provider")

    @app.before_request
    def misbehave() -> Response | None:
        name = request.path.rsplit("/", 1)[-1]
        time.sleep(provider.behaviour.wait.get(name, 0))
        if name not in provider.behaviour.answers:
            return None
        status, kind, body = provider.behaviour.answers[name]
        return Response(body, status, content_type=kind)

    @app.get(f"{BASE}/.well-known/openid-configuration")
    def discovery() -> Response:
        issuer = provider.issuer
        paths = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "userinfo_endpoint": "/userinfo",
            "end_session_endpoint": "/session/end",
            "jwks_uri": "/jwks",
        }
        return jsonify(issuer=issuer, **{name: issuer + path for name, path in paths.items()})

    @app.get(f"{BASE}/jwks")
    def jwks() -> Response:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    app.add_url_rule(f"{BASE}/authorize", "authorize", lambda: provider.authorize(request.args))
    app.add_url_rule(f"{BASE}/token", "token", lambda: provider.exchange(request.form), methods=["POST"])
    app.add_url_rule(
        f"{BASE}/userinfo", "userinfo", lambda: provider.userinfo(request.headers.get("Authorization", ""))
    )

    @app.get(f"{BASE}/session/end")
    def end() -> Response:
        provider.queries.append(request.args.to_dict())
        back = request.args["post_logout_redirect_uri"]
        return make_response(redirect(f"{back}?{urlencode({'state': request.args['state']})}", 303))

    return app


def main() -> None:
    """Serve on this machine alone, where the portal's variables say, until the process ends."""
    proconnect = load_settings_or_exit(os.environ).proconnect
    if proconnect is None:
        sys.exit("PROCONNECT_URL says where to serve.")
    provider = DemoProvider(proconnect.url, proconnect.client_id, proconnect.client_secret)
    port = urlsplit(proconnect.url).port or 80
    make_server("localhost", port, create_provider(provider), threaded=True).serve_forever()


if __name__ == "__main__":
    main()
