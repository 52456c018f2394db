"""Requested gates that wait for an answer, in all projects: the actor's, or that of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, load_only

from portal.oversight.gates import policy
from portal.oversight.gates.acceptor_queries import (
    list_acceptor_names_by_gate,
    map_gates_actor_accepts_by_project,
)
from portal.oversight.gates.completion_queries import read_completion_moments
from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateDefinition, GateVerb
from portal.oversight.gates.models import GateDecision, GateEvaluation
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects import policy as projects
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject

_ANSWER_VERBS = (GateVerb.DECLARED, GateVerb.WITHDRAWN, GateVerb.ACCEPTED, GateVerb.REFUSED)


@dataclass(frozen=True)
class OpenGateRequest:
    """A request that the actor answers, or of a programme that the actor leads.

    `is_own` tells whether the actor is the gate's acceptor, `has_acceptor` whether anybody is now;
    `ready_at`, once all is proved, since when nothing but the answer is missing."""

    id: UUID
    project: WaitingLineProject
    definition: GateDefinition
    requested_at: datetime
    is_proved: bool
    is_own: bool
    has_acceptor: bool
    ready_at: datetime | None = None


def list_open_requests(actor: Actor) -> Sequence[OpenGateRequest]:
    """Requests that the actor answers and all those of the programmes that the actor leads, the
    longest requested first, without gates that the programme leaves out; at most `WAITING_MAX`, in a
    bounded number of statements."""
    if not policy.has_role_accepting_some_gate(actor):
        return []
    rows = db.session.execute(_select_open_requests(actor)).all()
    requesting = {project.id: project for _id, _gate, _at, project, _proved in rows}
    own_gates = map_gates_actor_accepts_by_project(actor, list(requesting.values())) if rows else {}
    definitions = read_definitions_by_programme({project.programme_id for project in requesting.values()})
    listed = [
        row
        for row in rows
        if row[1] in own_gates[row[3].id]
        or (row[1] in definitions[row[3].programme_id] and policy.can_see_all_requests(actor, row[3]))
    ][:WAITING_MAX]
    followed = {row[3].id: row[3] for row in listed if row[1] not in own_gates[row[3].id]}
    acceptors = list_acceptor_names_by_gate(list(followed.values())) if followed else {}
    ready = read_completion_moments(
        {(project.id, gate): at for _id, gate, at, project, proved in listed if proved},
        {
            (project.id, gate): definitions[project.programme_id][gate]
            for _id, gate, _at, project, _proved in listed
        },
    )
    return [
        OpenGateRequest(
            id=id_,
            project=WaitingLineProject.of(project),
            definition=definitions[project.programme_id][gate],
            requested_at=at,
            is_proved=bool(proved),
            is_own=gate in own_gates[project.id],
            has_acceptor=gate in own_gates[project.id] or bool(acceptors[project.id].get(gate)),
            ready_at=ready.get((project.id, gate)),
        )
        for id_, gate, at, project, proved in listed
    ]


def get_project_and_request(actor: Actor, id_: UUID) -> tuple[Project, GateDecision]:
    """A request of a project that the actor reads, and the project. Raises `NotFound`."""
    statement = (
        select(Project, GateDecision)
        .join(GateDecision, GateDecision.project_id == Project.id)
        .where(GateDecision.id == id_, GateDecision.verb == GateVerb.DECLARED, projects.visible_to(actor))
    )
    row = get_row(statement)
    return row[0], row[1]


def find_open_request(project: Project, gate: int) -> GateDecision | None:
    """The request of a gate that waits for an answer, in a project that the caller reads."""
    statement = select(GateDecision).where(
        GateDecision.project_id == project.id,
        GateDecision.gate == gate,
        GateDecision.verb == GateVerb.DECLARED,
        ~answered_condition(),
        ~_waived_condition(),
    )
    return db.session.scalar(statement)


def is_open_request(request: GateDecision) -> bool:
    """Whether a request still waits for an answer."""
    statement = select(GateDecision.id).where(
        GateDecision.id == request.id, ~answered_condition(), ~_waived_condition()
    )
    return db.session.scalar(statement) is not None


def _select_open_requests(actor: Actor) -> Select[Any]:
    """Unanswered requests in projects where the actor may accept some gate."""
    proved = (
        select(GateEvaluation.is_proved)
        .where(GateEvaluation.project_id == GateDecision.project_id, GateEvaluation.gate == GateDecision.gate)
        .order_by(GateEvaluation.created_at.desc(), GateEvaluation.id.desc())
        .limit(1)
        .correlate(GateDecision)
        .scalar_subquery()
    )
    return (
        select(GateDecision.id, GateDecision.gate, GateDecision.created_at, Project, proved)
        .join(Project, Project.id == GateDecision.project_id)
        .options(load_only(Project.programme_id, Project.slug, Project.acronym, Project.organisation))
        .where(
            policy.may_accept_some_gate_condition(actor),
            *IS_NOT_OVER,
            GateDecision.verb == GateVerb.DECLARED,
            ~answered_condition(),
            ~_waived_condition(),
        )
        .order_by(GateDecision.created_at, GateDecision.id)
    )


def _later_decision_has_verb_condition(earlier: Any, *verbs: GateVerb) -> ColumnElement[bool]:
    """Whether a later decision of the same gate has one of `verbs`."""
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


def answered_condition() -> ColumnElement[bool]:
    """Condition on `GateDecision`: a later one answers, withdraws or repeats the request."""
    return _later_decision_has_verb_condition(GateDecision, *_ANSWER_VERBS)


def _waived_condition() -> ColumnElement[bool]:
    waiver = aliased(GateDecision)
    return exists().where(
        waiver.project_id == GateDecision.project_id,
        waiver.gate == GateDecision.gate,
        waiver.verb == GateVerb.WAIVED,
        ~_later_decision_has_verb_condition(waiver, GateVerb.RESTORED),
    )
