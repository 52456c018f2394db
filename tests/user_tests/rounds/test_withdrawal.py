"""Withdrawal: no row, file or page of the session is left."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy import select

from portal.collaboration.files.models import Attachment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.services import get_service
from portal.platform.storage.intake import UploadIntake
from portal.user_tests.findings.models import FindingEvidence
from portal.user_tests.rounds.session_models import ParticipantCodeRegister, TaskOutcome, TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import save

P = "/projects/heron/tests"
S = f"{P}/sessions/1"
# Tables with opaque ids only: the audit trail and submitted forms.
NAMES_IDS = ("audit_event", "submission")
TOLD = "Bloque sur la légende violette"


@pytest.fixture
def session(round_, person):
    held = tests.session(round_, person, notes=f"{TOLD} (séance)")
    first = tests.task(round_, 3, title="Chercher")
    tests.result(held, first, notes=f"{TOLD} (tâche)")
    tests.answers(held, *[4] * 10)
    tests.link(held, person)
    tests.seen(tests.finding(round_), held, person)
    return held


def attach(browser, session, name="P1-parole.txt"):
    place = f"/files/about/test_session/{session.id}"
    browser.visit(S)
    form = browser.visit(S).find("form", action=lambda to: to and "/test_session/" in to)
    key = form.find(attrs={"name": "form_key"})["value"]
    sent = {"file": (BytesIO(TOLD.encode()), name), "form_key": key}
    assert browser.open(form["action"], method="POST", data=sent).status_code == 303, place
    return db.session.scalars(select(Attachment)).one()


def everything():
    """Return the whole database as text."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += [f"{table.name} {tuple(row)}" for row in db.session.execute(sa.select(table))]
    return found


def test_nothing_of_the_session_is_left_anywhere(browser, session, round_, app):
    id_ = session.id
    file = attach(browser, session)
    file_id, key = file.id, file.key
    save(FindingEvidence(finding_id=tests.finding(round_).id, attachment_id=file_id))
    storage = get_service(UploadIntake, app).storage
    assert key in {one.key for one in storage.stored()}
    page = browser.submit(f"{S}/withdraw", form_key="k")
    assert "La séance est supprimée" in words_of(page.main)
    db.session.expire_all()
    left = everything()
    for trace in (TOLD, "P1-parole", str(id_), id_.hex, str(file_id), file_id.hex, key):
        assert not [row for row in left if trace in row and not row.startswith(NAMES_IDS)], trace
    for trace in (TOLD, "P1-parole", "violette"):
        assert not [row for row in left if trace in row], trace
    assert key not in {one.key for one in storage.stored()}
    browser.visit(S, expect=404)
    browser.visit(f"/files/{file_id}", expect=404)
    assert TOLD not in browser.visit(f"{P}/1").text


def test_figures_follow_at_once(browser, session, round_, person):
    other = tests.session(round_, person)
    tests.result(other, tests.task(round_, 4), outcome=TaskOutcome.FAILED)
    assert "2 participants" in words_of(browser.visit(f"{P}/1").find(id="results"))
    browser.submit(f"{S}/withdraw", form_key="k")
    assert "1 participant :" in words_of(browser.visit(f"{P}/1").find(id="results")).replace("\xa0", " ")


def test_a_code_that_was_given_is_never_given_again(browser, session):
    browser.submit(f"{S}/withdraw", form_key="k")
    page = browser.submit(f"{P}/1/sessions/new", group="0", form_key="new")
    assert words_of(page.h1) == "Séance P2"
    assert db.session.scalars(select(ParticipantCodeRegister.last_participant)).one() == 2


def test_the_trail_says_that_a_session_went_and_of_which_round(browser, session, round_):
    browser.submit(f"{S}/withdraw", form_key="k")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "test_session.withdrawn")).one()
    assert (event.subject, event.subject_id) == ("test_round", round_.id)
    assert (event.facts["number"], event.before, event.after) == (1, {}, {})


def test_it_is_a_right_in_any_state_of_the_project(browser_for, browser, session, project):
    project.stopped_on, project.stop_reason, project.learnings = clock.today(), "r", "l"
    db.session.commit()
    page = browser.visit(S)
    assert page.find("form", id="session") is None
    browser.submit(f"{S}/withdraw", form_key="k")
    assert db.session.scalars(select(TestSession)).all() == []


def test_the_programme_lead_may_and_a_coach_may_not(browser_for, session, project):
    coach = browser_for(make.role(project.id, Role.COACH))
    assert coach.visit(S).find("a", href=f"{S}/withdraw") is None
    coach.visit(f"{S}/withdraw", expect=403)
    coach.submit(f"{S}/withdraw", form_key="k", expect=403)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    lead.submit(f"{S}/withdraw", form_key="k")
    assert db.session.scalars(select(TestSession)).all() == []


def test_asked_twice_it_happens_once(browser, session):
    browser.submit(f"{S}/withdraw", form_key="k")
    browser.submit(f"{S}/withdraw", form_key="other", expect=404)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.OPERATOR, Role.JUROR])
def test_no_role_of_a_programme_that_reads_portfolios_has_a_door(browser_for, session, project, role):
    reader = browser_for(make.role(project.programme_id, role))
    for path in (S, f"{S}/withdraw", f"{S}/link", f"{P}/1", P, f"{P}/1/sessions/new"):
        reader.visit(path, expect=404)
    reader.submit(f"{P}/1/sessions.csv", expect=404)
    for path in ("/", "/portfolio"):
        answer = reader.open(path, method="GET", follow_redirects=True)
        assert TOLD not in answer.text
        assert not re.search(r"\bP1\b", BeautifulSoup(answer.text, "html.parser").get_text(" "))


def test_no_feed_and_no_list_of_the_project_tells_of_a_participant(browser, session, round_):
    attach(browser, session)
    browser.submit(S, **{"s-notes": TOLD, "s-was": ""}, expect=409)
    for path in ("/projects/heron", "/projects/heron/activity", "/", P):
        answer = browser.open(path, method="GET", follow_redirects=True)
        assert answer.status_code == 200
        for trace in (TOLD, "parole", "sessions/1"):
            assert trace not in answer.text, (path, trace)
    history = str(browser.visit(f"{P}/1/history").select_one("#act"))
    assert not any(trace in history for trace in (TOLD, "parole", "sessions/1"))


def test_a_strangers_programme_has_no_door(browser_for, session):
    other = make.project(slug="autre")
    stranger = browser_for(make.role(other.id, Role.TEAM_MEMBER))
    for path in (S, f"{S}/withdraw", f"{S}/link"):
        stranger.visit(path, expect=404)
    stranger.submit(S, **{"s-notes": "x"}, expect=404)
