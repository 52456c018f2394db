"""Data readiness by the bands of N. Lawrence's data readiness levels. Pure.

Source: Lawrence, “Data Readiness Levels”, arXiv 1705.02245 (2017). Bands: C, accessible; B,
faithful; A, in context. The paper does not define levels inside a band: C4 to C1, B3 and A1 follow
later literature, B2, B1, A3 and A2 are defined here.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.project.data_sources.models import AccessState, Faithfulness, Fitness


class ReadinessBand(StrEnum):
    ACCESSIBLE = "C"
    FAITHFUL = "B"
    IN_CONTEXT = "A"


class ReadinessLevel(StrEnum):
    """Levels from lowest to highest; the first letter is the band."""

    HEARSAY = "C4"
    ELSEWHERE = "C3"
    RECEIVED = "C2"
    LOADABLE = "C1"
    RAW = "B3"
    EXPLORED = "B2"
    UNDERSTOOD = "B1"
    FRAMED = "A3"
    FIT = "A2"
    READY = "A1"

    @property
    def band(self) -> ReadinessBand:
        return ReadinessBand(self.value[0])


class ReadinessLack(StrEnum):
    """What is missing for the next level."""

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
class ReadinessFacts:
    """The inputs from which the level is computed."""

    access: AccessState
    has_sample: bool
    faithfulness: Faithfulness
    has_quality_note: bool
    has_purpose: bool
    fitness: Fitness


@dataclass(frozen=True)
class Readiness:
    """The level reached and what is missing for the next one (empty at the top level)."""

    level: ReadinessLevel
    lacks: tuple[ReadinessLack, ...]

    @property
    def band(self) -> ReadinessBand:
        return self.level.band


def judge_readiness(facts: ReadinessFacts) -> Readiness:
    """Return the highest level whose conditions, and those of all lower levels, are met."""
    if facts.access.rank < AccessState.RECEIVED.rank:
        return _judge_before_reception(facts.access)
    if not facts.has_sample:
        return Readiness(ReadinessLevel.RECEIVED, (ReadinessLack.SAMPLE,))
    if facts.access is not AccessState.USABLE:
        return Readiness(ReadinessLevel.LOADABLE, (ReadinessLack.LOADING,))
    if facts.faithfulness is Faithfulness.CLEANED and facts.has_quality_note:
        return _judge_by_purpose_and_fitness(facts)
    return _judge_by_faithfulness(facts)


def _judge_before_reception(access: AccessState) -> Readiness:
    if access is AccessState.IDENTIFIED:
        return Readiness(ReadinessLevel.HEARSAY, (ReadinessLack.ACCESS,))
    lack = ReadinessLack.GRANT if access is AccessState.REQUESTED else ReadinessLack.DELIVERY
    return Readiness(ReadinessLevel.ELSEWHERE, (lack,))


def _judge_by_faithfulness(facts: ReadinessFacts) -> Readiness:
    if facts.faithfulness is Faithfulness.RAW:
        return Readiness(ReadinessLevel.RAW, (ReadinessLack.EXPLORATION,))
    cleaning = () if facts.faithfulness is Faithfulness.CLEANED else (ReadinessLack.CLEANING,)
    note = () if facts.has_quality_note else (ReadinessLack.QUALITY_NOTE,)
    return Readiness(ReadinessLevel.EXPLORED, cleaning + note)


def _judge_by_purpose_and_fitness(facts: ReadinessFacts) -> Readiness:
    if not facts.has_purpose or facts.fitness is Fitness.NO_QUESTION:
        purpose = () if facts.has_purpose else (ReadinessLack.PURPOSE,)
        question = (ReadinessLack.QUESTION,) if facts.fitness is Fitness.NO_QUESTION else ()
        return Readiness(ReadinessLevel.UNDERSTOOD, purpose + question)
    if facts.fitness is Fitness.FRAMED:
        return Readiness(ReadinessLevel.FRAMED, (ReadinessLack.ANSWER,))
    if facts.fitness is Fitness.FIT:
        return Readiness(ReadinessLevel.FIT, (ReadinessLack.USE,))
    return Readiness(ReadinessLevel.READY, ())
