"""Which acts ask for a fresh second factor, and where the question leads."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule

from portal.api.tokens.machine_models import MachineAccount
from portal.app.application.features import SENSITIVE_ENDPOINTS
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.second_factor import code

QUESTION = "/second-factor"


def build_paths(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, path) of every act that matters, with values that name nothing."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in SENSITIVE_ENDPOINTS:
            with app.test_request_context():
                path = rule.build(values_of(rule))[1]
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield rule.endpoint, method, path


def values_of(rule: Rule) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        values[name] = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1}.get(kind, "x")
        if kind == "AnyConverter":
            values[name] = min(converter.items)
    return values | dict(rule.defaults or {})


def test_every_act_that_matters_asks_before_anything_else(app, ada, codes, stranger):
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    stranger.submit(QUESTION, code=code())
    asking = set()
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        for endpoint, method, path in build_paths(app):
            answer = stranger.open(path, method=method)
            assert answer.headers.get("Location", "").startswith(QUESTION), (endpoint, method, path)
            asking.add(endpoint)
        assert asking == SENSITIVE_ENDPOINTS
        stranger.submit(QUESTION, code=code())
        assert stranger.open("/programmes/x/packs", method="POST").status_code == 404, (
            "fresh: the view answers"
        )


def test_the_question_before_a_file_leads_to_the_page_with_its_link(ada, codes, stranger):
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    stranger.submit(QUESTION, code=code())
    page, file = "/programmes/x/funding/report?on=2026-01-01", f"/programmes/x/packs/{UUID(int=1)}/pack.pdf"
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = stranger.client.get(file, headers={"Referer": f"http://localhost{page}"})
        assert answer.headers["Location"] == f"{QUESTION}?next={quote(page, safe='/?')}"
        assert stranger.open(file).headers["Location"] == f"{QUESTION}?next={file}", "no page is known"


def test_what_was_typed_beside_a_secret_is_shown_with_the_question(ada, codes, stranger):
    programme = make.programme()
    make.role(programme.id, Role.PROGRAMME_LEAD, ada)
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    stranger.submit(QUESTION, code=code())
    typed = {"name": "Notre outil"}
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        page = BeautifulSoup(
            stranger.open(f"/programmes/{programme.slug}/machines", method="POST", data=typed).text, "lxml"
        )
        assert {field.text.strip() for field in page.select("textarea")} >= set(typed.values())
        assert db.session.query(MachineAccount).count() == 0
