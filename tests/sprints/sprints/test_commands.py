from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.project.projects.revision_queries import list_revisions
from portal.sprints.sprints import commands, labels, policy, queries
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.models import BlockerKind, SprintOutcome, SprintState
from tests.support import factories as make
from tests.support.refusals import forbidden

PLAN = SprintPlan(goal="Lire 100 lettres", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 13), capacity=12)
LOG = SprintLog(
    outcome=SprintOutcome.PARTLY,
    summary="60 lettres lues.",
    shown="",
    shown_to="",
    shown_link="",
    learnt="",
    indicator="Rappel",
    indicator_before=0.48,
    indicator_after=0.61,
    test_set_size=120,
    blocker=BlockerKind.DATA_ACCESS,
    blocker_text="Les lettres de 2012 manquent.",
    help_wanted=True,
    decision_awaited="",
    outlook=None,
    outlook_note="",
    next_goal="Lire le reste",
)


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def trail(subject) -> list[AuditEvent]:
    events = sa.select(AuditEvent).where(AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(events.order_by(AuditEvent.id)))


def test_sprints_are_numbered_in_order(project, member):
    later = replace(PLAN, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 27))
    assert [commands.plan_sprint(member, project, plan).number for plan in (PLAN, later)] == [1, 2]


def test_a_sprint_goes_from_planned_to_active_to_closed(project, member):
    sprint = commands.plan_sprint(member, project, PLAN)
    assert sprint.state is SprintState.PLANNED
    commands.start_sprint(member, project, sprint)
    assert sprint.state is SprintState.ACTIVE
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    db.session.commit()
    assert sprint.state is SprintState.CLOSED
    assert (sprint.indicator_after, sprint.help_wanted) == (0.61, True)
    assert [event.action for event in trail(sprint)] == ["sprint.planned", "sprint.started", "sprint.closed"]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 3, 13), date(2026, 3, 20), "starts_on"),  # shares the last day
        (date(2026, 2, 20), date(2026, 3, 2), "starts_on"),  # shares the first day
        (date(2026, 3, 4), date(2026, 3, 5), "starts_on"),  # inside
        (date(2026, 2, 20), date(2026, 3, 20), "starts_on"),  # around
        (date(2026, 5, 4), date(2026, 5, 3), "ends_on"),  # backwards
        (date(2026, 5, 4), date(2026, 7, 30), "ends_on"),  # endless
    ],
)
def test_dates_that_do_not_hold_are_refused_beside_their_field(project, member, first, last, field):
    commands.plan_sprint(member, project, PLAN)
    with pytest.raises(RuleBroken) as refused:
        commands.plan_sprint(member, project, replace(PLAN, starts_on=first, ends_on=last))
    assert refused.value.field == field


def test_sprints_of_other_projects_may_share_the_days(project, member):
    commands.plan_sprint(member, project, PLAN)
    other = make.project()
    somebody = make.actor(make.role(other.id, Role.TEAM_LEAD))
    assert commands.plan_sprint(somebody, other, PLAN).number == 1


def test_one_sprint_is_active_at_a_time(project, member):
    make.active_sprint(project)
    sprint = make.sprint(project, number=2)
    with pytest.raises(RuleBroken, match="Le sprint 1 est en cours"):
        commands.start_sprint(member, project, sprint)


def test_the_database_itself_refuses_a_second_active_sprint(project):
    make.active_sprint(project)
    with pytest.raises(sa.exc.IntegrityError):
        make.active_sprint(project, number=2)


def test_a_plan_keeps_its_own_days_when_it_is_edited(project, member):
    sprint = commands.plan_sprint(member, project, PLAN)
    longer = replace(PLAN, ends_on=PLAN.ends_on + timedelta(days=2))
    commands.edit_plan(member, project, sprint, longer, sprint.version)
    assert trail(sprint)[-1].before == {"ends_on": "2026-03-13"}
    assert trail(sprint)[-1].after == {"ends_on": "2026-03-15"}


def test_a_stale_save_is_refused(project, member):
    sprint = make.active_sprint(project)
    seen = sprint.version
    commands.save_log_draft(member, project, sprint, LOG, seen)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.close_sprint(member, project, sprint, LOG, seen)


@pytest.mark.parametrize(
    ("field", "log"), [("outcome", replace(LOG, outcome=None)), ("summary", replace(LOG, summary=""))]
)
def test_a_close_asks_for_the_outcome_and_one_line(project, member, field, log):
    sprint = make.active_sprint(project)
    with pytest.raises(RuleBroken) as refused:
        commands.close_sprint(member, project, sprint, log, sprint.version)
    assert refused.value.field == field


def test_a_draft_leaves_no_text_in_the_trail_and_the_close_tells_all(project, member):
    sprint = make.active_sprint(project)
    commands.save_log_draft(member, project, sprint, LOG, sprint.version)
    assert (trail(sprint)[-1].before, trail(sprint)[-1].after) == ({}, {})
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    assert trail(sprint)[-1].after["summary"] == "60 lettres lues."


def test_a_log_mended_afterwards_keeps_what_it_said(project, member):
    sprint = make.closed_sprint(project, summary="60 lettres lues.")
    mended = replace(LOG, summary="62 lettres lues.")
    commands.edit_log(member, project, sprint, mended, sprint.version)
    db.session.commit()
    newest = list_revisions([sprint.id], policy.HISTORY_ACTIONS)[0]
    assert newest.changes["summary"] == ("60 lettres lues.", "62 lettres lues.")


def test_saving_a_log_without_a_change_leaves_no_trace(project, member):
    sprint = make.active_sprint(project)
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    before = len(trail(sprint))
    commands.edit_log(member, project, sprint, LOG, sprint.version)
    assert len(trail(sprint)) == before


def test_a_plan_that_was_never_started_may_go(project, member):
    sprint = commands.plan_sprint(member, project, PLAN)
    commands.drop_sprint(member, project, sprint)
    db.session.commit()
    assert queries.get_sprint_overview(member, project).planned == []


def test_a_plan_that_people_talk_about_stays(project, member):
    sprint = commands.plan_sprint(member, project, PLAN)
    make.comment(sprint.discussion_id, make.person())
    with pytest.raises(RuleBroken):
        commands.drop_sprint(member, project, sprint)


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_others_do_not_write_in_the_teams_name(project, role):
    actor = make.actor(make.holder(role, project))
    sprint = make.active_sprint(project)
    with forbidden():
        commands.plan_sprint(actor, project, PLAN)
    with forbidden():
        commands.close_sprint(actor, project, sprint, LOG, sprint.version)
    with forbidden():
        commands.save_log_draft(actor, project, sprint, LOG, sprint.version)


def test_the_next_sprint_is_suggested_right_after_the_last(project):
    sprint = make.sprint(project, starts_on=date(2030, 3, 4), ends_on=date(2030, 3, 15))
    assert queries.suggest_sprint_dates(project) == (date(2030, 3, 16), date(2030, 3, 27))
    assert sprint.number == 1


def test_a_sprint_closed_early_frees_its_days(project, member):
    today = clock.today()
    dates = {"starts_on": today - timedelta(days=5), "ends_on": today + timedelta(days=9)}
    sprint = make.active_sprint(project, **dates)
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    assert sprint.ends_on == today
    assert trail(sprint)[-1].before["ends_on"] == dates["ends_on"].isoformat()
    tomorrow = today + timedelta(days=1)
    following = replace(PLAN, starts_on=tomorrow, ends_on=tomorrow + timedelta(days=13))
    assert commands.plan_sprint(member, project, following).number == 2


def test_a_sprint_started_early_begins_today(project, member):
    today = clock.today()
    sprint = make.sprint(project, starts_on=today + timedelta(days=20), ends_on=today + timedelta(days=30))
    commands.start_sprint(member, project, sprint)
    assert sprint.starts_on == today


def test_a_sprint_started_early_begins_after_what_ended_today(project, member):
    today = clock.today()
    make.closed_sprint(project, starts_on=today - timedelta(days=9), ends_on=today)
    days = {"starts_on": today + timedelta(days=5), "ends_on": today + timedelta(days=9)}
    sprint = make.sprint(project, number=2, **days)
    means = labels.list_start_sentences(sprint, queries.suggest_start_dates(project, sprint), today)
    assert means[0].endswith("c’est 4 jours plus tôt.")  # from its new first day, not from today
    assert "Aujourd’hui est encore du sprint précédent" in means[1]
    commands.start_sprint(member, project, sprint)
    assert (sprint.starts_on, sprint.ends_on) == (today + timedelta(days=1), today + timedelta(days=5))


def test_a_sprint_started_early_leaves_other_plans_their_days(project, member):
    today = clock.today()
    between = today + timedelta(days=7)
    make.sprint(project, starts_on=between, ends_on=between)
    days = {"starts_on": today + timedelta(days=20), "ends_on": today + timedelta(days=30)}
    sprint = make.sprint(project, number=2, **days)
    commands.start_sprint(member, project, sprint)
    assert sprint.starts_on == days["starts_on"]


def close(member, project, sprint):
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    db.session.commit()
    return sprint.starts_on, sprint.ends_on


def test_a_sprint_closed_before_its_first_day_was_today(project, member):
    today = clock.today()
    days = {"starts_on": today + timedelta(days=3), "ends_on": today + timedelta(days=12)}
    sprint = make.active_sprint(project, **days)
    assert close(member, project, sprint) == (today, today)
    assert trail(sprint)[-1].before["starts_on"] == days["starts_on"].isoformat()
    assert trail(sprint)[-1].after["starts_on"] == today.isoformat()
    later = replace(PLAN, starts_on=days["starts_on"], ends_on=days["ends_on"])
    assert commands.plan_sprint(member, project, later).number == 2


def test_where_another_sprint_has_today_it_keeps_one_day_that_nobody_has(project, member):
    today = clock.today()
    first = make.active_sprint(project, starts_on=today - timedelta(days=9), ends_on=today)
    assert close(member, project, first)[1] == today
    days = {"starts_on": today + timedelta(days=3), "ends_on": today + timedelta(days=12)}
    second = make.sprint(project, number=2, **days)
    commands.start_sprint(member, project, second)
    db.session.commit()
    tomorrow = today + timedelta(days=1)
    assert close(member, project, second) == (tomorrow, tomorrow)
    following = tomorrow + timedelta(days=1)
    commands.plan_sprint(member, project, replace(PLAN, starts_on=following, ends_on=days["ends_on"]))
