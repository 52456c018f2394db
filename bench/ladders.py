"""Ten months of gates: what was judged and decided of each team, and its health."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.evidence_rules import Evidence
from portal.oversight.gates.models import GateDecision, GateEvaluation, ProjectGatesLock
from portal.oversight.gates.predicate_rules import evaluate_gate, evaluation_as_plain
from portal.oversight.health import projections
from portal.oversight.health.fact_queries import ALL_PARTS
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.queries import read_states
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project
from tests.support.evidence import WHOLE

KINDS = 24  # of teams: how many gates they passed, and whether one has gone stale
MONTHS = 10
MONTH = timedelta(days=28)

JUDGED = [(evaluate_gate(one, Evidence()), evaluate_gate(one, WHOLE)) for one in read_default_gates()]


class Writer(Protocol):
    now: Any

    def id(self) -> UUID: ...
    def add(self, model: type[Base], **values: Any) -> UUID: ...


def add_gates(write: Writer, scope: UUID, number: int, acceptor: UUID) -> None:
    """Every gate was judged at the beginning; some were proved, asked for, accepted in their month;
    with every other kind of team the last of them has lost its evidence since."""
    write.add(ProjectGatesLock, project_id=scope)
    begun = write.now - MONTHS * MONTH
    kind = number % KINDS
    passed, is_stale = 1 + kind // 2, kind % 2
    for gate, (open_, proved) in enumerate(JUDGED):
        at = begun + timedelta(days=1)
        _judged(write, scope, open_, at)
        if gate >= passed:
            continue
        at = min(begun + timedelta(days=gate * 23 + number % 9), write.now - timedelta(days=3))
        seen = _judged(write, scope, proved, at)
        for verb, after in ((GateVerb.DECLARED, 1), (GateVerb.ACCEPTED, 2)):
            values = {"evaluation_id": seen, "fingerprint": proved.fingerprint, "reason": ""}
            write.add(
                GateDecision, project_id=scope, gate=gate, verb=verb, decided_by_id=acceptor,
                created_at=at + timedelta(days=after), **values,
            )  # fmt: skip
        if is_stale and gate == passed - 1:
            _judged(write, scope, open_, write.now - timedelta(days=1))


def _judged(write: Writer, scope: UUID, made: Any, at: Any) -> UUID:
    told = {
        "payload": evaluation_as_plain(made),
        "is_proved": made.is_proved,
        "fingerprint": made.fingerprint,
    }
    return write.add(GateEvaluation, project_id=scope, gate=made.gate, created_at=at, **told)


def read_health(projects: Sequence[UUID]) -> None:
    """Month by month, of one team of each kind; the others are like it. In the order they were
    added."""
    now = clock.now()
    for month in range(MONTHS, -1, -1):
        with clock.frozen_at(now - month * MONTH):
            for id_ in projects[:KINDS]:
                states = read_states(projects[:KINDS])
                others = {team: state.latenesses for team, state in states.items()}
                project = db.session.get_one(Project, id_)
                projections.refresh_project_reading(project, ALL_PARTS, others)
    db.session.flush()
    known = {
        model: [_plain(row) for row in db.session.scalars(sa.select(model))]
        for model in (HealthReading, HealthFigures)
    }
    copies: dict[type[Base], list[dict[str, Any]]] = {HealthReading: [], HealthFigures: []}
    for number, id_ in enumerate(projects[KINDS:], KINDS):
        like, ids = projects[number % KINDS], {}
        for row in known[HealthReading]:
            if row["project_id"] == like:
                ids[row["id"]] = new_id()
                copies[HealthReading].append(row | {"id": ids[row["id"]], "project_id": id_})
        for row in known[HealthFigures]:
            if row["project_id"] == like:
                own = {"project_id": id_, "reading_id": ids[row["reading_id"]], "mark": number}
                copies[HealthFigures].append(row | own)
    for model, rows in copies.items():
        if rows:
            db.session.execute(sa.insert(model), rows)


def _plain(row: Any) -> dict[str, Any]:
    return {one.key: getattr(row, one.key) for one in sa.inspect(type(row)).columns}
