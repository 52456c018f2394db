"""Progress of a project on a day, read from stored facts without building them. Pure.

Histories read a reading for each team and month: building 200 × 10 `HealthFacts` takes 0.4 s, this 10 ms.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.oversight.health.fact_rules import GateFacts
from portal.oversight.health.state_rules import ProgressPercents


def progress_from_plain(facts: Mapping[str, Any], day: date) -> ProgressPercents:
    """Return what `HealthSnapshot.numbers` says of the facts that `facts_as_plain` wrote, on a day."""
    rests_since = facts.get("rests_since")
    today = min(day.isoformat(), rests_since) if rests_since else day.isoformat()
    total = declared = proved = accepted = 0
    for step in facts.get("steps", ()):
        if step.get("is_waived"):
            continue
        weight = step["weight"]
        total += weight
        declared += weight if step.get("is_declared") else 0
        proved += weight if step.get("is_proved") else 0
        accepted += weight if _is_accepted(step, today) else 0
    return ProgressPercents(*(n * 100 // total if total else 0 for n in (declared, proved, accepted)))


def _is_accepted(step: Mapping[str, Any], today: str) -> bool:
    """As `GateFacts.is_accepted`; days are ISO texts, which compare as days do."""
    if not step.get("passed_on"):
        return False
    stale_on, fresh_until = step.get("stale_on"), step.get("fresh_until")
    return not (stale_on and stale_on <= today) and not (fresh_until and fresh_until < today)


def accepted_as_plain(steps: Iterable[GateFacts]) -> dict[str, Any]:
    """Return as JSON values what `accepted_percent` reads on any day: the weight of all gates that
    are not waived, and weight and first stale day of each that is accepted."""
    counted = [step for step in steps if not step.is_waived]
    gates = [
        [step.weight, since.isoformat() if (since := step.stale_since()) else None]
        for step in counted
        if step.passed_on is not None
    ]
    return {"total": sum(step.weight for step in counted), "gates": gates}


def accepted_percent(plain: Mapping[str, Any], day: date) -> int:
    """Return accepted progress on a day in per cent, rounded down, from `accepted_as_plain`."""
    total = plain.get("total", 0)
    accepted = sum(
        weight
        for weight, stale_from in plain.get("gates", ())
        if stale_from is None or date.fromisoformat(stale_from) > day
    )
    return accepted * 100 // total if total else 0


def goes_stale_between(plain: Mapping[str, Any], then: date, day: date) -> bool:
    """Return whether an acceptance went stale after `then` and by `day`, from `accepted_as_plain`."""
    days = [date.fromisoformat(stale_from) for _weight, stale_from in plain.get("gates", ()) if stale_from]
    return any(then < stale_on <= day for stale_on in days)
