"""Which acts ask for a fresh second factor, and where the question leads."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote
from uuid import UUID

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule

from portal.api.tokens.models import ApiToken
from portal.app.application.features import SENSITIVE_ENDPOINTS
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of
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


@pytest.fixture
def lead(ada, codes, stranger):
    """Ada leads a programme, and has signed in with her code."""
    programme = make.programme()
    make.role(programme.id, Role.PROGRAMME_LEAD, ada)
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    stranger.submit(QUESTION, code=code())
    return programme


def test_a_form_of_an_act_that_matters_comes_back_with_its_choices_once_proved(app, lead, stranger):
    path, programme_id = "/profile/tokens", str(lead.id)
    areas = [box["value"] for box in stranger.visit(path).select("[name=areas]")][1:3]
    choices = {"can_write": "y", "areas": areas, "days": "30", "programme_id": programme_id}
    sent = {"name": "Notre « outil »", "form_key": "k"} | choices
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        question = post(stranger, path, sent, 401)
        assert [text.text.strip() for text in question.select("textarea")] == [sent["name"]]
        proof = question.select_one("main a[target=_blank]")["href"]
        assert proof == f"{QUESTION}?next=/second-factor/done"
        stranger.submit(QUESTION, code=code(), next="/second-factor/done")
        carrier = question.select_one(f"form[action='{path}']")
        app.config["WTF_CSRF_ENABLED"] = True  # its token is of the session before the proof
        page = post(stranger, path, fields_of(carrier), 403)
        app.config["WTF_CSRF_ENABLED"] = False
        alert = page.select_one(".fr-alert--warning[aria-label='À vérifier']")
        assert "Voici le formulaire tel que vous l’aviez envoyé" in words_of(alert)
        assert db.session.query(ApiToken).count() == 0, "the form alone was asked for"
        again = page.select_one(f"form[action='{path}']")
        for name in ("name", "form_key"):
            assert again.select_one(f"[name={name}]")["value"] == sent[name]
        ticked = {
            name: [each["value"] for each in again.select(f"[name={name}][checked]")] for name in choices
        }
        assert (ticked["can_write"], ticked["areas"], ticked["days"]) == (["y"], areas, ["30"])
        assert again.select_one("[name=programme_id] option[selected]")["value"] == programme_id
        post(stranger, path, sent, 303)
        assert db.session.query(ApiToken).one().name == sent["name"]


def post(browser, path, fields, status):
    answer = browser.open(path, method="POST", data=fields)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "lxml")


def fields_of(form):
    """The values of a form by name, each of them in order."""
    fields = defaultdict(list)
    for field in form.select("input[name]"):
        fields[field["name"]].append(field["value"])
    return fields


def test_a_password_is_not_carried_and_a_file_is_asked_for_again(ada, codes, stranger):
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    stranger.open("/sign-in", method="POST", data={"email": ada.email, "password": SECRET})
    stranger.submit(QUESTION, code=code())
    listed = (BytesIO(b"adresse;role\n"), "liste.csv")
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        question = stranger.submit(
            "/administration/invitations/check", expect=401, text="a;b", password="secret", file=listed
        )
    assert fields_of(question.select_one("form:has([name=resumed])")).keys() == {
        "csrf_token",
        "resumed",
        "text",
    }
    assert "Seul le fichier" in words_of(question.main)
    assert "secret" not in str(question.main)
