"""Gates are judged anew in the transaction that changed what they look at.

As the last thing before its commit, and before the trail is sealed, the lines that the transaction
wrote are read: they say which parts of whose evidence may be otherwise. The gates that look at
those parts are judged, and an evaluation is appended for each that says something else than before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.collaboration.discussions.commands import open_discussions
from portal.oversight.gates import policy, queries
from portal.oversight.gates.definition_rules import GATE_COUNT, GateDefinition
from portal.oversight.gates.evidence_queries import gather_evidence
from portal.oversight.gates.evidence_rules import EvidencePart
from portal.oversight.gates.models import GateDiscussion, GateEvaluation, ProjectGates
from portal.oversight.gates.predicate_rules import (
    GateResult,
    evaluate,
    evaluation_as_plain,
    list_affected,
    list_needed_parts,
)
from portal.oversight.gates.state_rules import GateState, with_evaluation
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent, AuditLine
from portal.platform.kernel.audit_chain import run_before_commit
from portal.platform.kernel.database import db, flush_session, insert_row, lock_row
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

PROVED = audit.Action(
    "gate.proved", _l("a apporté ce qui manquait pour prouver le jalon G%(number)s")
)
UNPROVED = audit.Action("gate.unproved", _l("a changé ce qui prouvait le jalon G%(number)s"))
STALE = audit.Action(
    "gate.stale", _l("a changé ce sur quoi le jalon G%(number)s avait été accepté")
)

ALL_PARTS = frozenset(EvidencePart)
_TEST_PARTS = frozenset({EvidencePart.TESTS, EvidencePart.FINDINGS})

# Which parts of the evidence a line of the trail may have changed, by what it is about…
_PARTS_BY_SUBJECT: Mapping[str, frozenset[EvidencePart]] = {
    "target_group": frozenset({EvidencePart.FRAMING, EvidencePart.TESTS}),
    "assumption": frozenset({EvidencePart.FRAMING}),
    "interview": frozenset({EvidencePart.FRAMING}),
    "metric": frozenset({EvidencePart.METRICS}),
    "data_source": frozenset({EvidencePart.DATA}),
    "prototype": frozenset(
        {EvidencePart.VERSIONS, EvidencePart.DEMONSTRATIONS, EvidencePart.TESTS}
    ),
    "protocol": frozenset({EvidencePart.EVALUATION}),
    "evaluation": frozenset({EvidencePart.EVALUATION}),
    "demonstration": frozenset({EvidencePart.DEMONSTRATIONS}),
    "round": _TEST_PARTS,
    "test_task": _TEST_PARTS,
    "test_session": _TEST_PARTS,
    "test_sessions": _TEST_PARTS,
    "finding": frozenset({EvidencePart.FINDINGS}),
    "risk": frozenset({EvidencePart.RISKS}),
    "mitigation": frozenset({EvidencePart.RISKS}),
    "coaching": frozenset({EvidencePart.COACHING}),
    "review": frozenset({EvidencePart.REVIEWS}),
    "condition": frozenset({EvidencePart.REVIEWS}),
    "rereview": frozenset({EvidencePart.REVIEWS}),
    "panel": frozenset({EvidencePart.PANELS}),
}
# …or, where that is otherwise, by what was done.
_PARTS_BY_ACTION: Mapping[str, frozenset[EvidencePart]] = {
    "project.created": ALL_PARTS,
    "project.resumed": ALL_PARTS,
    "project.edited": frozenset({EvidencePart.FRAMING}),
    "project.tracks_chosen": frozenset({EvidencePart.ENGAGEMENT}),
    "role.given": frozenset({EvidencePart.ENGAGEMENT, EvidencePart.REVIEWS}),
    "role.assigned": frozenset({EvidencePart.ENGAGEMENT, EvidencePart.REVIEWS}),
    "role.ended": frozenset({EvidencePart.ENGAGEMENT, EvidencePart.REVIEWS}),
    "role.left": frozenset({EvidencePart.ENGAGEMENT, EvidencePart.REVIEWS}),
    "role.share_set": frozenset({EvidencePart.ENGAGEMENT}),
    "engagement.noted": frozenset({EvidencePart.ENGAGEMENT}),
    "change_plan.written": frozenset({EvidencePart.CHANGE}),
    "sprint.closed": frozenset({EvidencePart.DEMONSTRATIONS}),
    "sheet.completed": frozenset({EvidencePart.SHEETS}),
    "finding.seen": frozenset(),
    "finding.planned": frozenset(),
    "test_session.agreed": frozenset(),
    "review.answered": frozenset(),
    "review.answers_imported": frozenset(),
    "review.opinion_written": frozenset(),
}


def init_app() -> None:
    """From here on, whatever commits lines of the trail has the gates judged."""
    run_before_commit(judge_affected)


def affected_parts(line: AuditEvent | AuditLine) -> frozenset[EvidencePart]:
    """The parts of the evidence that a deed may have changed."""
    parts = _PARTS_BY_ACTION.get(line.action)
    return _PARTS_BY_SUBJECT.get(line.action.split(".")[0], frozenset()) if parts is None else parts


def judge_affected(lines: Iterable[AuditEvent | AuditLine]) -> None:
    """Judge what these lines touched, each project once."""
    touched: dict[UUID, frozenset[EvidencePart]] = defaultdict(frozenset)
    by: dict[UUID, UUID | None] = {}
    for line in lines:
        parts = affected_parts(line)
        if line.scope_id is not None and parts:
            touched[line.scope_id] |= parts
            by[line.scope_id] = line.actor_id
    if not touched:
        return
    projects = select(Project).where(Project.id.in_(touched)).order_by(Project.id)
    for project in db.session.scalars(projects).all():
        judge_project(project, touched[project.id], by[project.id])


def judge_project(
    project: Project, parts: frozenset[EvidencePart] = ALL_PARTS, by: UUID | None = None
) -> None:
    """Append an evaluation for each gate that looks at these parts, and says something new."""
    if policy.is_frozen(project):
        return
    lock_project_gates(project)
    touched = list_affected(queries.list_definitions(project.programme_id), parts)
    judge_gates(project, touched, by)


def judge_gates(project: Project, definitions: Sequence[GateDefinition], by: UUID | None) -> None:
    """The same for some gates of a project that is held."""
    if not definitions:
        return
    latest = queries.find_latest(project)
    needed = frozenset().union(
        *(list_needed_parts(gate_definition) for gate_definition in definitions)
    )
    evidence = gather_evidence(project, needed)
    judged = [
        (gate_definition, evaluate(gate_definition, evidence), latest.get(gate_definition.number))
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
        row = _append(project, evaluation)
        if (action := _find_action(stood[evaluation.gate], definition, evaluation)) is not None:
            _record_change(action, project, row, by)


def _append(project: Project, evaluation: GateResult) -> GateEvaluation:
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


def _find_action(
    before: GateState, definition: GateDefinition, evaluation: GateResult
) -> audit.Action | None:
    """What happened to a gate that stood like this, in the words of the trail; None: nothing."""
    if before.evaluation is None:
        return None
    after = with_evaluation(before, definition, evaluation, clock.today())
    if before.is_accepted and not after.is_accepted:
        return STALE
    if before.is_proved == evaluation.is_proved:
        return None
    return PROVED if evaluation.is_proved else UNPROVED


def _record_change(
    action: audit.Action, project: Project, row: GateEvaluation, by: UUID | None
) -> None:
    who = Actor(by, {}) if by else None
    facts: dict[str, Any] = {"number": row.gate, "path": path_of(project, row.gate)}
    audit.record(who, action, row, scope_id=project.id, facts=facts)


def lock_project_gates(project: Project) -> None:
    """Until the end of the transaction: whoever judges the same project waits, and then sees what
    was done here. The first time, its gates get their row, and each a place to talk."""
    flush_session()
    inserted = db.session.execute(
        _INSERT_LOCK_ROW[db.engine.dialect.name], {"project_id": project.id}
    )
    if inserted.first() is not None:
        gates = range(GATE_COUNT)
        talks = open_discussions(project.id, [path_of(project, gate) for gate in gates])
        for gate, talk in zip(gates, talks, strict=True):
            db.session.add(GateDiscussion(project_id=project.id, gate=gate, discussion_id=talk))
        flush_session()
    lock_row(ProjectGates, project.id)


_INSERT_LOCK_ROW = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(ProjectGates)
    .on_conflict_do_nothing()
    .returning(ProjectGates.project_id)
    for dialect in (postgresql, sqlite)
}


def path_of(project: Project, gate: int) -> str:
    return f"/projects/{project.slug}/gates/{gate}"
