"""What changed in a project since a moment: a line a thing, of the features that a session talks
about. The caller was allowed to see the project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, case, cast, literal, select, union_all

from portal.ethics.risks.models import Risk
from portal.oversight.decisions.models import AwaitedDecision, DecisionStage
from portal.oversight.gates.models import GateDecision
from portal.platform.kernel.database import UtcDateTime, db
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import MetricDirection
from portal.project.projects.models import Project
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound

CHANGES_MAX = 60


class ChangeKind(StrEnum):
    """A kind of change."""

    SPRINT = "sprint"
    GATE = "gate"
    VERSION = "version"
    RUN = "run"
    ROUND = "round"
    FINDING = "finding"
    RISK = "risk"
    SOURCE = "source"
    REQUESTED = "requested"
    ANSWERED = "answered"
    HELP_ASKED = "help_asked"  # by a question
    HELP_ANSWERED = "help_answered"


@dataclass(frozen=True)
class ProjectChange:
    """Something that happened: to which numbered row, with its text, if it has one. `value` is the
    outcome of a sprint, a decision or a request for help, the verb of a gate, and whether a run reached
    its threshold (`reached`, `missed`)."""

    kind: ChangeKind
    number: int
    text: str
    value: str
    at: datetime

    @property
    def path(self) -> str:
        """The path of its page, below the project's."""
        return _PATHS[self.kind].format(number=self.number)


_PATHS: Mapping[ChangeKind, str] = {
    ChangeKind.SPRINT: Sprint.page_path,
    ChangeKind.GATE: "/gates/{number}",
    ChangeKind.VERSION: PrototypeVersion.page_path,
    ChangeKind.RUN: EvaluationRun.page_path,
    ChangeKind.ROUND: TestRound.page_path,
    ChangeKind.FINDING: Finding.page_path,
    ChangeKind.RISK: Risk.page_path,
    ChangeKind.SOURCE: DataSource.page_path,
    ChangeKind.REQUESTED: AwaitedDecision.page_path,
    ChangeKind.ANSWERED: AwaitedDecision.page_path,
    ChangeKind.HELP_ASKED: AwaitedDecision.page_path,
    ChangeKind.HELP_ANSWERED: AwaitedDecision.page_path,
}


def _select_changes(
    kind: ChangeKind | ColumnElement[str], model: Any, number: Any, text: Any, at: Any, *, value: Any = None
) -> Select[Any]:
    column = literal("") if value is None else cast(value, String)
    code = literal(kind.value) if isinstance(kind, ChangeKind) else kind
    return select(code.label("kind"), number, text, column, at.label("at")).where(
        model.project_id == bindparam("project"), at > bindparam("since", type_=UtcDateTime())
    )


REACHED, MISSED = "reached", "missed"
_IS_REACHED = case(
    (
        EvaluationProtocol.direction == MetricDirection.UP,
        EvaluationRun.result >= EvaluationProtocol.threshold,
    ),
    else_=EvaluationRun.result <= EvaluationProtocol.threshold,
)
_ASKS_FOR_HELP = AwaitedDecision.asks_for_help
_CHANGES = union_all(
    _select_changes(
        ChangeKind.SPRINT, Sprint, Sprint.number, Sprint.goal, Sprint.closed_at, value=Sprint.outcome
    ),
    _select_changes(
        ChangeKind.GATE,
        GateDecision,
        GateDecision.gate,
        literal(""),
        GateDecision.created_at,
        value=GateDecision.verb,
    ),
    _select_changes(
        ChangeKind.VERSION,
        PrototypeVersion,
        PrototypeVersion.number,
        PrototypeVersion.changes,
        PrototypeVersion.created_at,
    ),
    _select_changes(
        ChangeKind.RUN,
        EvaluationRun,
        EvaluationRun.number,
        EvaluationProtocol.metric,
        EvaluationRun.created_at,
        value=case((_IS_REACHED, REACHED), else_=MISSED),
    ).where(EvaluationProtocol.id == EvaluationRun.protocol_id),
    _select_changes(ChangeKind.ROUND, TestRound, TestRound.number, TestRound.title, TestRound.created_at),
    _select_changes(ChangeKind.FINDING, Finding, Finding.number, Finding.what, Finding.created_at),
    _select_changes(ChangeKind.RISK, Risk, Risk.number, Risk.what, Risk.created_at),
    _select_changes(ChangeKind.SOURCE, DataSource, DataSource.number, DataSource.name, DataSource.created_at),
    _select_changes(
        case((_ASKS_FOR_HELP, ChangeKind.HELP_ASKED.value), else_=ChangeKind.REQUESTED.value),
        AwaitedDecision,
        AwaitedDecision.number,
        AwaitedDecision.question,
        AwaitedDecision.created_at,
    ),
    _select_changes(
        case((_ASKS_FOR_HELP, ChangeKind.HELP_ANSWERED.value), else_=ChangeKind.ANSWERED.value),
        AwaitedDecision,
        AwaitedDecision.number,
        AwaitedDecision.question,
        AwaitedDecision.closed_at,
        value=AwaitedDecision.outcome,
    ).where(AwaitedDecision.stage == DecisionStage.ANSWERED),
).order_by("at")


def list_changes(project: Project, since: datetime) -> Sequence[ProjectChange]:
    """The latest first, at most `CHANGES_MAX`. One statement."""
    rows = db.session.execute(_CHANGES, {"project": project.id, "since": since}).all()
    changes = [ProjectChange(ChangeKind(kind), *values) for kind, *values in reversed(rows)]
    return changes[:CHANGES_MAX]
