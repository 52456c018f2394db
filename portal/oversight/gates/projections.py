"""Gates are judged anew in the transaction that changed what they look at.

As the last thing before its commit, and before the trail is sealed, the lines that the transaction
wrote are read: they say which parts of whose evidence may be otherwise. The gates that look at
those parts are judged, and an evaluation is appended for each that says something else than before.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from portal.collaboration.discussions.commands import create_discussions
from portal.oversight.gates import definition_queries, policy, queries
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.evidence_queries import gather_evidence
from portal.oversight.gates.evidence_rules import EvidencePart
from portal.oversight.gates.models import GateDiscussion, GateEvaluation, ProjectGatesLock
from portal.oversight.gates.predicate_rules import (
    GateResult,
    evaluate_gate,
    evaluation_as_plain,
    list_affected_gates,
    list_needed_parts,
)
from portal.oversight.gates.state_rules import GateSnapshot, with_evaluation
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, insert_row, lock_row
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

PROVED = audit.Action("gate.proved", _l("a apporté ce qui manquait pour prouver le jalon G%(number)s"))
UNPROVED = audit.Action("gate.unproved", _l("a changé ce qui prouvait le jalon G%(number)s"))
STALE = audit.Action("gate.stale", _l("a changé ce sur quoi le jalon G%(number)s avait été accepté"))

ALL_PARTS = frozenset(EvidencePart)


def judge_project_gates(
    project: Project, parts: frozenset[EvidencePart] = ALL_PARTS, by: UUID | None = None
) -> None:
    """Append an evaluation for each gate that looks at these parts, and says something new."""
    if policy.are_gates_frozen(project):
        return
    lock_project_gates(project)
    touched = list_affected_gates(definition_queries.list_definitions(project.programme_id), parts)
    judge_gates_of_locked_project(project, touched, by)


def judge_gates_of_locked_project(
    project: Project, definitions: Sequence[GateDefinition], by: UUID | None
) -> None:
    """The same for some gates of a project that is held."""
    if not definitions:
        return
    latest = queries.read_last_evaluation_rows_by_gate(project)
    needed = frozenset().union(*(list_needed_parts(gate_definition) for gate_definition in definitions))
    evidence = gather_evidence(project, needed)
    judged = [
        (gate_definition, evaluate_gate(gate_definition, evidence), latest.get(gate_definition.number))
        for gate_definition in definitions
    ]
    news = [
        (definition, evaluation)
        for definition, evaluation, before in judged
        if before is None or before.fingerprint != evaluation.fingerprint
    ]
    if not news:
        return
    stood = {state.definition.number: state for state in queries.read_stored_states(project)}
    for definition, evaluation in news:
        row = _append_evaluation(project, evaluation)
        if (action := _find_gate_audit_action(stood[evaluation.gate], definition, evaluation)) is not None:
            _record_gate_change(action, project, row, by)


def _append_evaluation(project: Project, evaluation: GateResult) -> GateEvaluation:
    row = GateEvaluation(
        id=new_id(),
        created_at=clock.now(),
        project_id=project.id,
        gate=evaluation.gate,
        payload=evaluation_as_plain(evaluation),
        is_proved=evaluation.is_proved,
        fingerprint=evaluation.fingerprint,
    )
    insert_row(row)
    return row


def _find_gate_audit_action(
    before: GateSnapshot, definition: GateDefinition, evaluation: GateResult
) -> audit.Action | None:
    """What happened to a gate that stood like this, in the words of the trail; None: nothing."""
    if before.evaluation is None:
        return None
    after = with_evaluation(before, definition, evaluation, clock.today())
    if before.is_accepted and not after.is_accepted:
        return STALE
    if before.is_proved == after.is_proved:
        return None
    return PROVED if after.is_proved else UNPROVED


def _record_gate_change(action: audit.Action, project: Project, row: GateEvaluation, by: UUID | None) -> None:
    who = Actor(by, {}) if by else None
    facts: dict[str, Any] = {"number": row.gate, "path": gate_path(project, row.gate)}
    audit.record(who, action, row, scope_id=project.id, facts=facts)


def lock_project_gates(project: Project) -> None:
    """Until the end of the transaction: whoever judges the same project waits, and then sees what
    was done here. The first time, its gates get their row, and each a place to talk."""
    flush_session()
    inserted = db.session.execute(_INSERT_LOCK_ROW[db.engine.dialect.name], {"project_id": project.id})
    if inserted.first() is not None:
        programme_id = project.programme_id
        open_gate_discussions(
            project, sorted(definition_queries.read_definitions_with_left_out([programme_id])[programme_id])
        )
    lock_row(ProjectGatesLock, project.id)


def lock_programme_gates(programme: Programme) -> None:
    """Until the end of the transaction: whoever changes the gates of a programme waits. Locks those
    of its open projects first, by id, as whoever accepts a gate does."""
    for project in sorted(queries.list_open_projects(programme.id), key=lambda each: each.id):
        lock_project_gates(project)
    lock_row(Programme, programme.id)


def open_gate_discussions(project: Project, gates: Sequence[int]) -> None:
    """Open a discussion about each of some gates, which have none yet."""
    talks = create_discussions(project.id, [gate_path(project, gate) for gate in gates])
    for gate, talk in zip(gates, talks, strict=True):
        db.session.add(GateDiscussion(project_id=project.id, gate=gate, discussion_id=talk))
    flush_session()


_INSERT_LOCK_ROW = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(ProjectGatesLock)
    .on_conflict_do_nothing()
    .returning(ProjectGatesLock.project_id)
    for dialect in (postgresql, sqlite)
}


def gate_path(project: Project, gate: int) -> str:
    return f"/projects/{project.slug}/gates/{gate}"
