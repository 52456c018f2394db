"""A project with a team member, and a round without sessions."""

import pytest
from sqlalchemy import select

from portal.platform.kernel.database import db
from portal.user_tests.rounds.session_models import TaskResult
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.around import browser, member, person
from tests.support.browser import words_of

P = "/projects/heron/tests"
S = f"{P}/sessions/1"  # the session `begun`


@pytest.fixture
def project(app):
    return make.project(slug="heron", acronym="ASN", title_fr="Lire les lettres")


@pytest.fixture
def round_(project):
    return tests.planned(project)


@pytest.fixture
def begun(round_, person):
    return tests.session(round_, person, ended_at=None)


def said(page):
    return words_of(page.main if page.main else page).replace("\xa0", " ")


def typed(page):
    """Return the fields that a browser would send from the session’s form."""
    form = page.find("form", id="session") or page
    sent = {}
    for field in form.find_all(["input", "textarea", "select"]):
        kind, name = field.get("type"), field.get("name")
        if not name or (kind in {"radio", "checkbox"} and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen["value"]
        else:
            sent[name] = field.text.strip() if field.name == "textarea" else field.get("value", "")
    return sent


def result(number=1):
    from_task = select(TaskResult).order_by(TaskResult.id)
    return db.session.scalars(from_task).all()[number - 1]
