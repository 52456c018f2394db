"""Undoing a start or a close within the hour; snapshots stay, and burndowns tell nothing of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.coaching.clinics.commands import claim_request
from portal.oversight.health.commands import declare_weather
from portal.oversight.health.opinion_queries import list_weathers
from portal.oversight.health.queries import find_last_reading
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.projects.models import ProjectFigures
from portal.project.projects.revision_queries import list_revisions
from portal.sprints.backlog import commands as items
from portal.sprints.backlog import move_commands, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, ItemEvent, Snapshot, SnapshotMoment, SpillTarget
from portal.sprints.sprints import commands, figure_queries, policy, undo_commands
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind, SprintState
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.sprints.sprints.test_commands import LOG, PLAN
from tests.support import ceremonies
from tests.support import factories as make
from tests.support.refusals import forbidden

PLAIN = replace(LOG, help_wanted=False)
ZONE = "Europe/Paris"


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


@pytest.fixture
def sprint(project, member):
    """Planned around today, with three items of 3, 5 and no points."""
    today = clock.today()
    plan = replace(PLAN, starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9))
    planned = commands.plan_sprint(member, project, plan)
    texts = [ItemFacts(title=f"{n}", points=points) for n, points in ((1, 3), (2, 5), (3, None))]
    items.add_items(member, project, texts, make.iteration_of(planned))
    db.session.commit()
    return planned


def item(project, number: int) -> Item:
    db.session.expire_all()
    return db.session.scalars(
        sa.select(Item).where(Item.project_id == project.id, Item.number == number)
    ).one()


def set_state(member, project, number: int, state: ItemState, reason: str = "") -> None:
    one = item(project, number)
    state_commands.set_item_state(member, project, ItemAtVersion(one, one.version), state, reason)
    db.session.commit()


def start(member, project, sprint) -> None:
    commands.start_sprint(member, project, sprint)
    db.session.commit()


def undo(member, project, sprint) -> None:
    undo_commands.undo_start_or_close(member, project, sprint, sprint.version)
    db.session.commit()


def close(member, project, sprint, **spills: SpillTarget) -> None:
    chosen = {int(name.removeprefix("n")): spill for name, spill in spills.items()}
    commands.close_sprint(member, project, sprint, PLAIN, sprint.version, spills=chosen)
    db.session.commit()


def count_snapshots(sprint, moment: SnapshotMoment) -> int:
    same = Snapshot.iteration_id == sprint.id, Snapshot.moment == moment
    return db.session.scalar(sa.select(sa.func.count()).select_from(Snapshot).where(*same)) or 0


def test_a_start_that_was_a_mistake_is_undone_with_its_days(project, member, sprint):
    days = sprint.starts_on, sprint.ends_on
    commands.start_sprint(member, project, sprint, clock.today() + timedelta(days=20))
    db.session.commit()
    assert (sprint.starts_on, sprint.ends_on) == (clock.today(), clock.today() + timedelta(days=20))
    undo(member, project, sprint)
    assert sprint.state is SprintState.PLANNED
    assert (sprint.starts_on, sprint.ends_on) == days
    assert not make.iteration_of(sprint).is_active
    newest = list_revisions([sprint.id], policy.HISTORY_ACTIONS)[0]
    assert newest.action == "sprint.start_undone"
    assert newest.changes["starts_on"] == (clock.today().isoformat(), days[0].isoformat())
    assert db.session.get(ProjectFigures, project.id).running_number is None


def test_a_second_start_counts_from_its_own_snapshot(project, member, sprint):
    start(member, project, sprint)
    undo(member, project, sprint)
    items.add_items(member, project, [ItemFacts(title="4", points=2)], make.iteration_of(sprint))
    db.session.commit()
    start(member, project, sprint)
    assert count_snapshots(sprint, SnapshotMoment.START) == 2  # the first stays as it was
    figures = figure_queries.read_figures(member, project, ZONE)
    assert figures.selected_sprint.committed_points == 10
    assert [figures.burndown[0].scope, figures.burndown[-1].added] == [10, 0]


@pytest.mark.parametrize("deed", ["state", "draft", "ceremony", "hour", "version"])
def test_a_start_stays_once_something_was_done(project, member, sprint, deed):
    start(member, project, sprint)
    version = sprint.version
    refusal = RuleBroken
    if deed == "state":
        set_state(member, project, 1, ItemState.BLOCKED, "Il manque l’accès.")
    elif deed == "draft":
        commands.save_log_draft(member, project, sprint, PLAIN, sprint.version)
        version = sprint.version
    elif deed == "ceremony":
        ceremonies.demonstration(project, sprint)
    elif deed == "hour":
        sprint.started_at = clock.now() - timedelta(minutes=61)
        db.session.commit()
        version, refusal = sprint.version, TooLate
    else:
        version, refusal = sprint.version + 1, Conflict
    with pytest.raises(refusal):
        undo_commands.undo_start_or_close(member, project, sprint, version)


def test_only_the_team_undoes(project, sprint, member):
    start(member, project, sprint)
    coach = make.actor(make.role(project.id, Role.COACH))
    with forbidden():
        undo_commands.undo_start_or_close(coach, project, sprint, sprint.version)


@pytest.mark.parametrize("with_next", [True, False])
def test_a_close_is_undone_as_if_it_had_not_been(project, member, sprint, with_next):
    if with_next:
        later = {
            "starts_on": sprint.ends_on + timedelta(days=1),
            "ends_on": sprint.ends_on + timedelta(days=9),
        }
        commands.plan_sprint(member, project, replace(PLAN, **later))
    start(member, project, sprint)
    set_state(member, project, 1, ItemState.DONE)
    set_state(member, project, 2, ItemState.DOING)
    before = figure_queries.read_figures(member, project, ZONE).burndown[-1]
    days = sprint.starts_on, sprint.ends_on
    close(member, project, sprint, n3=SpillTarget.DROPPED)
    assert sprint.ends_on == clock.today()
    undo(member, project, sprint)
    assert sprint.state is SprintState.ACTIVE
    assert (sprint.starts_on, sprint.ends_on) == days
    assert [item(project, n).state for n in (1, 2, 3)] == ["done", "doing", "to_do"]
    assert {item(project, n).iteration_id for n in (1, 2, 3)} == {sprint.id}
    assert item(project, 3).gone_at is None
    assert (sprint.summary, sprint.drafted_at is not None) == (PLAIN.summary, True)
    after = figure_queries.read_figures(member, project, ZONE).burndown[-1]
    assert replace(after, at=before.at) == before  # nothing left the scope and came back
    figures = db.session.get(ProjectFigures, project.id)
    db.session.refresh(figures)
    assert (figures.running_number, figures.last_number) == (sprint.number, None)
    assert find_last_reading(project.id).facts.work.last is None


def test_a_sprint_closed_again_has_the_figures_of_its_last_close(project, member, sprint):
    start(member, project, sprint)
    planned_to = sprint.ends_on
    close(member, project, sprint)
    undo(member, project, sprint)
    set_state(member, project, 2, ItemState.DONE)
    close(member, project, sprint)
    assert count_snapshots(sprint, SnapshotMoment.CLOSE) == 2
    closed = figure_queries.read_figures(member, project, ZONE).selected_sprint
    assert (closed.items, closed.done_items, closed.finished_points) == (3, 1, 5)
    assert closed.planned_to == planned_to
    line = figure_queries.read_figures(member, project, ZONE).burndown[-1]
    assert (line.scope, line.completed, line.removed) == (8, 5, 0)


def test_a_close_undone_leaves_the_weather_that_was_before(project, member, sprint):
    lead = make.actor(make.role(project.id, Role.TEAM_LEAD))
    declare_weather(lead, project, OutlookLevel.CLOUDY, "Avant.")
    db.session.commit()
    start(member, project, sprint)
    for _again in range(2):
        stormy = replace(PLAIN, outlook=OutlookLevel.STORMY)
        commands.close_sprint(member, project, sprint, stormy, sprint.version)
        db.session.commit()
        assert list_weathers(project)[0].outlook is OutlookLevel.STORMY
        undo(member, project, sprint)
        assert [weather.sentence for weather in list_weathers(project)] == ["Avant."]
        assert db.session.get(ProjectFigures, project.id).outlook == ""


def test_a_close_undone_withdraws_its_request_for_help_while_nobody_took_it(project, member, sprint):
    start(member, project, sprint)
    asking = replace(PLAIN, help_wanted=True, blocker_text="Le prestataire est parti.")
    commands.close_sprint(member, project, sprint, asking, sprint.version)
    db.session.commit()
    assert not undo_commands.explain_undo_obstacle(project, sprint)
    assert db.session.get_one(ProjectFigures, project.id).help_wanted
    undo(member, project, sprint)
    assert sprint.help_requested_at is None
    assert (sprint.help_wanted, sprint.blocker_text) == (True, asking.blocker_text)  # the draft keeps it
    db.session.expire_all()
    assert not db.session.get_one(ProjectFigures, project.id).help_wanted
    commands.close_sprint(member, project, sprint, asking, sprint.version)
    db.session.commit()
    assert sprint.help_requested_at == sprint.closed_at


def close_with(member, project, sprint, **log) -> None:
    commands.close_sprint(member, project, sprint, replace(PLAIN, **log), sprint.version)
    db.session.commit()


def test_a_request_completed_after_the_close_has_the_words_of_the_next_close(project, member, sprint):
    start(member, project, sprint)
    close_with(member, project, sprint, help_wanted=True, blocker_text="X")
    ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Y", expected_version=sprint.version)
    undo(member, project, sprint)
    assert (sprint.blocker, sprint.blocker_text) == (BlockerKind.PEOPLE, "Y")  # the draft keeps them
    close_with(member, project, sprint, help_wanted=True, blocker_text="Z")
    assert (sprint.request_blocker, sprint.request_text) == (PLAIN.blocker, "Z")


def test_a_close_undone_brings_back_the_request_that_it_withdrew(project, member, sprint):
    start(member, project, sprint)
    ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Y", expected_version=sprint.version)
    db.session.commit()
    asked_at = sprint.help_asked_at
    close_with(member, project, sprint)
    assert not db.session.get_one(ProjectFigures, project.id).help_wanted
    undo(member, project, sprint)
    db.session.expire_all()
    assert (sprint.help_asked_at, sprint.help_wanted) == (asked_at, True)
    assert db.session.get_one(ProjectFigures, project.id).help_wanted
    close_with(member, project, sprint, help_wanted=True)
    undo(member, project, sprint)
    assert sprint.help_asked_at == asked_at


def test_whoever_took_a_request_keeps_its_words_where_the_log_withdraws_it(project, member, sprint):
    start(member, project, sprint)
    close_with(member, project, sprint)
    for taken in (False, True):
        ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Y", expected_version=sprint.version)
        db.session.commit()
        if taken:
            claim_request(make.actor(make.role(project.id, Role.COACH)), project, sprint, 0)
            db.session.commit()
        commands.edit_log(member, project, sprint, PLAIN, sprint.version)
        db.session.commit()
        assert sprint.help_requested_at is None
        assert sprint.request_text == ("Y" if taken else PLAIN.blocker_text)


@pytest.mark.parametrize("deed", ["item", "next", "help", "decision"])
def test_a_close_stays_once_something_followed_it(project, member, sprint, deed):
    start(member, project, sprint)
    asked = {"help": {"help_wanted": True}, "decision": {"decision_awaited": "Ouvrir les archives."}}
    commands.close_sprint(member, project, sprint, replace(PLAIN, **asked.get(deed, {})), sprint.version)
    db.session.commit()
    if deed == "help":
        claim_request(make.actor(make.role(project.id, Role.COACH)), project, sprint, 0)
        db.session.commit()
    if deed == "item":
        one = item(project, 2)
        move_commands.place_item(
            member, project, ItemAtVersion(one, one.version), items.order_commands.ItemPosition.BOTTOM
        )
    elif deed == "next":
        start(
            member,
            project,
            make.sprint(project, number=2, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 8)),
        )
    before = db.session.scalar(sa.select(sa.func.count()).select_from(ItemEvent))
    with pytest.raises(RuleBroken):
        undo_commands.undo_start_or_close(member, project, sprint, sprint.version)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ItemEvent)) == before
    assert sprint.state is SprintState.CLOSED
