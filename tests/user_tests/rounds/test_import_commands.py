"""Commands of the import: permissions, expiry, number of statements, audit."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.people.privacy.retention_jobs import apply_retention
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken, TooLate
from portal.user_tests.rounds import import_commands as commands
from portal.user_tests.rounds import import_queries as queries
from portal.user_tests.rounds.import_models import ResultsImport
from portal.user_tests.rounds.session_models import TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.project_file import save
from tests.support.refusals import forbidden


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def staged(round_, person, *lines):
    return tests.results_import(round_, person, *lines)


def test_a_file_is_for_whoever_brought_it_and_for_a_day(member, person, project, round_):
    made = staged(round_, person)
    assert queries.get_own_import(member, round_, made.id) is made
    colleague = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    with pytest.raises(NotFound):
        queries.get_own_import(colleague, round_, made.id)
    with clock.frozen_at(clock.now() + timedelta(hours=24, minutes=1)):
        with pytest.raises(NotFound):
            queries.get_own_import(member, round_, made.id)
        db.session.rollback()
        assert apply_retention() == 1
    db.session.expire_all()
    assert count(ResultsImport) == 0


def test_nothing_comes_in_once_the_round_or_the_project_is_over(member, person, project, round_):
    made = staged(round_, person)
    round_.ended_on = clock.today()
    db.session.commit()
    with pytest.raises(TooLate, match="terminée"):
        commands.confirm_results(member, project, round_, made, is_sure=False)
    round_.ended_on, project.paused_on = None, clock.today()
    db.session.commit()
    with pytest.raises(TooLate, match="pas en cours"):
        commands.confirm_results(member, project, round_, made, is_sure=False)
    reader = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    with forbidden():
        commands.confirm_results(reader, project, round_, made, is_sure=False)
    assert count(TestSession) == 0


def test_a_round_that_asks_something_else_by_now_reads_the_file_anew(member, person, project, round_):
    made = staged(round_, person)
    tests.task(round_, 9)
    with pytest.raises(RuleBroken, match="ont changé"):
        commands.confirm_results(member, project, round_, made, is_sure=False)


def test_codes_go_on_after_those_that_were_given(member, person, project, round_):
    tests.session(round_, person)
    save(TestSession(project_id=project.id, number=40, round_id=round_.id, observer_id=person.id))
    lines = [tests.line(n, notes=str(n)) for n in (2, 3, 4)]
    made = commands.confirm_results(member, project, round_, staged(round_, person, *lines), is_sure=False)
    assert [one.code for one in made] == ["P41", "P42", "P43"]


def test_fifty_lines_cost_hardly_more_statements_than_one(member, person, project, round_, statements):
    def cost(*lines):
        made = staged(round_, person, *lines)
        statements.clear()
        commands.confirm_results(member, project, round_, made, is_sure=False)
        db.session.commit()
        return len(statements)

    one = cost(tests.line(2, notes="seul"))
    fifty = cost(*[tests.line(n, notes=str(n)) for n in range(2, 52)])
    assert fifty <= one + 2


def test_the_trail_tells_of_the_round_and_of_nobody(member, person, project, round_):
    line = tests.line(notes="violette", consent_on="2026-03-12")
    commands.confirm_results(member, project, round_, staged(round_, person, line), is_sure=False)
    db.session.commit()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "test_sessions.imported")).one()
    assert (event.subject_id, event.before, event.after) == (round_.id, {}, {})
    assert event.facts.keys() == {"number", "path"}
