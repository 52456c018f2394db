"""How ready data are, by the bands of N. Lawrence's data readiness levels. Pure.

Source: Lawrence, “Data Readiness Levels”, arXiv 1705.02245 (2017). Bands: C, accessible; B,
faithful; A, in context. The paper leaves the levels inside a band open: C4 to C1, B3 and A1 follow
its readers, B2, B1, A3 and A2 are our wording.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.data_sources.models import Access, Faithfulness, Fitness


class Band(StrEnum):
    ACCESSIBLE = "C"
    FAITHFUL = "B"
    IN_CONTEXT = "A"


class Level(StrEnum):
    """From hearsay to an answer; the first letter is the band."""

    HEARSAY = "C4"
    ELSEWHERE = "C3"
    HELD = "C2"
    LOADABLE = "C1"
    RAW = "B3"
    EXPLORED = "B2"
    UNDERSTOOD = "B1"
    FRAMED = "A3"
    FIT = "A2"
    READY = "A1"

    @property
    def band(self) -> Band:
        return Band(self.value[0])


class Lack(StrEnum):
    """What keeps the data from the next level."""

    ACCESS = "access"
    GRANT = "grant"
    DELIVERY = "delivery"
    SAMPLE = "sample"
    LOADING = "loading"
    EXPLORATION = "exploration"
    CLEANING = "cleaning"
    QUALITY_NOTE = "quality_note"
    PURPOSE = "purpose"
    QUESTION = "question"
    ANSWER = "answer"
    USE = "use"


@dataclass(frozen=True)
class Facts:
    """All that the level follows from."""

    access: Access
    has_sample: bool
    faithfulness: Faithfulness
    has_quality_note: bool
    has_purpose: bool
    fitness: Fitness


@dataclass(frozen=True)
class Readiness:
    """The level reached, and what the next one waits for (nothing at the top)."""

    level: Level
    lacks: tuple[Lack, ...]

    @property
    def band(self) -> Band:
        return self.level.band


def judge(facts: Facts) -> Readiness:
    """The highest level all of whose conditions, and those below, are met."""
    if facts.access.rank < Access.RECEIVED.rank:
        return _far(facts.access)
    if not facts.has_sample:
        return Readiness(Level.HELD, (Lack.SAMPLE,))
    if facts.access is not Access.USABLE:
        return Readiness(Level.LOADABLE, (Lack.LOADING,))
    cleaned = facts.faithfulness is Faithfulness.CLEANED
    return _in_context(facts) if cleaned and facts.has_quality_note else _half_known(facts)


def _far(access: Access) -> Readiness:
    if access is Access.IDENTIFIED:
        return Readiness(Level.HEARSAY, (Lack.ACCESS,))
    lack = Lack.GRANT if access is Access.REQUESTED else Lack.DELIVERY
    return Readiness(Level.ELSEWHERE, (lack,))


def _half_known(facts: Facts) -> Readiness:
    if facts.faithfulness is Faithfulness.RAW:
        return Readiness(Level.RAW, (Lack.EXPLORATION,))
    cleaning = () if facts.faithfulness is Faithfulness.CLEANED else (Lack.CLEANING,)
    note = () if facts.has_quality_note else (Lack.QUALITY_NOTE,)
    return Readiness(Level.EXPLORED, cleaning + note)


def _in_context(facts: Facts) -> Readiness:
    if not facts.has_purpose or facts.fitness is Fitness.NOT_ASKED:
        lacks = () if facts.has_purpose else (Lack.PURPOSE,)
        asked = () if facts.fitness is not Fitness.NOT_ASKED else (Lack.QUESTION,)
        return Readiness(Level.UNDERSTOOD, lacks + asked)
    if facts.fitness is Fitness.FRAMED:
        return Readiness(Level.FRAMED, (Lack.ANSWER,))
    if facts.fitness is Fitness.FIT:
        return Readiness(Level.FIT, (Lack.USE,))
    return Readiness(Level.READY, ())
