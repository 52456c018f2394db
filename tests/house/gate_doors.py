"""Access table of gates, health and portfolio views (see `doors.py`).

The rows in the scene are those of `one_of_each` of `tests.support.gates` and `.health`.
"""

from portal.platform.kernel import clock
from tests.house.decision_doors import DECISION_DOORS
from tests.house.door import (
    COACH,
    DIRECTION,
    IN_PROGRAMME,
    LEAD,
    OBSERVER,
    OPERATOR,
    READERS,
    Door,
    read,
    write,
)
from tests.house.file_doors import form

G = "/projects/heron/gates"
T = "/programmes/ami/gates"
H = "/projects/heron/health"
OVERSEERS = {COACH, DIRECTION, OPERATOR, OBSERVER}
S = "/programmes/ami/health"
PANEL = {
    "held_on": str(clock.today()),
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

SCREEN = {
    **{f"month_{n}": "4" for n in range(12)},
    **{f"accepter_{n}": "any_coach" for n in range(12)},
    "because": "b",
    "knowingly": "y",
    "version": "2",
}
NEW_GATE = {
    "name_fr": "n",
    "name_en": "",
    "predicates": "data_received",
    "weight": "5",
    "month": "4",
    "accepter": "any_coach",
    "because": "b",
    "knowingly": "y",
}
REASON = {"because": "b", "knowingly": "y", "version": "1"}

THRESHOLDS = {"watch": "9", "alert": "12", "because": "b", "knowingly": "y", "version": "0"}
WEATHER = {"outlook": "rainy", "sentence": "s"}
CHARGE = {"text": "t", "until": "{soon}", "version": "0"}
WORD = {"level": "1", "text": "t", "until": "2027-06-01"}


def asked(endpoint: str, path: str, typed: dict[str, str], inside: set[str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form page for some readers of a project."""
    return {
        f"{endpoint} GET": read(path, inside, READERS),
        f"{endpoint} POST": write(path, typed, inside, READERS),
    }


def led(endpoint: str, path: str, typed: dict[str, str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form page for the leads of a programme."""
    return {
        f"{endpoint} GET": read(path, {DIRECTION}, IN_PROGRAMME),
        f"{endpoint} POST": write(path, typed, {DIRECTION}, IN_PROGRAMME),
    }


GATE_DOORS = {
    **DECISION_DOORS,
    "gates.index GET": read(G, READERS),
    "gates.history GET": read(f"{G}/history", READERS),
    "gate_forecast.page GET": read(f"{G}/forecast", READERS),
    "gates.page GET": read(f"{G}/5", READERS),
    "gate_decisions.declare GET": read(f"{G}/7/declare", {LEAD}, READERS),
    "gate_decisions.declare POST": write(f"{G}/7/declare", {}, {LEAD}, READERS),
    "gate_decisions.withdraw POST": write(f"{G}/4/withdraw", {}, {LEAD}, READERS),
    **asked("gate_decisions.accept", f"{G}/5/accept", {"fingerprint": "{seen}", "note": "n"}, {COACH}),
    **asked("gate_decisions.refuse", f"{G}/6/refuse", {"reason": "r"}, {COACH}),
    **asked("gate_decisions.waive", f"{G}/9/waive", {"reason": "r"}, {DIRECTION}),
    **asked("gate_decisions.restore", f"{G}/10/restore", {"reason": "r"}, {DIRECTION}),
    **asked(
        "gate_facts.note_key_roles",
        f"{G}/engagement",
        {"sponsor_id": "{member}", "version": "1"},
        {LEAD, DIRECTION},
    ),
    **form("gate_facts.edit_change_plan", f"{G}/change-plan", {"missions": "m", "version": "1"}),
    **asked("gate_facts.record_panel", f"{G}/panels/new", PANEL, {DIRECTION}),
    **asked("gate_facts.change_panel", f"{G}/panels/1/edit", PANEL, {DIRECTION}),
    "gate_terms.index GET": read(T, IN_PROGRAMME),
    "gate_terms.page GET": read(f"{T}/5", IN_PROGRAMME),
    "gate_terms.change GET": read(f"{T}/5/edit", {DIRECTION}, IN_PROGRAMME),
    "gate_terms.change POST": write(f"{T}/5/edit", TERMS, {DIRECTION}, IN_PROGRAMME),
    **led("programme_gates.set_months_and_acceptors", f"{T}/acceptors", SCREEN),
    **led("programme_gates.add", f"{T}/new", NEW_GATE),
    **led("programme_gates.edit", f"{T}/5/content", REASON | NEW_GATE | {"place": "1"}),
    **led("programme_gates.leave_out", f"{T}/5/leave-out", REASON),
    **led("programme_gates.put_back", f"{T}/12/put-back", REASON),
    "project_health.index GET": read(H, READERS),
    **asked("project_health.declare_weather", f"{H}/weather", {"outlook": "rainy", "sentence": "s"}, {LEAD}),
    **asked("project_health.note_lead_opinion", f"{H}/override", WORD, {DIRECTION}),
    **asked("signal_charges.end_charge", f"{H}/no_sprint/release", {"version": "1"}, {COACH, DIRECTION}),
    **asked("signal_charges.take_charge", f"{H}/gate_slip/charge", CHARGE, {COACH, DIRECTION}),
    "health_terms.index GET": read(S, IN_PROGRAMME),
    "health_terms.change GET": read(f"{S}/advice/edit", {DIRECTION}, IN_PROGRAMME),
    "health_terms.change POST": write(f"{S}/advice/edit", THRESHOLDS, {DIRECTION}, IN_PROGRAMME),
    "portfolio.save_view GET": read("/portfolio/views/new", OVERSEERS),
    "portfolio.save_view POST": write("/portfolio/views/new", {"name": "v", "query": "help=1"}, OVERSEERS),
    "portfolio.drop_view POST": write("/portfolio/views/{view}/drop", {}, {DIRECTION}),
    "portfolio_acts.act_on_waiting_line POST": write(
        "/portfolio/teams/heron/decisions/{decision}/answer",
        {"outcome": "granted", "answer": "a", "version": "1"},
        {DIRECTION},
        READERS,
    ),
    "portfolio_acts.take_charge POST": write(
        "/portfolio/teams/heron/signals/gate_slip", CHARGE, {COACH, DIRECTION}, READERS
    ),
    "portfolio_figures.timeline GET": read("/portfolio/timeline", OVERSEERS),
    "portfolio_figures.compare GET": read("/portfolio/compare", OVERSEERS),
    "portfolio_figures.changes_since GET": read("/portfolio/since", OVERSEERS),
    "concerns.index GET": read("/portfolio/concerns", OVERSEERS),
    "concern_reminders.remind GET": read("/portfolio/concerns/heron/framing/remind", {DIRECTION}, READERS),
    "concern_reminders.remind POST": write(
        "/portfolio/concerns/heron/framing/remind", {}, {DIRECTION}, READERS
    ),
    "concern_exports.export_issues GET": read("/portfolio/concerns/export", OVERSEERS),
    "concern_exports.export_issues POST": write(
        "/portfolio/concerns/export", {"kind": "csv", "query": "overdue=1"}, OVERSEERS
    ),
}
