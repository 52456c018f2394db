"""Concurrent observers and participants, on both engines."""

from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import func, select

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.user_tests.rounds import import_commands as imports
from portal.user_tests.rounds import participant_commands as participants
from portal.user_tests.rounds import session_commands as commands
from portal.user_tests.rounds.import_queries import get_own_import
from portal.user_tests.rounds.merge_rules import SentValue, value_mark
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_commands import SessionInput
from portal.user_tests.rounds.session_entry_commands import TaskAction
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskOutcome, TaskResult, TestSession
from portal.user_tests.rounds.session_queries import read_session
from tests.support import factories as make
from tests.support import hands
from tests.support import user_tests as tests
from tests.support.hands import HANDS


@pytest.fixture
def at_once(app, project, person):
    return partial(hands.at_once, app, project, person)


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_each_participant_gets_a_code_of_their_own(at_once, round_):
    id_ = round_.id

    def begin(actor, project, _n):
        mine = db.session.get_one(TestRound, id_)
        return commands.begin_session(actor, project, mine, None, is_rehearsal=False).code

    assert sorted(at_once(begin)) == [f"P{n}" for n in range(1, HANDS + 1)]


def test_all_that_different_hands_note_is_kept(at_once, round_, person):
    tests.session(round_, person, ended_at=None)
    names = ("ease", "errors", "seconds", "notes", "outcome")
    values = (5, 2, 60, "Hésite.", TaskOutcome.HELPED)

    def note(actor, project, n):
        held = read_session(actor, project, 1)
        typed = {names[n]: SentValue(values[n], value_mark(None))}
        return commands.save_session(actor, project, held, SessionInput({"t1": typed})).clashes

    assert at_once(note, len(names)) == [{}] * len(names)
    db.session.rollback()
    kept = db.session.scalars(select(TaskResult)).one()
    assert tuple(getattr(kept, name) for name in names) == values


def test_of_two_texts_for_one_field_one_is_kept_and_the_others_are_told(at_once, round_, person):
    held = tests.session(round_, person, ended_at=None)
    tests.result(held, tests.task(round_, 3), notes="Au début.")

    def note(actor, project, n):
        mine = read_session(actor, project, 1)
        typed = {"notes": SentValue(f"Par {n}.", value_mark("Au début."))}
        return commands.save_session(actor, project, mine, SessionInput({"t3": typed})).clashes

    told = at_once(note)
    db.session.rollback()
    kept = db.session.scalars(select(TaskResult.notes)).one()
    assert kept.startswith("Par ")
    assert told.count({}) == 1
    assert all(one["t3"]["notes"] == kept for one in told if one)


def test_errors_that_several_count_are_all_counted(at_once, round_, person):
    tests.session(round_, person, ended_at=None)

    def add(actor, project, _n):
        held = read_session(actor, project, 1)
        commands.save_session(actor, project, held, SessionInput(action=(TaskAction.ERROR, 1)))

    at_once(add)
    db.session.rollback()
    assert db.session.scalars(select(TaskResult.errors)).one() == HANDS


def test_of_several_phones_with_one_link_one_answers(at_once, round_, person):
    held = tests.session(round_, person, ended_at=None)
    tests.link(held, person, token="secret")

    def answer(_actor, _project, n):
        opened = participants.find_link_by_token("secret")
        if opened is None or opened.is_used:
            return None
        participants.save_participant_answers(opened, dict.fromkeys(range(1, 11), 1 + n % 5))
        return n

    answered = [one for one in at_once(answer) if not (one is None or isinstance(one, NotFound))]
    assert len(answered) == 1
    assert count(ScaleAnswer) == 10


def test_of_several_who_bring_the_same_file_at_once_one_brings_it_in(at_once, round_, person):
    lines = [tests.line(n, notes=str(n)) for n in (2, 3)]
    files = [tests.results_import(round_, person, *lines).id for _ in range(HANDS)]

    def confirm(actor, project, n):
        mine = db.session.get_one(TestRound, round_id)
        with suppress(RuleBroken):
            return len(
                imports.confirm_results(
                    actor, project, mine, get_own_import(actor, mine, files[n]), is_sure=False
                )
            )

    round_id = round_.id
    assert sorted(filter(None, at_once(confirm))) == [2]
    assert count(TestSession) == 2


def test_a_session_that_is_taken_away_takes_what_is_typed_meanwhile(browser_for, round_, person, project):
    tests.session(round_, person, ended_at=None)
    browser = browser_for(person)
    page = "/projects/heron/tests/sessions/1"
    browser.visit(page)
    browser_for(make.role(project.id, Role.TEAM_MEMBER)).submit(f"{page}/withdraw", form_key="k")
    browser.submit(page, **{"t1-notes": "Trop tard", "t1-was": ""}, expect=404)
    assert (count(TestSession), count(TaskResult)) == (0, 0)
