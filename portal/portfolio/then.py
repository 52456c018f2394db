"""What teams were called at a moment, on which tracks they were and who coached them.

Rows that people edit hold the present; the trail tells what they held before (`kernel/hindsight`).
Who may read which team is as it is now, and people go by the name they have now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.accounts.models import Person
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.audit import AuditEvent
from portal.kernel.db import rows
from portal.kernel.hindsight import Then as Changed
from portal.kernel.hindsight import changed_since
from portal.kernel.text import fold, in_reader_language
from portal.portfolio import policy
from portal.portfolio.listing import Filters
from portal.portfolio.models import ProjectLine
from portal.portfolio.narrowing import in_programme
from portal.portfolio.support import Coach, Support
from portal.portfolio.teams import Team
from portal.programmes import role_commands as roles
from portal.programmes.models import Programme, RoleAssignment, Track
from portal.projects.models import ProjectFigures, ProjectTrack


@dataclass(frozen=True)
class Strand:
    """A track under the name that it had."""

    id: UUID
    key: str
    name_fr: str
    name_en: str

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)


@dataclass(frozen=True)
class Then:
    """What the trail says of the teams that a reader may see, at the end of a day."""

    day: date
    moment: datetime
    ids: Sequence[UUID]
    changed: Mapping[UUID, Changed]
    support: Support
    coaches: Sequence[tuple[UUID, str]]  # of some team, by name

    def named(self, team: Team) -> Team:
        """Under the names that it had."""
        then = self.changed[team.project.id]
        own = {name: then.get(name, getattr(team.project, name)) for name in _NAMES}
        begun = then.get("starts_on", team.project.starts_on)
        starts_on = begun if isinstance(begun, date) else date.fromisoformat(begun)
        return replace(team, project=replace(team.project, **own, starts_on=starts_on))

    def passes(self, project: ProjectLine, filters: Filters) -> bool:
        """What is asked of its name, its tracks and its coaches."""
        support, asked = self.support, fold(filters.organisation).strip()
        coaches = {one.person_id for one in support.coaches_of.get(project.id, ())}
        tracks = {one.key for one in support.tracks_of.get(project.id, ())}
        names = (fold(project.organisation), fold(project.acronym))
        return (
            (filters.coach is None or filters.coach in coaches)
            and (not filters.track or filters.track in tracks)
            and (not asked or any(asked in name for name in names))
        )


_NAMES = ("organisation", "acronym", "title_fr", "title_en")


def read_then(
    actor: Actor, programme: Programme, tracks: Sequence[Track], day: date, zone: str
) -> Then:
    """In a constant number of statements."""
    moment = clock.end_of(day, zone)
    given = {"programme": programme.id, **policy.reach_of(actor)}
    ids = [row[0] for row in rows(_MINE, given)]
    changed = changed_since([*ids, *(track.id for track in tracks)], moment)
    held = _coaches(ids, moment)
    followed = _tracks(ids, [_strand(one, changed[one.id]) for one in tracks], changed)
    everybody = {one.person_id: one.name for some in held.values() for one in some}
    chosen = sorted(everybody.items(), key=lambda one: fold(one[1]))
    return Then(day, moment, ids, changed, Support(followed, held), chosen)


_MINE = select(ProjectFigures.project_id).where(in_programme, policy.TEAMS_VISIBLE)


def _strand(track: Track, then: Changed) -> Strand:
    names = (then.get(name, getattr(track, name)) for name in ("name_fr", "name_en"))
    return Strand(track.id, track.key, *names)


def _tracks(
    ids: Collection[UUID], strands: Sequence[Strand], changed: Mapping[UUID, Changed]
) -> Mapping[UUID, Sequence[Strand]]:
    """In the order of the programme's. One that was taken from the programme since is not told."""
    now: dict[UUID, set[UUID]] = defaultdict(set)
    for project_id, track_id in rows(_FOLLOWED, {"projects": ids}):
        now[project_id].add(track_id)
    return {id_: [one for one in strands if _follows(one, changed[id_], now[id_])] for id_ in ids}


def _follows(strand: Strand, then: Changed, now: Collection[UUID]) -> bool:
    return strand.key in then["tracks"] if "tracks" in then else strand.id in now


_projects: Any = bindparam("projects", expanding=True)
_FOLLOWED = select(ProjectTrack.project_id, ProjectTrack.track_id).where(
    ProjectTrack.project_id.in_(_projects)
)


def _coaches(ids: Collection[UUID], moment: datetime) -> Mapping[UUID, Sequence[Coach]]:
    """Who holds the role since before the moment, and who has lost it since."""
    held = [
        (row[0], row[1], row[2])
        for row in rows(_HELD, {"projects": ids, "moment": moment, "roles": policy.COACHES})
    ]
    held += _lost(rows(_DEEDS, {"projects": ids, "moment": moment, "deeds": _GIVEN + _TAKEN}))
    people = list({person for _id, person, _track in held})
    names = {row[0]: row[1] for row in rows(_CALLED, {"people": people})}
    found: dict[UUID, list[Coach]] = defaultdict(list)
    for project_id, person_id, track_id in held:
        found[project_id].append(Coach(names.get(person_id, ""), track_id, person_id))
    return {id_: sorted(some, key=lambda one: one.name) for id_, some in found.items()}


def _lost(deeds: Iterable[Sequence[Any]]) -> list[tuple[UUID, UUID, UUID | None]]:
    """Of the roles taken back since, those that were not also given since."""
    given: set[UUID] = set()
    taken: dict[UUID, tuple[UUID, UUID, UUID | None]] = {}
    for subject_id, project_id, action, facts in deeds:
        if facts.get("role") not in _COACHING:
            continue
        if action in _GIVEN:
            given.add(subject_id)
        else:
            track = facts.get("track_id")
            person = UUID(facts["person_id"])
            taken[subject_id] = project_id, person, UUID(track) if track else None
    return [one for subject_id, one in taken.items() if subject_id not in given]


_GIVEN = (roles.GIVEN.code, roles.ASSIGNED.code)
_TAKEN = (roles.ENDED.code, roles.LEFT.code)
_COACHING = {role.value for role in policy.COACHES}
_HELD = select(RoleAssignment.scope_id, RoleAssignment.person_id, RoleAssignment.track_id).where(
    RoleAssignment.scope_id.in_(_projects),
    RoleAssignment.role.in_(bindparam("roles", expanding=True)),
    RoleAssignment.created_at <= bindparam("moment"),
)
_DEEDS = select(
    AuditEvent.subject_id, AuditEvent.scope_id, AuditEvent.action, AuditEvent.facts
).where(
    AuditEvent.scope_id.in_(_projects),
    AuditEvent.action.in_(bindparam("deeds", expanding=True)),
    AuditEvent.created_at > bindparam("moment"),
)
_CALLED = select(Person.id, Person.name).where(Person.id.in_(bindparam("people", expanding=True)))
