"""Teams of a lead's programmes without a coach, or whose contact with one is on alert, in nobody's
charge."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, load_only

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.queries import read_states
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot, count_silent_days_by_track
from portal.oversight.health.team_signal_rules import COACH_ROLE
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Track
from portal.people.programmes.policy import COACHES
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.project.projects.to_decide_rules import WaitingLineProject

_NO_CONTACT, _KEY_ROLE = SignalCode.NO_CONTACT, SignalCode.KEY_ROLE


@dataclass(frozen=True)
class TeamWithSilentCoach:
    """The signal of a team without contact on a track, and the health that it is part of."""

    project: WaitingLineProject
    signal: Signal
    state: HealthSnapshot

    @property
    def silent_since(self) -> date:
        """Since when nobody met the team on the track that is silent for longest."""
        return self.signal.counted_from or self.state.day

    @property
    def days_before_alert(self) -> int:
        """Days of that silence before it was on alert."""
        return ((self.signal.alert_from or self.silent_since) - self.silent_since).days


def list_teams_with_silent_coach(actor: Actor) -> Sequence[TeamWithSilentCoach]:
    """The longest silent first; nothing for whoever leads no programme. Two statements."""
    today = clock.today()
    silent = [
        TeamWithSilentCoach(project, signal, state)
        for project, state in _read_led_teams(actor, HealthFigures.alert_from <= today)
        if (signal := find_unattended_contact_alert(state)) is not None
    ]
    return sorted(silent, key=lambda each: (each.silent_since, each.project.slug))


def find_unattended_contact_alert(state: HealthSnapshot) -> Signal | None:
    """The signal of contact that is on alert and in nobody's charge."""
    signal = state.find_reason(_NO_CONTACT)
    is_alert = signal is not None and signal.level(state.day) is HealthLevel.ALERT
    return signal if signal and is_alert and state.charge_of(signal) is None else None


def list_coachless_teams(actor: Actor) -> Sequence[tuple[WaitingLineProject, date]]:
    """The teams without any coach since a day, the longest first; nothing for whoever leads no
    programme. Two statements."""
    teams = [
        (project, since)
        for project, state in _read_led_teams(actor, HealthFigures.watch_from <= clock.today())
        if (since := find_coach_vacancy_start(state)) is not None
    ]
    return sorted(teams, key=lambda team: (team[1], team[0].slug))


def find_coach_vacancy_start(state: HealthSnapshot) -> date | None:
    """Since when a team has no coach, where its health counts that and nobody is in charge of it."""
    signal = state.find_reason(_KEY_ROLE)
    is_counted = signal is not None and state.charge_of(signal) is None
    return state.facts.empty.get(COACH_ROLE) if is_counted else None


def _read_led_teams(
    actor: Actor, condition: ColumnElement[bool]
) -> Iterator[tuple[WaitingLineProject, HealthSnapshot]]:
    """The active teams that the actor leads and that meet a condition, with their health now."""
    if not policy.leads_any_programme(actor):
        return
    statement = (
        select(Project)
        .options(load_only(Project.programme_id, Project.slug, Project.acronym, Project.organisation))
        .join(HealthFigures, HealthFigures.project_id == Project.id)
        .where(policy.led_projects_condition(actor), *IS_ACTIVE, condition)
    )
    projects = {project.id: project for project in db.session.scalars(statement)}
    for id_, state in (read_states(list(projects)) if projects else {}).items():
        yield WaitingLineProject.of(projects[id_]), state


def count_silent_days_by_project(project_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """By project, the days without a session on each track that its health counts, by key of the
    track. One statement."""
    if not project_ids:
        return {}
    return {id_: count_silent_days_by_track(state) for id_, state in read_states(list(project_ids)).items()}


def list_silent_coach_loads(project_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[str, int]]]:
    """By project, the names of the coaches whose track is silent and how many projects each of them
    coaches. Two statements."""
    silent = count_silent_days_by_project(project_ids)
    everywhere = aliased(RoleAssignment)
    teams = (
        select(func.count(everywhere.scope_id.distinct()))
        .join(Project, Project.id == everywhere.scope_id)
        .where(everywhere.person_id == RoleAssignment.person_id, everywhere.role.in_(COACHES))
        .correlate(RoleAssignment)
        .scalar_subquery()
    )
    statement = (
        select(RoleAssignment.scope_id, Track.key, Person.name, teams)
        .join(Person, Person.id == RoleAssignment.person_id)
        .join(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.scope_id.in_(project_ids), RoleAssignment.role.in_(COACHES))
        .order_by(Track.position, Person.name)
    )
    loads: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for project_id, track, name, count in db.session.execute(statement):
        if track in silent.get(project_id, ()) and (name, count) not in loads[project_id]:
            loads[project_id].append((name, count))
    return loads
