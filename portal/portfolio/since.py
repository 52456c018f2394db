"""What is otherwise in a team than it was at a moment: from two states, and nothing else. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.health.standing import State


class News(StrEnum):
    """The codes are stable; in the order in which they are told."""

    WORSE = "worse"
    BETTER = "better"
    STATE = "state"
    ACCEPTED = "accepted"
    STALE = "stale"
    WAIVED = "waived"
    ASKED = "asked"
    SPRINT = "sprint"
    TEST = "test"
    FINDINGS = "findings"
    WEATHER = "weather"
    SAID = "said"
    BEGUN = "begun"


@dataclass(frozen=True)
class Change:
    """`gates` are those it is about; `number` the sprint or the round."""

    news: News
    gates: tuple[int, ...] = ()
    number: int = 0


def changes(then: State | None, now: State) -> Sequence[Change]:
    """In the order of `News`; `then` None: nothing was known yet."""
    if then is None:
        return [Change(News.BEGUN)]
    last, before = now.facts.work.last, then.facts.work.last
    runs = now.facts.goes_on and then.facts.goes_on  # what rests is neither better nor worse
    found = [
        (runs and now.level > then.level, Change(News.WORSE)),
        (runs and now.level < then.level, Change(News.BETTER)),
        (now.facts.state != then.facts.state, Change(News.STATE)),
        *_of_gates(then, now),
        (bool(last and last != before), Change(News.SPRINT, number=last.number if last else 0)),
        (
            now.facts.tests.last_on != then.facts.tests.last_on,
            Change(News.TEST, number=now.facts.tests.round or 0),
        ),
        (len(now.facts.findings) > len(then.facts.findings), Change(News.FINDINGS)),
        (bool(now.weather and now.weather != then.weather), Change(News.WEATHER)),
        (bool(now.override and now.override != then.override), Change(News.SAID)),
    ]
    return [change for holds, change in found if holds]


def _of_gates(then: State, now: State) -> Sequence[tuple[bool, Change]]:
    """What became of its gates, by what they became."""
    before = {one.number: (one.look(then.day), one.is_asked) for one in then.facts.steps}
    told = []
    for news in (News.ACCEPTED, News.STALE, News.WAIVED, News.ASKED):
        gates = tuple(
            one.number
            for one in now.facts.steps
            if _became(news, before.get(one.number), (one.look(now.day), one.is_asked))
        )
        told.append((bool(gates), Change(news, gates)))
    return told


def _became(news: News, before: tuple[str, bool] | None, now: tuple[str, bool]) -> bool:
    was_look, was_asked = before or ("", False)
    look, asked = now
    if news is News.ASKED:
        return asked and not was_asked
    return look == news.value and was_look != look
