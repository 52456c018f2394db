"""Gates that wait for the answer of whoever is reading, in all projects where it is theirs.

Read from decisions alone, in three statements however many there are: a desk and a home ask at each
visit, and most visitors have none.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from portal.gates import policy
from portal.gates.definition import Definition, Verb
from portal.gates.models import GateDecision, GateEvaluation
from portal.gates.queries import definitions_of
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.programmes.models import RoleAssignment, Track
from portal.projects.models import Project, ProjectTrack

WAITING_MAX = 100
_ANSWERS = (Verb.DECLARED, Verb.WITHDRAWN, Verb.ACCEPTED, Verb.REFUSED)


@dataclass(frozen=True)
class AskedGate:
    """A gate that its team asked for at a moment; `is_proved` is what the evidence says now."""

    project: Project
    definition: Definition
    asked_at: datetime
    is_proved: bool


def list_waiting(actor: Actor) -> Sequence[AskedGate]:
    """Those that the actor may accept or refuse, the longest asked first."""
    if not policy.accepts_somewhere(actor):
        return []
    found = db.session.execute(_asked(actor)).all()
    roles: dict[UUID, list[tuple[RoleAssignment, str]]] = {}
    asked: dict[UUID, tuple[GateDecision, Project, bool]] = {}
    for decision, project, proved, role, track in found:
        asked[decision.id] = decision, project, bool(proved)
        held = roles.setdefault(decision.id, [])
        if role is not None:
            held.append((role, track or ""))
    known = definitions_of({project.programme_id for _decision, project, _proved in asked.values()})
    tracks = _tracks_of({project.id for _decision, project, _proved in asked.values()})
    waiting = []
    for id_, (decision, project, proved) in asked.items():
        definition = known[project.programme_id][decision.gate]
        asked_of = policy.on_tracks(definition, tracks[project.id])
        if policy.is_acceptor(actor, project, asked_of, roles[id_]):
            waiting.append(AskedGate(project, definition, decision.created_at, proved))
    return waiting[:WAITING_MAX]


def own_gates(actor: Actor, projects: Sequence[Project]) -> Mapping[UUID, Mapping[int, Definition]]:
    """The gates of each project that the actor accepts, in some state of it, by their numbers; in
    three statements, however many there are."""
    ids = [one.id for one in projects]
    known, tracks = definitions_of({one.programme_id for one in projects}), _tracks_of(ids)
    roles: dict[UUID, list[tuple[RoleAssignment, str]]] = defaultdict(list)
    held = (
        select(RoleAssignment, Track.key)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.scope_id.in_(ids), RoleAssignment.person_id == actor.person_id)
    )
    for role, track in db.session.execute(held):
        roles[role.scope_id].append((role, track or ""))
    return {
        one.id: {
            number: definition
            for number, definition in known[one.programme_id].items()
            if policy.is_acceptor(
                actor, one, policy.on_tracks(definition, tracks[one.id]), roles[one.id]
            )
        }
        for one in projects
    }


def _tracks_of(project_ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """The keys of the tracks on which each is supported."""
    found: dict[UUID, set[str]] = defaultdict(set)
    if project_ids:
        on = select(ProjectTrack.project_id, Track.key).join(Track)
        for id_, key in db.session.execute(on.where(ProjectTrack.project_id.in_(project_ids))):
            found[id_].add(key)
    return found


def _asked(actor: Actor) -> Select[Any]:
    """Each with the roles of the actor in its project, one a row."""
    proved = (
        select(GateEvaluation.is_proved)
        .where(
            GateEvaluation.project_id == GateDecision.project_id,
            GateEvaluation.gate == GateDecision.gate,
        )
        .order_by(GateEvaluation.created_at.desc(), GateEvaluation.id.desc())
        .limit(1)
        .correlate(GateDecision)
        .scalar_subquery()
    )
    mine = and_(RoleAssignment.scope_id == Project.id, RoleAssignment.person_id == actor.person_id)
    return (
        select(GateDecision, Project, proved, RoleAssignment, Track.key)
        .join(Project, Project.id == GateDecision.project_id)
        .outerjoin(RoleAssignment, mine)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(
            policy.asks(actor),
            Project.stopped_on.is_(None),
            Project.finished_on.is_(None),
            GateDecision.verb == Verb.DECLARED,
            ~is_answered(),
            ~_is_waived(),
        )
        .order_by(GateDecision.created_at, GateDecision.id)
    )


def _followed(earlier: Any, *verbs: Verb) -> ColumnElement[bool]:
    """Whether one of the verbs was decided of the same gate since."""
    later = aliased(GateDecision)
    return exists().where(
        later.project_id == earlier.project_id,
        later.gate == earlier.gate,
        later.verb.in_(verbs),
        or_(
            later.created_at > earlier.created_at,
            and_(later.created_at == earlier.created_at, later.id > earlier.id),
        ),
    )


def is_answered() -> ColumnElement[bool]:
    """Whether somebody answered since it was asked for, or it was taken back or asked for anew."""
    return _followed(GateDecision, *_ANSWERS)


def _is_waived() -> ColumnElement[bool]:
    waiver = aliased(GateDecision)
    return exists().where(
        waiver.project_id == GateDecision.project_id,
        waiver.gate == GateDecision.gate,
        waiver.verb == Verb.WAIVED,
        ~_followed(waiver, Verb.RESTORED),
    )
