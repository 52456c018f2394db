"""The doors of gates: rows of `doors.py`. Their scene is `tests.support.gates.one_of_each`."""

from tests.house.door import COACH, DIRECTION, IN_PROGRAMME, LEAD, READERS, Door, read, write
from tests.house.file_doors import form

G = "/projects/heron/gates"
T = "/programmes/ami/gates"
PANEL = {
    "held_on": "2026-03-02",
    "members": "m",
    "shown": "",
    "criteria": "+ c",
    "outcome": "continue",
    "reasons": "r",
    "version": "1",
}
TERMS = {
    "weight": "9",
    "month": "4",
    "acceptor": "any_coach",
    "track": "",
    "because": "b",
    "knowingly": "y",
    "version": "1",
}


def asked(endpoint: str, path: str, typed: dict[str, str], inside: set[str]) -> dict[str, Door]:
    """A form on a page of its own, for some of a project's readers."""
    return {
        f"{endpoint} GET": read(path, inside, READERS),
        f"{endpoint} POST": write(path, typed, inside, READERS),
    }


GATE_DOORS = {
    "gates.index GET": read(G, READERS),
    "gates.history GET": read(f"{G}/history", READERS),
    "gates.page GET": read(f"{G}/5", READERS),
    "gate_decisions.declare POST": write(f"{G}/7/declare", {}, {LEAD}, READERS),
    "gate_decisions.withdraw POST": write(f"{G}/4/withdraw", {}, {LEAD}, READERS),
    **asked("gate_decisions.accept", f"{G}/5/accept", {"seen": "{seen}", "note": "n"}, {COACH}),
    **asked("gate_decisions.refuse", f"{G}/6/refuse", {"reason": "r"}, {COACH}),
    **asked("gate_decisions.waive", f"{G}/9/waive", {"reason": "r"}, {DIRECTION}),
    **asked("gate_decisions.restore", f"{G}/10/restore", {"reason": "r"}, {DIRECTION}),
    **asked(
        "gate_facts.engage",
        f"{G}/engagement",
        {"agreed_on": "2026-01-05", "sponsor_id": "{member}", "version": "1"},
        {LEAD, DIRECTION},
    ),
    **form("gate_facts.plan", f"{G}/change-plan", {"missions": "m", "version": "1"}),
    **asked("gate_facts.hold", f"{G}/panels/new", PANEL, {DIRECTION}),
    **asked("gate_facts.change", f"{G}/panels/1/edit", PANEL, {DIRECTION}),
    "gate_terms.index GET": read(T, IN_PROGRAMME),
    "gate_terms.page GET": read(f"{T}/5", IN_PROGRAMME),
    "gate_terms.change GET": read(f"{T}/5/edit", {DIRECTION}, IN_PROGRAMME),
    "gate_terms.change POST": write(f"{T}/5/edit", TERMS, {DIRECTION}, IN_PROGRAMME),
}
