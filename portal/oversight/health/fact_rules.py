"""Facts about a project at one moment: its health and its row in lists derive from them.

Pure: `fact_queries` reads them. Facts store due dates, not overdue flags, so a stored reading stays
valid for every later day, until an event changes a fact. Field names are stored as JSON keys.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from portal.oversight.gates.forecast_rules import PlannedGate
from portal.oversight.gates.turn_rules import GateTurn

ACTIVE = "active"
OVER = ("stopped", "finished")


@dataclass(frozen=True)
class GrantedGateDelay:
    """A granted delay that the baseline of a gate holds."""

    from_on: date
    days: int


@dataclass(frozen=True)
class GateFacts:
    """A gate. `passed_on` is the day of its first acceptance, None if none is in force.

    The acceptance is stale from `stale_on` on, and by age from the day after `fresh_until`.
    `lacking` counts the unmet predicates; `unproved_on` is the day they were met no longer, None where
    they never were. `revoked_from` is the day of the first acceptance where
    none is in force any more. `refusal`: why its last answer refuses the present evidence. `due_on`
    holds the delays `moves`. `turns`: whose turn comes before an acceptance holds, None where unknown.
    """

    number: int
    key: str
    weight: int
    due_on: date
    is_waived: bool = False
    is_declared: bool = False
    is_asked: bool = False
    is_proved: bool = False
    lacking: int = 0
    unproved_on: date | None = None
    passed_on: date | None = None
    stale_on: date | None = None
    fresh_until: date | None = None
    revoked_from: date | None = None
    refusal: str = ""
    moves: tuple[GrantedGateDelay, ...] = ()
    turns: tuple[str, ...] | None = None

    @property
    def first_passed_on(self) -> date | None:
        """The day of its first acceptance, whatever happened since; None before."""
        return self.passed_on or self.revoked_from

    def stale_since(self) -> date | None:
        """Return the first day on which the acceptance is stale, possibly a future one."""
        expired_on = self.fresh_until + timedelta(days=1) if self.fresh_until else None
        days = [day for day in (self.stale_on, expired_on) if day is not None]
        return min(days, default=None) if self.passed_on else None

    def is_stale(self, day: date) -> bool:
        since = self.stale_since()
        return since is not None and since <= day

    def is_accepted(self, day: date) -> bool:
        return self.passed_on is not None and not self.is_stale(day)

    def list_turns_on(self, day: date) -> tuple[GateTurn, ...]:
        """Return whose turn it is on `day` before the acceptance holds again; () for its acceptors'."""
        by_default = () if self.is_proved else (GateTurn.TEAM,)
        expired = (GateTurn.TEST,) if self.fresh_until and self.fresh_until < day else ()
        turns = {*(by_default if self.turns is None else self.turns), *expired}
        return tuple(turn for turn in GateTurn if turn in turns)

    def look(self, day: date) -> str:
        """Return the value of its `GateStanding`."""
        if self.is_waived:
            return "waived"
        if self.passed_on is not None:
            return "stale" if self.is_stale(day) else "accepted"
        if self.refusal:
            return "refused"
        return "proved" if self.is_proved else "open"


def sum_gate_weights(steps: Iterable[GateFacts], day: date) -> tuple[int, int, int, int]:
    """Return the sums of weights: declared, proved, accepted, all; without waived gates."""
    counted = [step for step in steps if not step.is_waived]
    return (
        sum(step.weight for step in counted if step.is_declared),
        sum(step.weight for step in counted if step.is_proved),
        sum(step.weight for step in counted if step.is_accepted(day)),
        sum(step.weight for step in counted),
    )


@dataclass(frozen=True)
class ClosedSprintFacts:
    """The closed sprint that ended last."""

    number: int
    on: date
    outcome: str
    summary: str = ""
    outlook: str = ""
    blocker: str = ""
    help_wanted: bool = False
    help_since: date | None = None
    help_taken: bool = False
    decision_awaited: str = ""


@dataclass(frozen=True)
class SprintFacts:
    """Sprints. `missed_on` are the closing days of the last sprints that missed their goals in a
    row, the oldest first; `help_awaited_since` the days of the requests for help that nobody took."""

    last: ClosedSprintFacts | None = None
    missed_on: tuple[date, ...] = ()
    running: int | None = None
    running_ends_on: date | None = None
    help_awaited_since: tuple[date, ...] = ()

    def list_help_request_days(self) -> tuple[date, ...]:
        """The same, also of a reading that is older than the field."""
        last = self.last
        if self.help_awaited_since or last is None or last.help_taken or last.help_since is None:
            return self.help_awaited_since
        return (last.help_since,) if last.help_wanted else ()


@dataclass(frozen=True)
class UserTestFacts:
    """Sessions with users. `primary` is (successes, attempts) at the primary task of the last round
    with a session."""

    last_on: date | None = None
    round: int | None = None
    version: int | None = None
    sessions: int = 0
    primary: tuple[int, int] | None = None


@dataclass(frozen=True)
class OpenIssue:
    """An open severe finding, or a high risk without an owned mitigation."""

    number: int
    since: date
    severity: int = 0


@dataclass(frozen=True)
class UnansweredAdviceSummary:
    """Unanswered recommendations: how many, and number and day of the oldest; `total` counts all
    recommendations."""

    n: int = 0
    number: int | None = None
    since: date | None = None
    total: int = 0


@dataclass(frozen=True)
class EthicsFacts:
    """Ethics: status of the last review of each kind of questionnaire."""

    reviews: Mapping[str, str] = field(default_factory=dict)
    conditions: int = 0  # open
    triggers: int = 0  # unanswered
    high: int = 0  # open risks whose present level is high
    risks: int = 0  # open, whatever their level


@dataclass(frozen=True)
class TrackFacts:
    """A track of the project: its names, since when a coach is assigned to it (None: nobody is),
    and the last session on it."""

    name_fr: str
    name_en: str
    assigned_on: date | None = None
    met_on: date | None = None


@dataclass(frozen=True)
class HealthFacts:
    """Facts about one project.

    `empty` are vacant key roles, each with its first day; `mark` counts evaluations, decisions and
    terms of its gates, `edition` is that of the rules that read them: to see whether `steps` are old.
    """

    starts_on: date
    ends_on: date
    state: str = ACTIVE
    rests_since: date | None = None
    steps: tuple[GateFacts, ...] = ()
    mark: int = 0
    edition: int = 0
    work: SprintFacts = SprintFacts()
    contact_on: date | None = None
    tests: UserTestFacts = UserTestFacts()
    findings: tuple[OpenIssue, ...] = ()
    unowned: tuple[OpenIssue, ...] = ()
    advice: UnansweredAdviceSummary = UnansweredAdviceSummary()
    empty: Mapping[str, date] = field(default_factory=dict)
    ethics: EthicsFacts = EthicsFacts()
    tracks: Mapping[str, TrackFacts] = field(default_factory=dict)  # by key

    @property
    def goes_on(self) -> bool:
        return self.state == ACTIVE

    @property
    def is_over(self) -> bool:
        """Whether it stopped or finished: nothing waits there but what was asked before."""
        return self.state in OVER

    def last_day(self, day: date) -> date:
        """Return `day`, or the day on which the project stopped, finished or paused if earlier."""
        return min(day, self.rests_since) if self.rests_since else day

    def step(self, key: str) -> GateFacts | None:
        return next((step for step in self.steps if step.key == key), None)

    @property
    def planned_gates(self) -> Sequence[PlannedGate]:
        """The gates as a forecast reads them."""
        return [
            PlannedGate(
                step.number,
                step.due_on,
                step.first_passed_on,
                step.is_waived,
                tuple((move.from_on, move.days) for move in step.moves),
            )
            for step in self.steps
        ]


def facts_as_plain(facts: Any) -> Any:
    """Return facts as JSON values, without fields that have their default."""
    if isinstance(facts, date):
        return facts.isoformat()
    if isinstance(facts, tuple):
        return [facts_as_plain(item) for item in facts]
    if isinstance(facts, Mapping):
        return {key: facts_as_plain(item) for key, item in sorted(facts.items())}
    if hasattr(facts, "__dataclass_fields__"):
        return {
            fact_field.name: facts_as_plain(value)
            for fact_field in fields(facts)
            if (value := getattr(facts, fact_field.name)) != _get_field_default(fact_field)
        }
    return facts


def _get_field_default(fact_field: Any) -> Any:
    factory = fact_field.default_factory
    return factory() if callable(factory) else fact_field.default


def facts_from_plain(plain: Mapping[str, Any]) -> HealthFacts:
    """Return the facts that `facts_as_plain` wrote, also in another version of the portal.

    Readings are append-only: a field that is missing takes its default, an unknown one is ignored.
    """
    facts: HealthFacts = _parse_plain_value(HealthFacts, plain)
    return facts


_hints = cache(get_type_hints)


def _parse_plain_value(kind: Any, plain: Any) -> Any:
    if isinstance(kind, UnionType):
        kinds = [member for member in get_args(kind) if member is not NoneType]
        return None if plain is None else _parse_plain_value(kinds[0], plain)
    if kind is date:
        return date.fromisoformat(plain)
    if get_origin(kind) is tuple:
        item_kind = get_args(kind)[0]
        return tuple(_parse_plain_value(item_kind, item) for item in plain)
    if get_origin(kind) is Mapping:
        item_kind = get_args(kind)[1]
        return {key: _parse_plain_value(item_kind, item) for key, item in plain.items()}
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        values = {name: value for name, value in plain.items() if name in hints}
        return kind(**{name: _parse_plain_value(hints[name], value) for name, value in values.items()})
    return plain
