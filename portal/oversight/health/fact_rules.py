"""What is known of a project at one moment: all that its health and its row in a list follow from.

Pure: gathered elsewhere. Nothing in it ages: it holds dates, and a day is asked of it. So what is
kept when something happens tells every later day as well, until something else happens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from portal.oversight.health.forecast_rules import PlannedGate

ACTIVE = "active"


@dataclass(frozen=True)
class GateStep:
    """A gate. `passed_on` is its first acceptance, None where none holds; from `stale_on` on the
    acceptance is stale, and from the day after `fresh_until` by its age. `lacking` counts the
    predicates that are not met."""

    number: int
    key: str
    weight: int
    due_on: date
    is_waived: bool = False
    is_declared: bool = False
    is_asked: bool = False
    is_proved: bool = False
    lacking: int = 0
    passed_on: date | None = None
    stale_on: date | None = None
    fresh_until: date | None = None

    def stale_since(self) -> date | None:
        """The day from which its acceptance is stale, which may be to come."""
        aged = self.fresh_until + timedelta(days=1) if self.fresh_until else None
        days = [day for day in (self.stale_on, aged) if day is not None]
        return min(days, default=None) if self.passed_on else None

    def is_stale(self, day: date) -> bool:
        since = self.stale_since()
        return since is not None and since <= day

    def is_accepted(self, day: date) -> bool:
        return self.passed_on is not None and not self.is_stale(day)

    def look(self, day: date) -> str:
        """The word for its state, as gates call it."""
        if self.is_waived:
            return "waived"
        if self.passed_on is not None:
            return "stale" if self.is_stale(day) else "accepted"
        return "proved" if self.is_proved else "open"


def weights_of(steps: Iterable[GateStep], day: date) -> tuple[int, int, int, int]:
    """Weights declared, proved, accepted, and of all gates that nobody waived."""
    counted = [step for step in steps if not step.is_waived]
    return (
        sum(step.weight for step in counted if step.is_declared),
        sum(step.weight for step in counted if step.is_proved),
        sum(step.weight for step in counted if step.is_accepted(day)),
        sum(step.weight for step in counted),
    )


@dataclass(frozen=True)
class ClosedSprintFacts:
    """The closed sprint whose work came last."""

    number: int
    on: date
    outcome: str
    summary: str = ""
    outlook: str = ""
    blocker: str = ""
    help_wanted: bool = False
    decision_awaited: str = ""


@dataclass(frozen=True)
class SprintFacts:
    """Sprints. `missed_on` are the closes of the goals missed in a row up to the last, the oldest
    first."""

    last: ClosedSprintFacts | None = None
    missed_on: tuple[date, ...] = ()
    running: int | None = None
    running_ends_on: date | None = None


@dataclass(frozen=True)
class UserTestFacts:
    """Sessions with users. `primary` is (successes, tried) at the primary task of the last round in
    which somebody came."""

    last_on: date | None = None
    round: int | None = None
    version: int | None = None
    sessions: int = 0
    primary: tuple[int, int] | None = None


@dataclass(frozen=True)
class OpenIssue:
    """A severe finding that is open, or a risk that nobody answers for; since when."""

    number: int
    since: date
    severity: int = 0


@dataclass(frozen=True)
class UnansweredAdvice:
    """Recommendations that nobody has answered; the oldest came on that day."""

    n: int = 0
    number: int | None = None
    since: date | None = None


@dataclass(frozen=True)
class EthicsFacts:
    """Where its reviews stand: the last of each questionnaire, by kind, as it is called there."""

    reviews: Mapping[str, str] = field(default_factory=dict)
    conditions: int = 0  # open ones
    triggers: int = 0  # that nobody has answered
    high: int = 0  # open risks that are high as of now


@dataclass(frozen=True)
class HealthFacts:
    """Of one project. `begun_on` is the later of its start and the day it was written down: nobody
    was silent before. `empty` are key roles that nobody holds, each since when; `mark` counts what
    was ever judged and decided of its gates."""

    starts_on: date
    ends_on: date
    begun_on: date
    state: str = ACTIVE
    rests_since: date | None = None
    steps: tuple[GateStep, ...] = ()
    mark: int = 0
    work: SprintFacts = SprintFacts()
    contact_on: date | None = None
    tests: UserTestFacts = UserTestFacts()
    findings: tuple[OpenIssue, ...] = ()
    unowned: tuple[OpenIssue, ...] = ()
    advice: UnansweredAdvice = UnansweredAdvice()
    empty: Mapping[str, date] = field(default_factory=dict)
    ethics: EthicsFacts = EthicsFacts()

    @property
    def goes_on(self) -> bool:
        return self.state == ACTIVE

    def last_day(self, day: date) -> date:
        """A project that rests no longer ages."""
        return min(day, self.rests_since) if self.rests_since else day

    def step(self, key: str) -> GateStep | None:
        return next((step for step in self.steps if step.key == key), None)

    def planned_gates(self, day: date) -> Sequence[PlannedGate]:
        """Its gates as a forecast looks at them: those that nobody waived."""
        return [
            PlannedGate(step.number, step.due_on, step.passed_on if step.is_accepted(day) else None)
            for step in self.steps
            if not step.is_waived
        ]


def facts_as_plain(facts: Any) -> Any:
    """As JSON can hold it; what is as usual is left out."""
    if isinstance(facts, date):
        return facts.isoformat()
    if isinstance(facts, tuple):
        return [facts_as_plain(item) for item in facts]
    if isinstance(facts, Mapping):
        return {key: facts_as_plain(item) for key, item in sorted(facts.items())}
    if hasattr(facts, "__dataclass_fields__"):
        return {
            each.name: facts_as_plain(value)
            for each in fields(facts)
            if (value := getattr(facts, each.name)) != _default_of(each)
        }
    return facts


def _default_of(each: Any) -> Any:
    return each.default_factory() if callable(each.default_factory) else each.default


def facts_from_plain(plain: Mapping[str, Any]) -> HealthFacts:
    """What another version of the portal kept is read too: readings are never written again. A fact
    that is new has a usual value, or is told here from what was known; one that is gone is left."""
    facts: HealthFacts = _parse(HealthFacts, {"begun_on": plain["starts_on"], **plain})
    return facts


_hints = cache(get_type_hints)


def _parse(kind: Any, plain: Any) -> Any:
    if isinstance(kind, UnionType):
        kinds = [member for member in get_args(kind) if member is not NoneType]
        return None if plain is None else _parse(kinds[0], plain)
    if kind is date:
        return date.fromisoformat(plain)
    if get_origin(kind) is tuple:
        (of, *_rest) = get_args(kind)
        return tuple(_parse(of, item) for item in plain)
    if get_origin(kind) is Mapping:
        of = get_args(kind)[1]
        return {key: _parse(of, item) for key, item in plain.items()}
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        values = {name: value for name, value in plain.items() if name in hints}
        return kind(**{name: _parse(hints[name], value) for name, value in values.items()})
    return plain
