"""The demonstration's sign-in provider beside an application of tests, and a browser that goes there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import httpx
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from portal.app.demo.proconnect_provider import BASE, DemoProvider, create_provider
from portal.people.proconnect.provider_commands import ProviderDiscovery
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import ProConnect, Settings
from portal.platform.outgoing.client import OutgoingClient
from tests.support.browser import Browser

MFA = ("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3")


@contextmanager
def serving() -> Iterator[DemoProvider]:
    """Run a provider on a free port of this machine."""
    provider = DemoProvider("", "portal", "a secret of the client")
    server = make_server("127.0.0.1", 0, create_provider(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}{BASE}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def connected(app: Flask, provider: DemoProvider, **more: object) -> Iterator[None]:
    """Connect an application to a provider, as the settings of an installation do."""
    usual, client = get_service(Settings, app), get_service(OutgoingClient, app)
    proconnect = ProConnect(
        url=provider.issuer,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        algorithm="RS256",
        acr_values=("eidas0", "eidas1", *MFA),
        mfa_acr_values=MFA,
    )
    provide_service(app, replace(usual, proconnect=proconnect, **more))
    provide_service(app, OutgoingClient(["127.0.0.1"], allows_loopback=True))
    provide_service(app, ProviderDiscovery())
    yield
    provide_service(app, usual)
    provide_service(app, client)


def start(browser: Browser, path: str = "/sign-in/proconnect", **typed: str) -> str:
    """Send the form that starts; return the address at the provider."""
    answer = browser.open(path, method="POST", data=typed)
    assert answer.status_code == 303, answer.text[:2000]
    return answer.headers["Location"]


def choose(url: str, email: str) -> dict[str, str]:
    """Choose an account at the provider; return what the browser brings back."""
    answer = httpx.get(url + "&as=" + email)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def finish(browser: Browser, brought: dict[str, str]) -> TestResponse:
    """Come back: read the page of the return, and send its form."""
    names = ("code", "state", "error")
    page = browser.open("/sign-in/proconnect/return", query_string=brought, method="GET")
    assert page.status_code == 200
    data = {name: brought.get(name, "") for name in names}
    return browser.open("/sign-in/proconnect/return", method="POST", data=data)


def sign_in(browser: Browser, email: str, path: str = "/sign-in/proconnect", **typed: str) -> TestResponse:
    """Go there and back."""
    return finish(browser, choose(start(browser, path, **typed), email))
