from dataclasses import replace
from itertools import product

import pytest

from portal.project.data_sources.models import AccessState, Faithfulness, Fitness
from portal.project.data_sources.readiness_rules import (
    ReadinessBand,
    ReadinessFacts,
    ReadinessLack,
    ReadinessLevel,
    judge_readiness,
)

BEST = ReadinessFacts(
    access=AccessState.USABLE,
    has_sample=True,
    faithfulness=Faithfulness.CLEANED,
    has_quality_note=True,
    has_purpose=True,
    fitness=Fitness.READY,
)
ORDER = list(ReadinessLevel)


@pytest.mark.parametrize(
    ("given", "level", "lacks"),
    [
        ({"access": AccessState.IDENTIFIED}, "C4", [ReadinessLack.ACCESS]),
        ({"access": AccessState.REQUESTED}, "C3", [ReadinessLack.GRANT]),
        ({"access": AccessState.GRANTED}, "C3", [ReadinessLack.DELIVERY]),
        ({"access": AccessState.RECEIVED, "has_sample": False}, "C2", [ReadinessLack.SAMPLE]),
        ({"has_sample": False}, "C2", [ReadinessLack.SAMPLE]),
        ({"access": AccessState.RECEIVED}, "C1", [ReadinessLack.LOADING]),
        ({"faithfulness": Faithfulness.RAW}, "B3", [ReadinessLack.EXPLORATION]),
        ({"faithfulness": Faithfulness.EXPLORED}, "B2", [ReadinessLack.CLEANING]),
        ({"has_quality_note": False}, "B2", [ReadinessLack.QUALITY_NOTE]),
        ({"has_purpose": False}, "B1", [ReadinessLack.PURPOSE]),
        ({"fitness": Fitness.NO_QUESTION}, "B1", [ReadinessLack.QUESTION]),
        ({"fitness": Fitness.FRAMED}, "A3", [ReadinessLack.ANSWER]),
        ({"fitness": Fitness.FIT}, "A2", [ReadinessLack.USE]),
        ({}, "A1", []),
    ],
)
def test_a_level_has_its_conditions_and_says_what_the_next_waits_for(given, level, lacks):
    readiness = judge_readiness(replace(BEST, **given))
    assert (readiness.level.value, list(readiness.lacks)) == (level, lacks)
    assert readiness.band.value == level[0]


def everything() -> list[ReadinessFacts]:
    yes_no = (False, True)
    return [
        ReadinessFacts(*values)
        for values in product(AccessState, yes_no, Faithfulness, yes_no, yes_no, Fitness)
    ]


def test_everywhere_but_at_the_top_something_is_lacking():
    for facts in everything():
        readiness = judge_readiness(facts)
        assert bool(readiness.lacks) is (readiness.level is not ReadinessLevel.READY)
        assert readiness.band in ReadinessBand


def test_knowing_more_never_lowers_the_level():
    better = {
        "access": list(AccessState),
        "has_sample": [False, True],
        "faithfulness": list(Faithfulness),
        "has_quality_note": [False, True],
        "has_purpose": [False, True],
        "fitness": list(Fitness),
    }
    for facts in everything():
        level = ORDER.index(judge_readiness(facts).level)
        for name, steps in better.items():
            at = steps.index(getattr(facts, name))
            for more in steps[at + 1 :]:
                assert ORDER.index(judge_readiness(replace(facts, **{name: more})).level) >= level
