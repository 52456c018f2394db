"""What an acceptance rests on, and what has become of it since. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.gates.definition import Definition, Stale
from portal.gates.evidence import Evidence, Part
from portal.gates.trials import tested_round
from portal.gates.verdicts import Asked

Basis = Mapping[str, str]  # what it rests on: a name as in `Result.seen` → its token


@dataclass(frozen=True)
class Rule:
    """`read` gives what an acceptance would rest on; `changed` names what, of that, is no longer
    so, from the basis of the acceptance and the present one."""

    needs: frozenset[Part]
    read: Callable[[Evidence, Asked], Basis]
    changed: Callable[[Basis, Basis], tuple[str, ...]]


def _any_change(then: Basis, now: Basis) -> tuple[str, ...]:
    names = then.keys() | now.keys()
    return tuple(sorted(name for name in names if then.get(name) != now.get(name)))


def _another_value(then: Basis, now: Basis) -> tuple[str, ...]:
    """What is new or gone does not count."""
    return tuple(sorted(name for name in then.keys() & now.keys() if then[name] != now[name]))


def _what_is_new(then: Basis, now: Basis) -> tuple[str, ...]:
    return tuple(sorted(now.keys() - then.keys()))


def _what_is_there(_then: Basis, now: Basis) -> tuple[str, ...]:
    return tuple(sorted(now))


def _groups(evidence: Evidence, _asked: Asked) -> Basis:
    return {f"group/{one.number}": one.token for one in evidence.framing.groups}


def _sources(evidence: Evidence, _asked: Asked) -> Basis:
    return {f"source/{one.number}": one.token for one in evidence.sources}


def _model(evidence: Evidence, _asked: Asked) -> Basis:
    latest = evidence.latest_version
    return {"model": latest.model} if latest and latest.model else {}


def _interface(evidence: Evidence, _asked: Asked) -> Basis:
    latest = evidence.latest_version
    return {"interface": latest.interface} if latest else {}


def _catastrophes(evidence: Evidence, _asked: Asked) -> Basis:
    return {f"finding/{one.number}": "4" for one in evidence.findings if one.severity == 4}


def _editions(evidence: Evidence, _asked: Asked) -> Basis:
    return {f"metric/{one.number}": str(one.edition) for one in evidence.metrics}


def _triggers(evidence: Evidence, _asked: Asked) -> Basis:
    return {f"trigger/{name}": what for name, what in evidence.reviewed.triggers.items()}


def _outrun(evidence: Evidence, asked: Asked) -> Basis:
    """The version that has come since the tested one, once it is too far from it."""
    round_, latest = tested_round(evidence, asked["target_users"]), evidence.latest_version
    if round_ is None or latest is None:
        return {}
    since = [one for one in evidence.versions if one.number > round_.version]
    return {f"version/{latest.number}": ""} if len(since) >= asked["versions_later"] else {}


def _nothing(_evidence: Evidence, _asked: Asked) -> Basis:
    return {}


def _never(_then: Basis, _now: Basis) -> tuple[str, ...]:
    return ()


def _rule(
    read: Callable[[Evidence, Asked], Basis],
    changed: Callable[[Basis, Basis], tuple[str, ...]],
    *needs: Part,
) -> Rule:
    return Rule(frozenset(needs), read, changed)


_TESTED = (Part.TESTS, Part.FINDINGS, Part.VERSIONS)
BASES: Mapping[Stale, Rule] = {
    Stale.TARGET_GROUP_CHANGED: _rule(_groups, _any_change, Part.FRAMING),
    Stale.DATA_SOURCE_CHANGED: _rule(_sources, _any_change, Part.DATA),
    Stale.MODEL_CHANGED: _rule(_model, _another_value, Part.VERSIONS),
    Stale.INTERFACE_CHANGED: _rule(_interface, _another_value, Part.VERSIONS),
    Stale.NEW_SEVERITY_4: _rule(_catastrophes, _what_is_new, Part.FINDINGS),
    Stale.METRIC_REDEFINED: _rule(_editions, _another_value, Part.METRICS),
    Stale.TRIGGER_OPEN: _rule(_triggers, _what_is_there, Part.REVIEWS),
    Stale.VERSIONS_LATER: _rule(_outrun, _what_is_there, *_TESTED),
    Stale.DAYS_LATER: _rule(_nothing, _never, *_TESTED),  # `fresh_until` says it
}


def fresh_until(definition: Definition, evidence: Evidence) -> date | None:
    """The last day on which the evidence is not too old; None when it does not age."""
    if Stale.DAYS_LATER not in definition.stale:
        return None
    round_ = tested_round(evidence, definition.asked["target_users"])
    if round_ is None or round_.last_on is None:
        return None
    return round_.last_on + timedelta(days=definition.asked["days_later"])
