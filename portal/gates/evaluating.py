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

from portal.discussions.commands import open_discussions
from portal.gates import policy, queries
from portal.gates.definition import GATES, Definition
from portal.gates.evidence import Part
from portal.gates.gather import gather
from portal.gates.models import GateEvaluation, GateTalk, ProjectGates
from portal.gates.predicates import Evaluation, as_plain, evaluate, needs_of, touched_by
from portal.gates.standing import State, judged_anew
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.audit import AuditEvent, Line
from portal.kernel.audit_chain import follow
from portal.kernel.db import db, insert, lock_row, save
from portal.kernel.ids import new_id
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project

PROVED = audit.Action(
    "gate.proved", _l("a apporté ce qui manquait pour prouver le jalon G%(number)s")
)
UNPROVED = audit.Action("gate.unproved", _l("a changé ce qui prouvait le jalon G%(number)s"))
STALE = audit.Action(
    "gate.stale", _l("a changé ce sur quoi le jalon G%(number)s avait été accepté")
)

EVERYTHING = frozenset(Part)
_TESTED = frozenset({Part.TESTS, Part.FINDINGS})

# Which parts of the evidence a line of the trail may have changed, by what it is about…
_ABOUT: Mapping[str, frozenset[Part]] = {
    "target_group": frozenset({Part.FRAMING, Part.TESTS}),
    "assumption": frozenset({Part.FRAMING}),
    "interview": frozenset({Part.FRAMING}),
    "metric": frozenset({Part.METRICS}),
    "data_source": frozenset({Part.DATA}),
    "prototype": frozenset({Part.VERSIONS, Part.DEMONSTRATIONS, Part.TESTS}),
    "protocol": frozenset({Part.EVALUATION}),
    "evaluation": frozenset({Part.EVALUATION}),
    "demonstration": frozenset({Part.DEMONSTRATIONS}),
    "round": _TESTED,
    "test_task": _TESTED,
    "test_session": _TESTED,
    "test_sessions": _TESTED,
    "finding": frozenset({Part.FINDINGS}),
    "risk": frozenset({Part.RISKS}),
    "mitigation": frozenset({Part.RISKS}),
    "coaching": frozenset({Part.COACHING}),
    "review": frozenset({Part.REVIEWS}),
    "condition": frozenset({Part.REVIEWS}),
    "rereview": frozenset({Part.REVIEWS}),
    "panel": frozenset({Part.PANELS}),
}
# …or, where that is otherwise, by what was done.
_DONE: Mapping[str, frozenset[Part]] = {
    "project.created": EVERYTHING,
    "project.resumed": EVERYTHING,
    "project.edited": frozenset({Part.FRAMING}),
    "project.tracks_chosen": frozenset({Part.ENGAGEMENT}),
    "role.given": frozenset({Part.ENGAGEMENT, Part.REVIEWS}),
    "role.assigned": frozenset({Part.ENGAGEMENT, Part.REVIEWS}),
    "role.ended": frozenset({Part.ENGAGEMENT, Part.REVIEWS}),
    "role.left": frozenset({Part.ENGAGEMENT, Part.REVIEWS}),
    "role.share_set": frozenset({Part.ENGAGEMENT}),
    "engagement.noted": frozenset({Part.ENGAGEMENT}),
    "change_plan.written": frozenset({Part.CHANGE}),
    "sprint.closed": frozenset({Part.DEMONSTRATIONS}),
    "sheet.completed": frozenset({Part.SHEETS}),
    "finding.seen": frozenset(),
    "finding.planned": frozenset(),
    "test_session.agreed": frozenset(),
    "review.answered": frozenset(),
    "review.answers_imported": frozenset(),
    "review.opinion_written": frozenset(),
}


def init_app() -> None:
    """From here on, whatever commits lines of the trail has the gates judged."""
    follow(catch_up)


def touches(line: AuditEvent | Line) -> frozenset[Part]:
    """The parts of the evidence that a deed may have changed."""
    done = _DONE.get(line.action)
    return _ABOUT.get(line.action.split(".")[0], frozenset()) if done is None else done


def catch_up(lines: Iterable[AuditEvent | Line]) -> None:
    """Judge what these lines touched, each project once."""
    touched: dict[UUID, frozenset[Part]] = defaultdict(frozenset)
    by: dict[UUID, UUID | None] = {}
    for line in lines:
        parts = touches(line)
        if line.scope_id is not None and parts:
            touched[line.scope_id] |= parts
            by[line.scope_id] = line.actor_id
    if not touched:
        return
    projects = select(Project).where(Project.id.in_(touched)).order_by(Project.id)
    for project in db.session.scalars(projects).all():
        judge_project(project, touched[project.id], by[project.id])


def judge_project(
    project: Project, parts: frozenset[Part] = EVERYTHING, by: UUID | None = None
) -> None:
    """Append an evaluation for each gate that looks at these parts, and says something new."""
    if policy.is_frozen(project):
        return
    hold(project)
    touched = touched_by(queries.list_definitions(project.programme_id), parts)
    judge_gates(project, touched, by)


def judge_gates(project: Project, definitions: Sequence[Definition], by: UUID | None) -> None:
    """The same for some gates of a project that is held."""
    if not definitions:
        return
    latest = queries.find_latest(project)
    needed = frozenset().union(*(needs_of(one) for one in definitions))
    evidence = gather(project, needed)
    judged = [(one, evaluate(one, evidence), latest.get(one.number)) for one in definitions]
    news = [
        (definition, made)
        for definition, made, before in judged
        if before is None or before.fingerprint != made.fingerprint
    ]
    if not news:
        return
    stood = {one.definition.number: one for one in queries.read_kept(project)}
    for definition, made in news:
        row = _append(project, made)
        if (action := _deed(stood[made.gate], definition, made)) is not None:
            _tell(action, project, row, by)


def _append(project: Project, made: Evaluation) -> GateEvaluation:
    row = GateEvaluation(
        id=new_id(),
        created_at=clock.now(),
        project_id=project.id,
        gate=made.gate,
        told=as_plain(made),
        is_proved=made.is_proved,
        fingerprint=made.fingerprint,
    )
    insert(row)
    return row


def _deed(before: State, definition: Definition, made: Evaluation) -> audit.Action | None:
    """What happened to a gate that stood like this, in the words of the trail; None: nothing."""
    if before.evaluation is None:
        return None
    after = judged_anew(before, definition, made, clock.today())
    if before.is_accepted and not after.is_accepted:
        return STALE
    if before.is_proved == made.is_proved:
        return None
    return PROVED if made.is_proved else UNPROVED


def _tell(action: audit.Action, project: Project, row: GateEvaluation, by: UUID | None) -> None:
    who = Actor(by, {}) if by else None
    facts: dict[str, Any] = {"number": row.gate, "path": path_of(project, row.gate)}
    audit.record(who, action, row, scope_id=project.id, facts=facts)


def hold(project: Project) -> None:
    """Until the end of the transaction: whoever judges the same project waits, and then sees what
    was done here. The first time, its gates get their row, and each a place to talk."""
    save()
    made = db.session.execute(_HOLD[db.engine.dialect.name], {"project_id": project.id})
    if made.first() is not None:
        gates = range(GATES)
        talks = open_discussions(project.id, [path_of(project, gate) for gate in gates])
        for gate, talk in zip(gates, talks, strict=True):
            db.session.add(GateTalk(project_id=project.id, gate=gate, discussion_id=talk))
        save()
    lock_row(ProjectGates, project.id)


_HOLD = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(ProjectGates)
    .on_conflict_do_nothing()
    .returning(ProjectGates.project_id)
    for dialect in (postgresql, sqlite)
}


def path_of(project: Project, gate: int) -> str:
    return f"/projects/{project.slug}/gates/{gate}"
