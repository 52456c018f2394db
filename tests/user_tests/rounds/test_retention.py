"""The worker deletes sessions after retention; the figures stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project
from portal.user_tests.findings.models import Finding, Sighting
from portal.user_tests.reports.purge_jobs import purge_due_test_data
from portal.user_tests.rounds.figure_queries import read_round_figures
from portal.user_tests.rounds.models import RoundScale, TestRound
from portal.user_tests.rounds.queries import list_tasks, read_round
from portal.user_tests.rounds.session_models import (
    ParticipantCodeRegister,
    ScaleAnswer,
    TaskOutcome,
    TaskResult,
    TestSession,
)
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import group, version

OVER = date(2026, 3, 31)
TIMES = (31, 45, 62, 90)


@pytest.fixture
def round_(project, person):
    made = tests.planned(project)
    first, second = list_tasks(made)
    aimed = group(project)
    for n, seconds in enumerate(TIMES):
        held = tests.session(made, person, target_group_id=aimed.id if n else None)
        tests.result(held, first, seconds=seconds, ease=4 + n % 3, errors=n)
        tests.result(held, second, outcome=list(TaskOutcome)[n], seconds=None, ease=None, errors=None)
        tests.answers(held, *[3 + (n % 2)] * 10)
    rehearsal = tests.session(made, person, is_rehearsal=True)
    tests.result(rehearsal, first, seconds=999)
    return made


def finish(project, day=OVER):
    project.finished_on = day
    db.session.commit()


def purge(day):
    with clock.frozen_at(clock.now().replace(year=day.year, month=day.month, day=day.day, hour=12)):
        return purge_due_test_data(clock.now())


@pytest.fixture
def id_(round_):
    return round_.id


def tried(id_):
    """Commit first: the worker uses transactions of its own."""
    db.session.expire_all()
    return db.session.scalars(select(TestRound).where(TestRound.id == id_)).one()


def figures(id_):
    return read_round_figures(tried(id_), list_tasks(tried(id_)))


def test_nothing_goes_a_day_too_early(project, round_):
    finish(project)
    assert purge(date(2027, 3, 30)) == 0
    assert db.session.scalar(select(func.count()).select_from(TestSession)) == 5


def test_sessions_go_and_the_figures_stay_the_same(project, id_):
    finish(project)
    before = figures(id_)
    assert purge(date(2027, 3, 31)) == 5
    after = figures(id_)
    for model in (TestSession, TaskResult, ScaleAnswer):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    assert after.is_purged
    assert not before.is_purged
    assert after.sums == before.sums
    assert after.scale == before.scale
    for was, now in zip(before.tasks, after.tasks, strict=True):
        assert now.figures.completion == was.figures.completion
        assert now.figures.ease == was.figures.ease
        assert (now.figures.errors, now.figures.helped) == (was.figures.errors, was.figures.helped)
    was, now = before.tasks[0].figures.time, after.tasks[0].figures.time
    assert now.seconds == pytest.approx(was.seconds)
    assert now.interval.high == pytest.approx(was.interval.high)
    assert count_sessions() == 4


def count_sessions():
    project = db.session.scalars(select(Project)).one()
    lead = Actor(make.person().id, {project.id: frozenset({Role.TEAM_LEAD})})
    return read_round(lead, project, 1).sessions


def test_the_page_says_so_and_tells_the_same_figures(project, round_, browser_for, person):
    browser = browser_for(person)
    before = words_of(browser.visit("/projects/heron/tests/1").select_one("#numbers table"))
    finish(project)
    purge(date(2027, 4, 1))
    page = browser.visit("/projects/heron/tests/1")
    part = page.find(id="results")
    assert "Le temps de conservation est écoulé" in words_of(part)
    assert words_of(part.select_one("#numbers table")) == before


def test_the_programme_says_how_long(project, round_):
    programme = db.session.scalars(select(Programme)).one()
    programme.test_retention = 1
    finish(project)
    assert purge(date(2026, 4, 29)) == 0
    assert purge(date(2026, 4, 30)) == 5


def test_a_project_that_goes_on_or_rests_keeps_its_sessions(project, round_):
    project.paused_on = OVER
    db.session.commit()
    assert purge(date(2036, 1, 1)) == 0


def test_it_leaves_a_trace_of_the_fact_and_the_register(project, round_):
    finish(project)
    purge(date(2027, 4, 1))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "test_sessions.purged")).one()
    assert (event.actor_id, event.facts, event.before) == (None, {"count": 5}, {})
    register = db.session.scalars(select(ParticipantCodeRegister)).one()
    assert register.purged_at is not None
    assert register.last_participant == 5


def test_findings_keep_in_how_many_sessions_they_were_seen(project, round_, person):
    found = tests.finding(round_)
    held = db.session.scalars(select(TestSession).order_by(TestSession.number)).all()
    other = make.role(project.id, Role.TEAM_MEMBER)
    for one in (*held[:2], held[4]):  # the last one is a rehearsal
        tests.seen(found, one, person)
    tests.seen(found, held[0], other)
    finish(project)
    purge(date(2027, 4, 1))
    assert db.session.scalars(select(Finding.purged_session_count)).one() == 2
    assert db.session.scalars(select(Sighting)).all() == []


def test_done_twice_it_changes_nothing(project, id_):
    finish(project)
    purge(date(2027, 4, 1))
    once = figures(id_).sums
    assert purge(date(2027, 4, 2)) == 0
    assert figures(id_).sums == once


def test_sessions_that_came_after_a_purge_count_with_what_was_kept(project, id_):
    whole = figures(id_)
    finish(project)
    purge(date(2027, 4, 1))
    held = tests.session(tried(id_), db.session.scalars(select(Person)).first())
    tests.result(held, list_tasks(tried(id_))[0], seconds=50)
    assert figures(id_).sums.sessions == 5
    assert purge(date(2027, 4, 2)) == 1
    after = figures(id_)
    assert after.sums.sessions == 5
    assert after.tasks[0].figures.completion.n == whole.tasks[0].figures.completion.n + 1
    assert after.tasks[0].figures.time.n == 5


def test_umux_lite_is_kept_too(project, person):
    made = tests.round_(project, version(project), scale=RoundScale.UMUX_LITE)
    held = tests.session(made, person)
    tests.answers(held, 7, 4)
    made_id = made.id
    before = figures(made_id).scale
    finish(project)
    purge(date(2027, 4, 1))
    assert figures(made_id).scale == before


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
        (date(2026, 6, 15), 60, date(2031, 6, 15)),
    ],
)
def test_months_end_where_the_month_ends(day, months, then):
    assert months_after(day, months) == then
    assert then - day < timedelta(days=31 * months + 1)
