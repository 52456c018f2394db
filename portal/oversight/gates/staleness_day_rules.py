"""Since when each cause makes an acceptance stale. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.state_rules import GateHistory, GateSnapshot, Staleness, find_staleness
from portal.platform.kernel.clock import day_of

_CauseAndReference = tuple[StalenessCause, str]


def date_staleness(state: GateSnapshot, history: GateHistory) -> Sequence[Staleness]:
    """Return what made an acceptance stale, each cause once for each day, the oldest first; those whose day
    no evaluation tells last."""
    days = _find_days(state, history)
    references: dict[tuple[date, StalenessCause], list[str]] = defaultdict(list)
    for cause, reference in _list_pairs(state.stale):
        references[days.get((cause, reference), date.max), cause].append(reference)
    return [
        Staleness(cause, tuple(filter(None, names)), None if day == date.max else day)
        for (day, cause), names in sorted(references.items(), key=lambda each: each[0][0])
    ]


def _find_days(state: GateSnapshot, history: GateHistory) -> Mapping[_CauseAndReference, date]:
    """The first day of each cause by what it refers to, without a break until now, under the present
    definition of the gate."""
    days: dict[_CauseAndReference, date] = {}
    for judged in history.evaluations:
        if state.answer is None or judged.at < state.answer.at:
            continue
        if judged.evaluation.gate == state.definition.number:
            day = day_of(judged.at)
            stale = find_staleness(state.definition, state.answer, judged.evaluation, day)
            days = {pair: days.get(pair, day) for pair in _list_pairs(stale)}
    if state.evaluation and state.evaluation.fresh_until:
        days[StalenessCause.DAYS_LATER, ""] = state.evaluation.fresh_until + timedelta(days=1)
    return days


def _list_pairs(stale: Sequence[Staleness]) -> Iterator[_CauseAndReference]:
    """Each cause with each of its references; with "" where it has none, or tells none."""
    for staleness in stale:
        if staleness.cause is StalenessCause.EVIDENCE_LOST or not staleness.references:
            yield staleness.cause, ""
        else:
            yield from ((staleness.cause, reference) for reference in staleness.references)
