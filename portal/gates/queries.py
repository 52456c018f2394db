"""Reading gates. Whatever comes back, the caller was allowed to see its project or programme."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true

from portal.accounts.models import Person
from portal.gates import policy
from portal.gates.definition import Definition, Terms
from portal.gates.gather import gather
from portal.gates.library import defaults
from portal.gates.models import (
    ChangePlan,
    Engagement,
    GateDecision,
    GateEvaluation,
    GateTalk,
    GateTerms,
    Panel,
)
from portal.gates.predicates import Evaluation, evaluate, from_plain, needs_of
from portal.gates.standing import Decided, History, Judged, State, as_of
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.programmes.models import RoleAssignment, Track
from portal.projects.models import Project
from portal.projects.numbered import get_one
from portal.projects.queries import list_tracks
from portal.prototypes.models import PrototypeVersion

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)  # since when the usual holds


@dataclass(frozen=True)
class Edition:
    """Terms that a programme gave a gate: when, who, why."""

    row: GateTerms
    who: str


def list_definitions(programme_id: UUID) -> Sequence[Definition]:
    """As they are now, from G0."""
    held = definitions_of([programme_id])[programme_id]
    return [held[number] for number in sorted(held)]


def definitions_of(programme_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[int, Definition]]:
    """The same of several programmes, by gate; in one statement, or none where there are none."""
    ids = list(programme_ids)
    changed = _editions(ids) if ids else {}
    usual = {one.number: one for one in defaults()}
    return {id_: usual | {one.number: one for _since, one in changed.get(id_, ())} for id_ in ids}


def get_definition(programme_id: UUID, number: int) -> Definition:
    """Raises `NotFound`."""
    for one in list_definitions(programme_id):
        if one.number == number:
            return one
    raise NotFound


def _editions(
    programme_ids: Iterable[UUID],
) -> Mapping[UUID, Sequence[tuple[datetime, Definition]]]:
    """What each programme changed of the usual, and since when; in order."""
    chosen = select(GateTerms).where(GateTerms.programme_id.in_(list(programme_ids)))
    usual = {one.number: one for one in defaults()}
    found: dict[UUID, list[tuple[datetime, Definition]]] = defaultdict(list)
    for row in db.session.scalars(chosen.order_by(GateTerms.id)):
        asked = {**usual[row.gate].asked, **row.asked}
        terms = Terms(row.weight, row.month, row.acceptor, row.track, asked)
        changed = replace(usual[row.gate], terms=terms, edition=row.edition)
        found[row.programme_id].append((row.created_at, changed))
    return found


def list_editions(programme_id: UUID, gate: int) -> Sequence[Edition]:
    """The latest first."""
    chosen = (
        select(GateTerms, Person.name)
        .join(Person, Person.id == GateTerms.changed_by_id)
        .where(GateTerms.programme_id == programme_id, GateTerms.gate == gate)
        .order_by(GateTerms.edition.desc())
    )
    return [Edition(row[0], row[1]) for row in db.session.execute(chosen)]


def read_histories(
    projects: Sequence[Project], until: datetime | None = None
) -> Mapping[UUID, History]:
    """What tells how they stood at a moment (now): the last evaluation of each gate until then,
    and all decisions; in a constant number of statements."""
    moment = until or clock.now()
    mine = GateEvaluation.project_id.in_([one.id for one in projects])
    newest = (
        select(GateEvaluation.id, _PLACE.label("place"))
        .where(mine, GateEvaluation.created_at <= moment)
        .subquery()
    )
    last = select(newest.c.id).where(newest.c.place == 1)
    return _histories(projects, GateEvaluation.id.in_(last))


# The last of a gate is the first.
_PLACE = func.row_number().over(
    partition_by=(GateEvaluation.project_id, GateEvaluation.gate),
    order_by=(GateEvaluation.created_at.desc(), GateEvaluation.id.desc()),
)


def _histories(projects: Sequence[Project], which: ColumnElement[bool]) -> Mapping[UUID, History]:
    ids = [one.id for one in projects]
    changed = _editions({one.programme_id for one in projects})
    usual = [(BEGINNING, one) for one in defaults()]
    made = (
        select(GateDecision, Person.name)
        .join(Person, Person.id == GateDecision.decided_by_id)
        .where(GateDecision.project_id.in_(ids))
        .order_by(GateDecision.created_at, GateDecision.id)
    )
    decisions = db.session.execute(made).all()
    seen = {row[0].evaluation_id for row in decisions} - {None}
    told = {
        row.id: (row, from_plain(row.told))
        for row in db.session.scalars(
            select(GateEvaluation)
            .where(GateEvaluation.project_id.in_(ids), or_(which, GateEvaluation.id.in_(seen)))
            .order_by(GateEvaluation.created_at, GateEvaluation.id)
        )
    }
    judged: dict[UUID, list[Judged]] = defaultdict(list)
    for kept, evaluation in told.values():
        judged[kept.project_id].append(Judged(kept.created_at, evaluation))
    decided: dict[UUID, list[Decided]] = defaultdict(list)
    for row, who in decisions:
        basis = told[row.evaluation_id][1] if row.evaluation_id else None
        one = Decided(row.created_at, row.gate, row.verb, basis, row.reason, who)
        decided[row.project_id].append(one)
    return {
        one.id: History([*usual, *changed[one.programme_id]], judged[one.id], decided[one.id])
        for one in projects
    }


def read_whole_history(project: Project) -> History:
    """All that was ever judged and decided of one project."""
    return read_whole_histories([project])[project.id]


def read_whole_histories(projects: Sequence[Project]) -> Mapping[UUID, History]:
    """The same of several, in a constant number of statements."""
    return _histories(projects, true())


def last_day(project: Project, day: date) -> date:
    """Until which day its gates live: a project that is over no longer ages."""
    ended = project.stopped_on or project.finished_on
    return min(day, ended) if ended else day


def read_kept(project: Project) -> Sequence[State]:
    """All gates as they stand now, from what is kept alone: for pages that only show a strip."""
    history = read_histories([project])[project.id]
    return as_of(history, clock.now(), last_day(project, clock.today()))


def read_states(project: Project) -> Sequence[State]:
    """All gates as they stand now. Those that were never judged are judged here, and not kept."""
    return states_of(project, read_histories([project])[project.id])


def states_of(
    project: Project, history: History, moment: datetime | None = None
) -> Sequence[State]:
    """The same at a moment, from what was read already."""
    day = clock.day_of(moment) if moment else clock.today()
    states = as_of(history, moment or clock.now(), last_day(project, day))
    fresh = [one.definition for one in states if one.evaluation is None]
    if moment is not None or not fresh:
        return states
    judged = {one.gate: one for one in judge(project, fresh)}
    return [
        one if one.evaluation else replace(one, evaluation=judged[one.definition.number])
        for one in states
    ]


def judge(project: Project, definitions: Sequence[Definition]) -> Sequence[Evaluation]:
    """What the evidence says now; nothing is kept."""
    needed = frozenset().union(*(needs_of(one) for one in definitions))
    evidence = gather(project, needed)
    return [evaluate(one, evidence) for one in definitions]


def list_decisions(project: Project, gate: int) -> Sequence[Decided]:
    """What was decided of one gate, the latest first."""
    mine = [one for one in read_histories([project])[project.id].decisions if one.gate == gate]
    return mine[::-1]


def find_latest(project: Project) -> Mapping[int, GateEvaluation]:
    """The last evaluation of each gate."""
    return {row.gate: row for row in db.session.scalars(_LATEST, {"project": project.id})}


_newest = (
    select(GateEvaluation.id, _PLACE.label("place"))
    .where(GateEvaluation.project_id == bindparam("project"))
    .subquery()
)
_LATEST = select(GateEvaluation).where(
    GateEvaluation.id.in_(select(_newest.c.id).where(_newest.c.place == 1))
)


def find_talk(project: Project, gate: int) -> UUID | None:
    """The discussion beside a gate."""
    mine = GateTalk.project_id == project.id, GateTalk.gate == gate
    return db.session.scalar(select(GateTalk.discussion_id).where(*mine))


def list_held(actor: Actor, project: Project) -> Sequence[tuple[RoleAssignment, str]]:
    """The actor's roles in the project, each with the key of its track."""
    chosen = (
        select(RoleAssignment, Track.key)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.scope_id == project.id, RoleAssignment.person_id == actor.person_id)
    )
    return [(row[0], row[1] or "") for row in db.session.execute(chosen)]


def can_answer(actor: Actor, project: Project, definition: Definition) -> bool:
    """Accept the gate or refuse it: its acceptor, while the project is not over."""
    return not policy.is_frozen(project) and is_acceptor(actor, project, definition)


def is_acceptor(actor: Actor, project: Project, definition: Definition) -> bool:
    """In some state of the project."""
    tracks = {track.key for track in list_tracks(project)}
    asked_of = policy.on_tracks(definition, tracks)
    return policy.is_acceptor(actor, project, asked_of, list_held(actor, project))


def find_engagement(project: Project) -> Engagement | None:
    return db.session.scalar(select(Engagement).where(Engagement.project_id == project.id))


def find_plan(project: Project) -> ChangePlan | None:
    return db.session.scalar(select(ChangePlan).where(ChangePlan.project_id == project.id))


def list_panels(project: Project) -> Sequence[Panel]:
    """The latest first."""
    mine = select(Panel).where(Panel.project_id == project.id)
    return db.session.scalars(mine.order_by(Panel.number.desc())).all()


def get_panel(actor: Actor, project: Project, number: int) -> Panel:
    """Raises `NotFound`."""
    return get_one(actor, Panel, project, number)


def list_versions(project: Project) -> Sequence[tuple[UUID, int]]:
    """Versions of its prototype, by id, the latest first."""
    mine = select(PrototypeVersion.id, PrototypeVersion.number).where(
        PrototypeVersion.project_id == project.id
    )
    found = db.session.execute(mine.order_by(PrototypeVersion.number.desc()))
    return [(row[0], row[1]) for row in found]


def list_open_projects(programme_id: UUID) -> Sequence[Project]:
    """Those of a programme whose gates still live."""
    mine = select(Project).where(
        Project.programme_id == programme_id,
        Project.stopped_on.is_(None),
        Project.finished_on.is_(None),
    )
    return db.session.scalars(mine.order_by(Project.organisation_fold, Project.slug)).all()
