"""Access table of decisions (see `doors.py`).

The rows in the scene are those of `tests.support.decisions.one_of_each`.
"""

from tests.house.door import COACH, DIRECTION, OBSERVER, OPERATOR, READERS, REVIEWER, TEAM, Door, read, write
from tests.house.file_doors import form

D = "/projects/heron/decisions"
QUESTION = {"question": "q", "why": "w", "due_on": "", "addressee": "lead", "gate": "3"}
QUESTION |= {"sprint_id": ""}
V = {"version": "1"}
LEADS = {DIRECTION}
DECIDERS = {DIRECTION, COACH, REVIEWER, OPERATOR}

C = "/programmes/ami/committees"
SEEN = {DIRECTION, OPERATOR, OBSERVER}
COMMITTEE = {"held_on": "2026-11-20", "hour": "14:30", "duration": "60", "place": "p"}
COMMITTEE |= {"members": "m", "agenda": "a"}


def manage(endpoint: str, path: str, typed: dict[str, str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form for leads of the programme."""
    return {f"{endpoint} GET": read(path, LEADS, SEEN), f"{endpoint} POST": write(path, typed, LEADS, SEEN)}


DECISION_DOORS: dict[str, Door] = {
    "committees.index GET": read(C, SEEN),
    "committees.page GET": read(f"{C}/1", SEEN),
    "committees.record_page GET": read(f"{C}/1/record/fr", LEADS),
    "committees.download GET": read(f"{C}/1/record/en.pdf", LEADS),
    **manage("committees.plan", f"{C}/new", COMMITTEE),
    **manage("committees.change", f"{C}/2/edit", COMMITTEE | V),
    **manage("committees.close", f"{C}/1/close", V),
    "decisions.index GET": read(D, READERS),
    "decisions.page GET": read(f"{D}/1", READERS),
    "decisions.history GET": read(f"{D}/1/history", READERS),
    **form("help.ask", "/projects/heron/help", {"blocker": "it", "blocker_text": "q"} | V),
    **form("decisions.ask", f"{D}/new", QUESTION),
    **form("decisions.change", f"{D}/1/edit", QUESTION | V),
    **form("decisions.withdraw", f"{D}/2/withdraw", {"withdraw_reason": "r"} | V),
    "decisions.answer GET": read(f"{D}/3/answer", LEADS, READERS),
    "decisions.answer POST": write(
        f"{D}/3/answer", {"outcome": "granted", "answer": "a"} | V, LEADS, READERS
    ),
    "decisions.assign GET": read(f"{D}/4/assign", LEADS, READERS),
    "decisions.assign POST": write(f"{D}/4/assign", {"person": "{direction}"} | V, LEADS, READERS),
    "decisions.take POST": write(f"{D}/5/take", V, LEADS, READERS),
    "decisions.give_back POST": write(f"{D}/5/give-back", V, LEADS, READERS),
    "session_preparation.page GET": read("/projects/heron/coaching/prepare", LEADS | {COACH}, READERS),
    "to_decide.index GET": read("/to-decide", DECIDERS),
    "to_decide.act POST": write(
        "/to-decide/decisions/{decision}/answer",
        {"outcome": "granted", "answer": "a"} | V,
        LEADS,
        READERS & DECIDERS,
    ),
    "decisions.acknowledge POST": write(f"{D}/6/seen", V, TEAM, READERS),
}
