"""Teams of a lead's programmes whose contact with a coach is on alert, in nobody's charge."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, load_only

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.queries import read_states
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthState
from portal.oversight.health.team_signal_rules import track_silent_since
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Track
from portal.people.programmes.policy import COACHES
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.project.projects.to_decide_rules import WaitingProject

_NO_CONTACT = SignalCode.NO_CONTACT


@dataclass(frozen=True)
class SilentCoach:
    """The signal of a team without contact on a track, and the health that it is part of."""

    project: WaitingProject
    signal: Signal
    state: HealthState


def list_silent_coaches(actor: Actor) -> Sequence[SilentCoach]:
    """The longest silent first; nothing for whoever leads no programme. Two statements."""
    if not policy.leads_programmes(actor):
        return []
    today = clock.today()
    statement = (
        select(Project)
        .options(load_only(Project.programme_id, Project.slug, Project.acronym, Project.organisation))
        .join(HealthFigures, HealthFigures.project_id == Project.id)
        .where(policy.led_by(actor), *IS_ACTIVE, HealthFigures.alert_from <= today)
    )
    projects = {project.id: project for project in db.session.scalars(statement)}
    silent = [
        SilentCoach(WaitingProject.of(projects[id_]), signal, state)
        for id_, state in (read_states(list(projects)) if projects else {}).items()
        for signal in state.reasons
        if signal.code is _NO_CONTACT
        and signal.level(state.day) is HealthLevel.ALERT
        and state.charge_of(signal) is None
    ]
    return sorted(silent, key=lambda each: (each.signal.since(today) or today, each.project.slug))


def list_coach_loads(project_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[str, int]]]:
    """By project, the names of the coaches whose track is silent and how many projects each of them
    coaches. Two statements."""
    silent = {id_: _list_silent_tracks(state) for id_, state in read_states(project_ids).items()}
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


def _list_silent_tracks(state: HealthState) -> Collection[str]:
    """The keys of the tracks that the signal counts."""
    limits = [signal.parameters.get("days", 0) for signal in state.reasons if signal.code is _NO_CONTACT]
    return {
        key
        for key, track in state.facts.tracks.items()
        if limits
        and (since := track_silent_since(track, state.facts))
        and (state.day - since).days >= limits[0]
    }
