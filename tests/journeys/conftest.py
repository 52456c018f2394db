"""Fixtures of browser tests: a live portal, a Chromium, and windows whose errors fail the test."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import look, windows
from tests.journeys.contexts import Contexts
from tests.journeys.person import Visitor
from tests.journeys.teams import Team, make_team
from tests.support import chromium, demonstration, live
from tests.support.live import Portal


@pytest.fixture(scope="session")
def portal(
    browser: Browser, make_app: Callable[..., Flask], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """A live portal with the demonstration."""
    data = tmp_path_factory.mktemp("live")
    demonstration.copy_to(data, make_app, tmp_path_factory)
    with live.portal(make_app, data) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        end = pytest.fail if chromium.is_required() else pytest.skip
        end(chromium.HOW_TO)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=windows.BOTH, ids=windows.name)
def window(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """The width in px, and whether JavaScript is enabled."""
    return request.param


@pytest.fixture
def width(window: tuple[int, bool]) -> int:
    return window[0]


@pytest.fixture
def script(window: tuple[int, bool]) -> bool:
    return window[1]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, contexts: Contexts) -> Iterator[Callable[..., Visitor]]:
    """A function that opens a window for a person; all windows are checked when the test ends."""
    opened: list[Visitor] = []

    def open_window(
        width: int = look.WIDE["width"], *, portal: Portal | None = None, **kind: bool
    ) -> Visitor:
        at = portal or request.getfixturevalue("portal")
        opened.append(contexts.open(at, width, windows.Kind(**kind)))
        return opened[-1]

    yield open_window
    complaints = [complaint for one in opened for complaint in one.watch.complaints]
    for one in opened:
        contexts.close(one)
    assert not complaints


@pytest.fixture
def team(portal: Portal) -> Team:
    return make_team(portal)


AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def touch(visitor) -> Iterator[Callable[[Visitor], None]]:
    """A function that gives a window a virtual authenticator, until the test ends."""
    given = []

    def give(window: Visitor) -> None:
        session = window.page.context.new_cdp_session(window.page)
        session.send("WebAuthn.enable")
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        given.append((session, added))

    yield give
    for session, added in given:  # the page is used again, and takes one only
        session.send("WebAuthn.removeVirtualAuthenticator", added)
        session.send("WebAuthn.disable")
        session.detach()
