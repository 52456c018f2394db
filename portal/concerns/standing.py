"""How one team stands on a day, as much of it as a reader may know. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.concerns.facts import Kept, Reviewed
from portal.kernel.months import months_after

SEVERE = 3
FRAMING, EXPOSURE = "framing", "exposure"
EXPECTED = (FRAMING, EXPOSURE)  # the questionnaires that gates ask for, in their order
ACCEPTED = frozenset({"accepted", "accepted_with_conditions"})
WAITING = frozenset({"submitted", "in_review"})


@dataclass(frozen=True)
class Sees:
    """What of one team. `conditions`: what decided reviews still ask, as their register tells."""

    all: bool
    conditions: bool


@dataclass(frozen=True)
class Asked:
    """A gate that asks for a review, in which month of the support."""

    gate: int
    month: int


class Look(StrEnum):
    """How a review that is expected stands, in words of its own."""

    WAIVED = "waived"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    REFUSED = "refused"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True)
class Expected:
    """A review that a gate asks for. `review` is the last one that the reader may know of."""

    kind: str
    gate: int
    due_on: date
    look: Look
    review: Reviewed | None
    is_asked: bool  # still: none was accepted, its gate is not waived, the team goes on
    is_late: bool = False


@dataclass(frozen=True)
class Standing:
    """Of one team on one day. What a reader may not know is None, or not there."""

    goes_on: bool
    catastrophic: int
    severe: int  # those included
    severe_number: int | None
    severe_since: date | None
    rated: Sequence[int] | None  # by severity, from 0
    unrated: int | None
    expected: Sequence[Expected]
    waiting: Sequence[Reviewed]  # submitted and not decided, of any questionnaire
    triggers: int
    triggered_on: date | None
    conditions: int | None
    conditions_late: int | None
    high: int
    measures: int | None  # with a date, that wait
    measures_late: int | None
    sheet: str
    sheet_on: date | None

    @property
    def reviews_late(self) -> int:
        return sum(one.is_late for one in self.expected)

    @property
    def late(self) -> int:
        """All that is past its date."""
        return self.reviews_late + (self.conditions_late or 0) + (self.measures_late or 0)


def stand(
    kept: Kept,
    asked: Mapping[str, Asked],
    starts_on: date,
    day: date,
    *,
    goes_on: bool,
    sees: Sees,
) -> Standing:
    """`asked` is by questionnaire. Of a team at rest nothing is late."""
    known = [one for one in kept.reviews if sees.all or one.submitted_on is not None]

    def late(days: Iterable[date]) -> int:
        return sum(one < day for one in days) if goes_on else 0

    sheet = kept.sheet if sees.all or kept.sheet == "published" else ""
    return Standing(
        goes_on=goes_on,
        catastrophic=kept.findings[SEVERE + 1],
        severe=sum(kept.findings[SEVERE:-1]),
        severe_number=kept.severe_number if sees.all else None,
        severe_since=kept.severe_since,
        rated=kept.findings[:-1] if sees.all else None,
        unrated=kept.findings[-1] if sees.all else None,
        expected=[
            replace(one, is_asked=asks, is_late=asks and one.due_on < day)
            for one in _expected(kept, asked, starts_on, known)
            for asks in (one.is_asked and goes_on,)
        ],
        waiting=[one for one in known if one.state in WAITING],
        triggers=kept.triggers,
        triggered_on=kept.triggered_on,
        conditions=len(kept.conditions) if sees.conditions else None,
        conditions_late=late(kept.conditions) if sees.conditions else None,
        high=kept.high,
        measures=len(kept.measures) if sees.all else None,
        measures_late=late(kept.measures) if sees.all else None,
        sheet=sheet,
        sheet_on=kept.sheet_on if sheet else None,
    )


def _expected(
    kept: Kept, asked: Mapping[str, Asked], starts_on: date, known: Sequence[Reviewed]
) -> Iterator[Expected]:
    for kind in EXPECTED:
        one = asked.get(kind)
        if one is not None:
            yield _expect(kind, one, months_after(starts_on, one.month), known, kept.waived)


def _expect(
    kind: str, asked: Asked, due_on: date, known: Sequence[Reviewed], waived: Sequence[int]
) -> Expected:
    """The last review of its kind says how it stands. One that was accepted before the team began
    the next is met; a waived gate asks for none."""
    mine = [one for one in known if one.kind == kind]
    review = mine[-1] if mine else None
    is_waived = asked.gate in waived
    look = Look.WAIVED if is_waived else Look(review.state) if review else Look.NONE
    is_asked = not is_waived and not any(one.state in ACCEPTED for one in mine)
    return Expected(kind, asked.gate, due_on, look, review, is_asked)
