"""How far each team has come: `data/arcs.yaml` says on which day it asked for each gate, or began
to work on it; what it did before is made from that here. Days count from today.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from portal.demo.kits import Kits, Told

TRIED = {4, 5, 6}  # gates that want a version of the prototype
MONTHLY = 30  # days between two points with a coach


def tell_arc(slug: str, given: Mapping[str, Any], common: Told, story: Told) -> Told:
    """Lists of what happened, by kind; and `asks`, what was asked of each gate. `story` is what
    is told of the team's sprints."""
    kits = Kits(slug, given, common, story["sprints"])
    ways = {gate: _way(step) for gate, step in sorted(given["gates"].items())}
    usual = {gate: way for gate, way in ways.items() if "own" not in way}
    if "size" in kits.words:
        kits.add("groups", kits.group())
    if not kits.versions and (tried := [_day(way) for g, way in usual.items() if g in TRIED]):
        kits.release(min(tried) - 12)
    makers = _makers(kits)
    for gate, way in usual.items():
        makers[gate](_day(way), whole="begun" not in way)
    kits.add("asks", *(_asked(gate, way) for gate, way in ways.items() if "asked" in way))
    begun = min(_day(way) for way in ways.values())
    for day in range(given.get("met", begun), begun + MONTHLY, -MONTHLY):
        kits.meet(day)
    for day in given.get("tried", []):
        kits.try_again(day)
    for change in given.get("then", []):
        kits.add(change["kind"], change["told"])
        kits.add("looks", change["told"]["day"])
    return kits.told


def _makers(kits: Kits) -> Mapping[int, Callable[..., None]]:
    """By gate, what makes its evidence."""
    return {
        0: kits.engaged,
        1: kits.framed,
        2: kits.supplied,
        3: partial(kits.review, "framing"),
        4: kits.compared,
        5: kits.shown,
        6: kits.tested,
        7: kits.iterated,
        8: kits.overseen,
        9: partial(kits.review, "exposure"),
        10: kits.measured,
        11: kits.handed_over,
    }


def _way(step: int | Told) -> Told:
    """To a gate: a day alone is the day on which it was asked for."""
    return step if isinstance(step, dict) else {"asked": step}


def _day(way: Told) -> int:
    """By which its evidence is there, or was begun."""
    day: int = way["begun"] if "begun" in way else way["asked"]
    return day


def _asked(gate: int, way: Told) -> Told:
    """It is accepted four days later, where nothing else is said."""
    told = {"gate": gate, **way}
    is_open = "refused" in way or way.get("waits") or way["asked"] + 4 > -1
    return told if is_open else {"accepted": way["asked"] + 4, **told}
