from dataclasses import replace
from itertools import product

import pytest

from portal.data_sources.models import Access, Faithfulness, Fitness
from portal.data_sources.readiness import Band, Facts, Lack, Level, judge

BEST = Facts(
    access=Access.USABLE,
    has_sample=True,
    faithfulness=Faithfulness.CLEANED,
    has_quality_note=True,
    has_purpose=True,
    fitness=Fitness.READY,
)
ORDER = list(Level)


@pytest.mark.parametrize(
    ("given", "level", "lacks"),
    [
        ({"access": Access.IDENTIFIED}, "C4", [Lack.ACCESS]),
        ({"access": Access.REQUESTED}, "C3", [Lack.GRANT]),
        ({"access": Access.GRANTED}, "C3", [Lack.DELIVERY]),
        ({"access": Access.RECEIVED, "has_sample": False}, "C2", [Lack.SAMPLE]),
        ({"has_sample": False}, "C2", [Lack.SAMPLE]),
        ({"access": Access.RECEIVED}, "C1", [Lack.LOADING]),
        ({"faithfulness": Faithfulness.RAW}, "B3", [Lack.EXPLORATION]),
        ({"faithfulness": Faithfulness.EXPLORED}, "B2", [Lack.CLEANING]),
        ({"has_quality_note": False}, "B2", [Lack.QUALITY_NOTE]),
        ({"has_purpose": False}, "B1", [Lack.PURPOSE]),
        ({"fitness": Fitness.NOT_ASKED}, "B1", [Lack.QUESTION]),
        ({"fitness": Fitness.FRAMED}, "A3", [Lack.ANSWER]),
        ({"fitness": Fitness.FIT}, "A2", [Lack.USE]),
        ({}, "A1", []),
    ],
)
def test_a_level_has_its_conditions_and_says_what_the_next_waits_for(given, level, lacks):
    readiness = judge(replace(BEST, **given))
    assert (readiness.level.value, list(readiness.lacks)) == (level, lacks)
    assert readiness.band.value == level[0]


def everything() -> list[Facts]:
    yes_no = (False, True)
    return [
        Facts(*values) for values in product(Access, yes_no, Faithfulness, yes_no, yes_no, Fitness)
    ]


def test_everywhere_but_at_the_top_something_is_lacking():
    for facts in everything():
        readiness = judge(facts)
        assert bool(readiness.lacks) is (readiness.level is not Level.READY)
        assert readiness.band in Band


def test_knowing_more_never_lowers_the_level():
    better = {
        "access": list(Access),
        "has_sample": [False, True],
        "faithfulness": list(Faithfulness),
        "has_quality_note": [False, True],
        "has_purpose": [False, True],
        "fitness": list(Fitness),
    }
    for facts in everything():
        level = ORDER.index(judge(facts).level)
        for name, steps in better.items():
            at = steps.index(getattr(facts, name))
            for more in steps[at + 1 :]:
                assert ORDER.index(judge(replace(facts, **{name: more})).level) >= level
