"""What a project's page shows of several features, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.coaching.recommendations.queries import (
    RecommendationAwaitingTeam,
    pending_recommendations_subquery,
)
from portal.ethics.rereviews.queries import WAITING_COUNTS
from portal.ethics.reviews.register_queries import (
    ConditionToMeet,
    DraftedReview,
    select_conditions_to_meet,
    select_drafted_reviews,
)
from portal.ethics.risks.register_queries import DatedMitigation, select_dated_mitigations
from portal.oversight.decisions.help_queries import AwaitedHelpQuestion, select_open_help_questions
from portal.oversight.decisions.queries import UnreadAnswer, select_unread_answers
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.framing.queries import OpenAssumption, riskiest_open_assumptions_subquery
from portal.project.projects.models import Project, ProjectFigures
from portal.sprints.backlog.item_list_queries import backlog_presence_subquery
from portal.sprints.backlog.queries import (
    BlockedItem,
    SprintItem,
    count_sprint_items,
    select_blocked_items,
    select_sprint_items,
)
from portal.sprints.ceremonies.action_queries import OpenAction, select_open_actions
from portal.sprints.sprints.models import ASKS_FOR_HELP, REQUEST_TEXT, BlockerKind, Sprint, SprintOutcome
from portal.user_tests.findings.attention_queries import FindingSummary, select_severe_findings

ROWS_MAX = 20  # of each kind
ASSUMPTIONS_MAX = 1


@dataclass(frozen=True)
class UnclosedSprint:
    """A sprint in progress, or planned."""

    number: int
    goal: str
    starts_on: date
    ends_on: date
    drafted_at: datetime | None  # last save of a draft of its log
    item_count: int


@dataclass(frozen=True)
class LastSprint:
    """The sprint that was closed last."""

    number: int
    summary: str
    outcome: SprintOutcome | None
    blocker: BlockerKind
    blocker_text: str


@dataclass(frozen=True)
class AwaitedHelp:
    """Help that the team asked for, and that nobody gave yet."""

    number: int  # of the sprint
    blocker_text: str


@dataclass(frozen=True)
class ProjectSnapshot:
    """What is in progress in a project, and what waits for its team."""

    running: Sequence[UnclosedSprint]  # at most one
    planned_sprints: Sequence[UnclosedSprint]  # the next one
    has_backlog: bool  # items wait for a sprint
    closed: Sequence[LastSprint]  # the last one
    closed_count: int
    awaited_help: Sequence[AwaitedHelp]  # at most one
    items: Sequence[SprintItem]  # of the running sprint, by rank
    blocked: Sequence[BlockedItem]
    severe: Sequence[FindingSummary]
    assumptions: Sequence[OpenAssumption]
    actions: Sequence[OpenAction]
    mitigations: Sequence[DatedMitigation]
    conditions: Sequence[ConditionToMeet]
    drafts: Sequence[DraftedReview]
    to_answer: int  # re-reviews
    to_confirm: int
    advice: Sequence[RecommendationAwaitingTeam]
    unread_answers: Sequence[UnreadAnswer]
    help_questions: Sequence[AwaitedHelpQuestion]

    @property
    def active(self) -> UnclosedSprint | None:
        return self.running[0] if self.running else None

    @property
    def planned(self) -> UnclosedSprint | None:
        return self.planned_sprints[0] if self.planned_sprints else None

    @property
    def last(self) -> LastSprint | None:
        return self.closed[0] if self.closed else None

    @property
    def has_begun(self) -> bool:
        """Whether a sprint was ever closed."""
        return self.closed_count > 0


_OF_PROJECT = Sprint.project_id == bindparam("project")
_IS_CLOSED, _IS_STARTED = Sprint.closed_at.is_not(None), Sprint.started_at.is_not(None)
_OPEN_SPRINT = (
    select(
        Sprint.number,
        Sprint.goal,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.drafted_at,
        count_sprint_items(Sprint.id),
    )
    .where(_OF_PROJECT, ~_IS_CLOSED)
    .order_by(Sprint.starts_on, Sprint.number)
    .limit(1)
)
_LAST_SPRINT = (
    select(
        Sprint.number,
        Sprint.summary,
        Sprint.outcome,
        Sprint.blocker,
        Sprint.blocker_text,
    )
    .where(_OF_PROJECT, _IS_CLOSED)
    .order_by(Sprint.ends_on.desc(), Sprint.number.desc())
    .limit(1)
)
_AWAITED_HELP = (
    select(Sprint.number, REQUEST_TEXT)
    .join(ProjectFigures, ProjectFigures.project_id == Sprint.project_id)
    .where(_OF_PROJECT, ASKS_FOR_HELP, Sprint.helped_at.is_(None))
    .where(Sprint.number >= func.coalesce(ProjectFigures.last_number, 0))
    .order_by(Sprint.number.desc())
    .limit(1)
)
_FIGURES: tuple[Any, ...] = (
    rows_subquery(_OPEN_SPRINT.where(_IS_STARTED), UnclosedSprint),
    rows_subquery(_OPEN_SPRINT.where(~_IS_STARTED), UnclosedSprint),
    backlog_presence_subquery(),
    rows_subquery(_LAST_SPRINT, LastSprint),
    select(func.count()).select_from(Sprint).where(_OF_PROJECT, _IS_CLOSED).scalar_subquery(),
    rows_subquery(_AWAITED_HELP, AwaitedHelp),
    select_sprint_items(_OPEN_SPRINT.where(_IS_STARTED).with_only_columns(Sprint.id)),
    select_blocked_items(ROWS_MAX),
    select_severe_findings(ROWS_MAX),
    riskiest_open_assumptions_subquery(ASSUMPTIONS_MAX),
    select_open_actions(ROWS_MAX),
    select_dated_mitigations(ROWS_MAX),
    select_conditions_to_meet(ROWS_MAX),
    select_drafted_reviews(ROWS_MAX),
    *WAITING_COUNTS,
    pending_recommendations_subquery(ROWS_MAX),
    select_unread_answers(ROWS_MAX),
    select_open_help_questions(ROWS_MAX),
)
_SNAPSHOT = PreparedStatement(select(*_FIGURES))


def read_project_snapshot(project: Project) -> ProjectSnapshot:
    """The snapshot of a project that the actor may see."""
    return ProjectSnapshot(*fetch_rows(_SNAPSHOT, {"project": project.id})[0])
