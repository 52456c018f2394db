"""Browser test: the administrators' page of failed letters, with reasons and retry."""

import os
from pathlib import Path

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.journeys import look
from tests.support import factories as make

pytestmark = pytest.mark.browser

PROBLEMS = ("550 5.1.1 <nour@demo.example>: Recipient address rejected: User unknown", "TimeoutError")


@pytest.fixture
def letters(portal):
    """A letter in each state, and two that failed."""
    with portal.app.app_context():
        for problem in PROBLEMS:
            make.letter(given_up_at=clock.now(), attempts=12, problem=problem)
        make.letter(problem="SMTPServerDisconnected", attempts=2)
        make.letter(sent_at=clock.now(), attempts=1)
        db.session.remove()
        db.engine.dispose()


def test_an_administrator_finds_what_was_given_up_and_tries_it_again(visitor, letters, width, script):
    window = visitor(width, script=script)
    window.enter("admin@demo.example")
    window.go("/letters")
    window.sees("n’ont pas pu partir")
    window.finds_no_fault()
    window.follow("Invitation à rejoindre AMI IA")
    window.finds_no_fault()
    window.press("Réessayer")
    window.sees("Ce courriel repart dans un instant.")
    window.press("Tout relancer")
    window.sees("repart")
    window.go("/letters?state=waiting")
    window.finds_no_fault()


def test_every_page_of_letters_holds(visitor, letters):
    window = visitor()
    window.enter("admin@demo.example")
    folder = os.environ.get("PORTAL_SCREENSHOTS")
    for name, path in {"given-up": "/letters?state=given_up", "sent": "/letters?state=sent"}.items():
        window.go(path)
        assert look.faults(window.page) == []
        if folder:
            window.page.screenshot(path=Path(folder) / f"letters-{name}-1280.png", full_page=True)
        assert look.faults_when_narrow(window.page) == []
        if folder:
            window.page.screenshot(path=Path(folder) / f"letters-{name}-320.png", full_page=True)
        look.darken(window.page)
        assert look.faults(window.page, only=look.DRAWN) == []
        assert look.theme_on_paper(window.page) == ("light", "dark")
        look.lighten(window.page)
        window.page.set_viewport_size(look.WIDE)
    window.follow("Invitation à rejoindre AMI IA")
    window.page.wait_for_url(f"{window.url}/letters/*")
    assert look.faults(window.page) == []
    if folder:
        window.page.screenshot(path=Path(folder) / "letter-1280.png", full_page=True)
    assert look.faults_when_narrow(window.page) == []
