"""All that gates look at, of one project, as plain values. Pure: gathered elsewhere.

Things are called by their numbers. A `token` is the same while what matters of a thing is the
same. A part that was not gathered is empty; whoever judges says which parts are needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EvidencePart(StrEnum):
    """What is gathered together."""

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
class KeyRole:
    """Somebody was named: are they on the team, and is it said how much time they give?"""

    is_on_team: bool = True
    has_share: bool = True


@dataclass(frozen=True)
class EngagementEvidence:
    """`tracks`: the tracks of the project, each with whether a coach is on it."""

    agreed_on: date | None = None
    members: int = 0
    members_with_share: int = 0
    sponsor: KeyRole | None = None
    business_owner: KeyRole | None = None
    tracks: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetGroupEvidence:
    """People the project is for, while it is for them."""

    number: int
    size: int | None = 1
    token: str = ""


@dataclass(frozen=True)
class FramingEvidence:
    problem: bool = False
    groups: tuple[TargetGroupEvidence, ...] = ()
    assumptions: int = 0
    interviews: int = 0


@dataclass(frozen=True)
class MeasureEvidence:
    """`edition` is that of the metric's definition it was made under."""

    number: int
    measured_on: date
    edition: int = 1
    sample_size: int | None = 1
    has_method: bool = True


@dataclass(frozen=True)
class MetricEvidence:
    number: int
    edition: int = 1
    baseline_on: date | None = None
    has_target: bool = True
    measures: tuple[MeasureEvidence, ...] = ()


@dataclass(frozen=True)
class DataSourceEvidence:
    """`is_received`: the way to the data has come that far."""

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


@dataclass(frozen=True)
class VersionEvidence:
    number: int
    is_reachable: bool = True
    model: str = ""  # its token: family and provider
    interface: str = ""  # its token: how much it decides, and for whom


@dataclass(frozen=True)
class RunEvidence:
    """A result under a protocol. `is_enough`: it reached the threshold; `pivoted`: the team
    decided to take another way under that protocol."""

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


@dataclass(frozen=True)
class EvaluationEvidence:
    """How the AI does. `protocols` are those that nothing replaced."""

    protocols: int = 0
    runs: tuple[RunEvidence, ...] = ()


@dataclass(frozen=True)
class DemonstrationEvidence:
    """`version` None: something else than a version was shown."""

    number: int
    sprint: int = 1
    sprint_closed: bool = True
    version: int | None = 1
    outside: int = 1


@dataclass(frozen=True)
class RoundEvidence:
    """`groups`: participants by declared target group; `sessions` counts all who came. `primary`
    is (successes, tried) at the primary task, whose copies in later rounds share `lineage`."""

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
    """`round` is the one that showed it first; `severity` None: nobody rated it."""

    number: int
    round: int = 1
    severity: int | None = 0
    is_open: bool = True


@dataclass(frozen=True)
class SheetEvidence:
    """The last complete sheet of a kind; `passed` are the items that count whole, `fell` those
    that count for less."""

    number: int
    kind: str
    version: int | None = None
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewEvidence:
    """Of one questionnaire. `version` is the version of the prototype it was last given away on;
    `open_conditions` are conditions not confirmed closed. `outcome`: that of its last decision,
    "" before one or once it was opened again."""

    number: int
    kind: str
    answered: int = 1
    questions: int = 1
    has_level: bool = True
    reviewer_independent: bool | None = True  # None: nobody is chosen
    outcome: str = ""
    version: int | None = None
    open_conditions: int = 0


@dataclass(frozen=True)
class EthicsReviewsEvidence:
    """`triggers` are those that nobody has answered, by number, with what raised each."""

    reviews: tuple[ReviewEvidence, ...] = ()
    triggers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RiskEvidence:
    """One that is open. `is_owned`: a mitigation of it has an owner and a date."""

    number: int
    is_high_before: bool = False
    is_high_now: bool = False
    is_owned: bool = False


@dataclass(frozen=True)
class PanelEvidence:
    """`version` None: nothing was shown live. Criteria met, of those that were judged."""

    number: int
    version: int | None = 1
    judged: int = 0
    met: int = 0
    outcome: str = ""


@dataclass(frozen=True)
class Evidence:
    """Of one project, at one moment."""

    engagement: EngagementEvidence = EngagementEvidence()
    coached_on: date | None = None  # the first coaching session
    framing: FramingEvidence = FramingEvidence()
    metrics: tuple[MetricEvidence, ...] = ()
    sources: tuple[DataSourceEvidence, ...] = ()
    versions: tuple[VersionEvidence, ...] = ()
    evaluated: EvaluationEvidence = EvaluationEvidence()
    demonstrations: tuple[DemonstrationEvidence, ...] = ()
    rounds: tuple[RoundEvidence, ...] = ()
    findings: tuple[RoundFindingEvidence, ...] = ()
    sheets: tuple[SheetEvidence, ...] = ()
    reviewed: EthicsReviewsEvidence = EthicsReviewsEvidence()
    risks: tuple[RiskEvidence, ...] = ()
    plan_lacks: tuple[str, ...] | None = None  # of the change plan; None: there is none
    panels: tuple[PanelEvidence, ...] = ()

    @property
    def latest_version(self) -> VersionEvidence | None:
        return max(self.versions, key=lambda version: version.number, default=None)
