"""Evidence about one project as plain values. Pure: `evidence_queries` reads it.

Rows are identified by number. A `token` is a hash of the fields that matter to an acceptance.
A part that was not read is empty: `list_needed_parts` says which parts an evaluation needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EvidencePart(StrEnum):
    """A part of the evidence, read as a whole."""

    ENGAGEMENT = "engagement"
    COACHING = "coaching"
    FRAMING = "framing"
    METRICS = "metrics"
    DATA = "data"
    VERSIONS = "versions"
    EVALUATION = "evaluation"
    DEMONSTRATIONS = "demonstrations"
    TESTS = "tests"
    FINDINGS = "findings"
    SHEETS = "sheets"
    REVIEWS = "reviews"
    RISKS = "risks"
    CHANGE = "change"
    PANELS = "panels"


@dataclass(frozen=True)
class KeyRoleHolder:
    """The holder of a key role: on the team, with a declared share of time?"""

    is_on_team: bool = True
    has_share: bool = True


@dataclass(frozen=True)
class TeamAndCoachesEvidence:
    """Team and agreement. `tracks`: by key of the project's tracks, whether a coach is on it."""

    agreed_on: date | None = None
    members: int = 0
    members_with_share: int = 0
    sponsor: KeyRoleHolder | None = None
    business_owner: KeyRoleHolder | None = None
    tracks: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetGroupEvidence:
    """A target group that the project still aims at."""

    number: int
    size: int | None = 1
    token: str = ""


@dataclass(frozen=True)
class FramingEvidence:
    """Problem, target groups, and counts of assumptions and interviews."""

    problem: bool = False
    groups: tuple[TargetGroupEvidence, ...] = ()
    assumptions: int = 0
    interviews: int = 0


@dataclass(frozen=True)
class MeasureEvidence:
    """A measure; `edition` is the edition of the metric's definition that applied."""

    number: int
    measured_on: date
    edition: int = 1
    sample_size: int | None = 1
    has_method: bool = True


@dataclass(frozen=True)
class MetricEvidence:
    """An impact metric with its measures."""

    number: int
    edition: int = 1
    baseline_on: date | None = None
    has_target: bool = True
    measures: tuple[MeasureEvidence, ...] = ()


@dataclass(frozen=True)
class DataSourceEvidence:
    """A data source; `is_received`: access has reached at least that state."""

    number: int
    has_holder: bool = True
    has_legal_basis: bool = True
    is_screened: bool = True
    is_received: bool = True
    sample_rows: int | None = 1
    has_hash: bool = True
    has_quality_note: bool = True
    has_purpose: bool = True
    token: str = ""
    value_token: str = ""  # of all that a gate's page prints of it


@dataclass(frozen=True)
class VersionEvidence:
    """A version of the prototype."""

    number: int
    is_reachable: bool = True
    model: str = ""  # token: family and provider
    interface: str = ""  # token: automation and exposure


@dataclass(frozen=True)
class RunEvidence:
    """A run under a protocol. `is_enough`: it reached the threshold; `pivoted`: the team decided
    on a pivot under that protocol; `value_token`: of what a gate's page prints of both."""

    number: int
    ran_on: date
    protocol: int
    protocol_dated_on: date
    has_held_out: bool = True
    has_baseline: bool = True
    is_enough: bool = True
    pivoted: bool = False
    has_code: bool = True
    has_data_hash: bool = True
    subgroups: int = 0
    value_token: str = ""


@dataclass(frozen=True)
class EvaluationEvidence:
    """Evaluation of the AI; `protocols` counts those that are not replaced."""

    protocols: int = 0
    runs: tuple[RunEvidence, ...] = ()


@dataclass(frozen=True)
class DemonstrationEvidence:
    """A demonstration; `version` None: no version was shown."""

    number: int
    sprint: int = 1
    sprint_closed: bool = True
    version: int | None = 1
    outside: int = 1


@dataclass(frozen=True)
class RoundEvidence:
    """A test round. `groups`: participants by number of target group; `sessions` counts all.

    `primary` is (successes, attempts) at the primary task, whose copies in later rounds share
    `lineage`.
    """

    number: int
    version: int = 1
    sessions: int = 0
    consented: int = 0
    groups: Mapping[int, int] = field(default_factory=dict)
    access_needs: int | None = None
    absence_reasoned: bool = False
    primary: tuple[int, int] | None = None
    lineage: str = ""
    last_on: date | None = None


@dataclass(frozen=True)
class RoundFindingEvidence:
    """A finding; `round` is the first that showed it, `severity` None while unrated."""

    number: int
    round: int = 1
    severity: int | None = 0
    is_open: bool = True


@dataclass(frozen=True)
class ReadinessSheetEvidence:
    """The last complete readiness sheet of a kind; `passed` are the items with full weight,
    `failed` the others."""

    number: int
    kind: str
    version: int | None = None
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewEvidence:
    """An ethics review. `version` is the version of the prototype last submitted for review.

    `open_conditions` counts conditions not confirmed closed; `outcome` is that of the last
    decision, "" before one and after a reopening.
    """

    number: int
    kind: str
    answered: int = 1
    questions: int = 1
    has_level: bool = True
    reviewer_independent: bool | None = True  # None: no reviewer yet
    is_reviewer_named: bool = False  # somebody reviews the project: the lead can choose them
    outcome: str = ""
    version: int | None = None
    open_conditions: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether it has a reviewer."""
        return self.reviewer_independent is not None


@dataclass(frozen=True)
class EthicsReviewsEvidence:
    """Reviews, and open triggers of re-reviews: causes by number; `to_confirm` are the numbers of
    those whose answer a second person has to confirm."""

    reviews: tuple[ReviewEvidence, ...] = ()
    triggers: Mapping[str, str] = field(default_factory=dict)
    to_confirm: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RiskEvidence:
    """An open risk; `is_owned`: one of its mitigations has an owner and a date."""

    number: int
    is_high_before: bool = False
    is_high_now: bool = False
    is_owned: bool = False


@dataclass(frozen=True)
class PanelEvidence:
    """A panel: `met` of `judged` criteria; `version` None: nothing was shown live."""

    number: int
    version: int | None = 1
    judged: int = 0
    met: int = 0
    outcome: str = ""


@dataclass(frozen=True)
class Evidence:
    """Evidence about one project at one moment."""

    engagement: TeamAndCoachesEvidence = TeamAndCoachesEvidence()
    coached_on: date | None = None  # the first coaching session
    framing: FramingEvidence = FramingEvidence()
    metrics: tuple[MetricEvidence, ...] = ()
    sources: tuple[DataSourceEvidence, ...] = ()
    versions: tuple[VersionEvidence, ...] = ()
    evaluated: EvaluationEvidence = EvaluationEvidence()
    demonstrations: tuple[DemonstrationEvidence, ...] = ()
    rounds: tuple[RoundEvidence, ...] = ()
    findings: tuple[RoundFindingEvidence, ...] = ()
    sheets: tuple[ReadinessSheetEvidence, ...] = ()
    reviewed: EthicsReviewsEvidence = EthicsReviewsEvidence()
    risks: tuple[RiskEvidence, ...] = ()
    plan_lacks: tuple[str, ...] | None = None  # empty texts of the change plan; None: no plan
    panels: tuple[PanelEvidence, ...] = ()

    @property
    def latest_version(self) -> VersionEvidence | None:
        return max(self.versions, key=lambda version: version.number, default=None)
