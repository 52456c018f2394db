"""Removal of a round without sessions, and its audit line."""

import pytest
from sqlalchemy import func, select

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.user_tests.rounds import commands, removal_commands
from portal.user_tests.rounds.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.queries import get_tested_version
from portal.user_tests.rounds.session_queries import list_selectable_groups
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import attachment
from tests.support.refusals import forbidden

P = "/projects/heron/tests"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_it_goes_with_its_tasks_and_the_trail_keeps_what_it_was(browser_for, person, round_):
    id_ = round_.id
    browser = browser_for(person)
    page = browser.submit(f"{P}/1/remove", form_key="k")
    assert "Série 1 supprimée." in words_of(page.main)
    for model in (TestRound, TestTask, RoundGroup, ConsentText):
        assert count(model) == 0, model
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "round.removed")).one()
    assert (event.subject_id, event.facts["number"]) == (id_, 1)
    assert (event.before["title"], event.before["version"]) == ("Lire la carte", 1)
    assert "a supprimé la série de tests 1" in words_of(browser.visit("/projects/heron/activity").main)


def test_a_copy_of_it_follows_the_round_before(member, project, round_):
    second = commands.copy_round(member, project, round_, get_tested_version(round_), "deux")
    third = commands.copy_round(member, project, second, get_tested_version(round_), "trois")
    removal_commands.remove_round(member, project, second)
    db.session.commit()
    assert third.follows_id == round_.id


@pytest.mark.parametrize(
    "given", [{}, {"is_rehearsal": True}, {"consent_on": None, "started_at": None, "ended_at": None}]
)
def test_a_round_with_a_session_stays_whatever_became_of_it(member, person, project, round_, given):
    tests.session(round_, person, **given)
    with pytest.raises(TooLate, match="a des séances"):
        removal_commands.remove_round(member, project, round_)


def test_its_page_offers_it_while_it_may_go(browser_for, person, round_):
    browser = browser_for(person)
    assert browser.visit(f"{P}/1").find("a", href=f"{P}/1/remove")
    tests.session(round_, person, is_rehearsal=True)
    assert browser.visit(f"{P}/1").find("a", href=f"{P}/1/remove") is None
    browser.visit(f"{P}/1/remove", expect=403)


def test_a_round_whose_sessions_were_purged_stays(member, project, round_):
    tests.tallied(round_, tests.task(round_, 3), list_selectable_groups(round_)[0])
    with pytest.raises(TooLate):
        removal_commands.remove_round(member, project, round_)


def test_what_people_said_or_brought_keeps_it(member, person, project, round_):
    made = attachment(project, round_, person)
    with pytest.raises(RuleBroken, match="fichiers"):
        removal_commands.remove_round(member, project, round_)
    made.removed_at, made.removed_by_id = clock.now(), person.id
    make.comment(round_.discussion_id, person)
    with pytest.raises(RuleBroken, match="messages"):
        removal_commands.remove_round(member, project, round_)


def test_findings_noted_in_it_keep_it(browser_for, person, round_):
    tests.finding(round_)
    page = browser_for(person).submit(f"{P}/1/remove", form_key="k", expect=422)
    assert "Des constats s’y rattachent" in words_of(page.main)
    assert (count(TestRound), count(TestTask)) == (1, 2)


def test_it_is_the_teams_while_the_project_goes_on(member, project, round_):
    reader = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    with forbidden():
        removal_commands.remove_round(reader, project, round_)
    project.paused_on = clock.today()
    with pytest.raises(TooLate):
        removal_commands.remove_round(member, project, round_)
