"""What is written back holds what the letters say, and is seen by leads without a conflict alone."""

import pytest
from limits import parse

from portal.api.tokens import bearer_api
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db
from portal.selection.applications import commands as applications
from portal.selection.applications.models import LeadConflict
from portal.selection.calls.models import Call
from portal.selection.jury.models import JurorScore
from portal.selection.source_replies import commands, jobs
from tests.selection.canaries import CONFLICT, MESSAGE, SCORE, outsiders
from tests.selection.doors import answer, open_with_token
from tests.support import calls as some
from tests.support import factories as make
from tests.support import instruction
from tests.support.calls import Role

PAGE = "/programmes/ami/calls/1/imports/replies"
PLACES = "/api/v1/programmes/ami/calls/1/replies"
DOORS = (PAGE, PLACES, f"{PLACES}/setting", f"{PLACES}/proposable")
LETTER = "Ne se devine pas"  # in the reasons of the decisions

# Independent of the database: what a statement selects is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def no_rate(monkeypatch):
    """One network opens all doors within a minute."""
    monkeypatch.setattr(bearer_api, "NETWORK_RATE", parse("100000 per minute"))


@pytest.fixture
def scene(published, lead, other, programme):
    """Replies proposed, with a canary in each comment and message; the first application has a
    conflict of a third lead. Returns that lead and the title of the application."""
    published = db.session.merge(published)
    for score in db.session.query(JurorScore):
        score.justification = SCORE
    first = some.applications_of(published)[0]
    applications.write_message(other, some.load(other, first), MESSAGE)
    third = make.role(published.programme_id, Role.PROGRAMME_LEAD)
    db.session.add(LeadConflict(application_id=first.id, person_id=third.id, reason=CONFLICT))
    commands.propose_replies(lead, published)
    db.session.commit()
    return third, first.title


def read(browser):
    return "".join(answer(browser, door)[2] for door in DOORS)


def test_what_leaves_is_what_the_letters_say(scene, published, other, site):
    published = db.session.merge(published)
    commands.approve_replies(other, published)
    db.session.commit()
    assert jobs.send_due_replies() == 3
    told = [text for _number, _name, text, _mails in instruction.DECISIONS]
    told += [text for dossier in site.dossiers for text in dossier.annotations.values()]
    assert any(LETTER in text for text in told)
    assert not [text for text in told for word in (SCORE, MESSAGE, CONFLICT) if word in text]


def test_nobody_outside_reads_a_reply(scene, published, jurors, browser_for, tell):
    _third, title = scene
    call = db.session.merge(published)
    people = outsiders(db.session.get_one(Programme, call.programme_id), call)
    people |= {f"juror {n}": db.session.merge(each) for n, each in enumerate(jurors)}
    for name, person in people.items():
        browser = open_with_token(browser_for, person)
        answers = [answer(browser, door) for door in DOORS]
        assert {status for status, _place, _text in answers} <= {303, 401, 404}, name
        texts = "".join(text for _status, _place, text in answers)
        assert not [word for word in (title, LETTER, SCORE, MESSAGE, CONFLICT) if word in texts], name
    tell("reply doors", tried=len(people) * len(DOORS))


def test_a_lead_in_conflict_reads_nothing_of_a_reply(scene, published, other, browser_for):
    third, title = scene
    shut_out = open_with_token(browser_for, third)
    free = open_with_token(browser_for, db.session.get_one(Person, other.person_id))
    before = read(shut_out)
    assert title not in before
    assert LETTER in before  # of the others
    assert title in read(free)
    assert not [word for word in (SCORE, MESSAGE, CONFLICT) if word in before + read(free)]
    replies = commands.queries.list_replies(other, db.session.get_one(Call, published.id))
    db.session.delete(next(reply for reply, application in replies if application.title == title))
    db.session.commit()
    assert read(shut_out) == before  # no count tells, either
