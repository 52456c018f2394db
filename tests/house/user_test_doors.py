"""The doors of user tests: rows of `doors.py`, which says how they are read.

Round 1 is planned, with two tasks; round 2 has had a session.
"""

from tests.house.door import READERS, TEAM, read, write
from tests.house.file_doors import form

T = "/projects/heron/tests"
R = f"{T}/1"
ROUND = {
    "prototype": "1",
    "title": "t",
    "groups": "2",
    "wanted": "5",
    "method": "moderated",
    "scale": "f_sus",
    "starts_on": "2026-03-12",
    "version": "1",
}
COPY = {"prototype": "1", "title": "t"}
ACCESS = {"access_needs": "1", "no_access_needs": "", "version": "1"}
TASK = {"title": "t", "instruction": "i", "success": "s", "time_limit": "180", "version": "1"}
CONSENT = {
    "purpose": "p",
    "course": "c",
    "retention": "r",
    "withdrawal": "w",
    "dpo_contact": "d",
    "version": "1",
}
ROUNDS = {
    "rounds.index GET": read(T, READERS),
    "rounds.page GET": read(R, READERS),
    "rounds.history GET": read(f"{R}/history", READERS),
    **form("rounds.plan", f"{T}/new", ROUND),
    **form("rounds.change", f"{R}/edit", ROUND),
    **form("rounds.copy", f"{R}/copy", COPY),
    **form("rounds.count_access", f"{R}/access", ACCESS),
    "rounds.set_state POST": write(f"{T}/2/state", {"to": "over"}, TEAM, READERS),
    **form("test_tasks.add", f"{R}/tasks/new", TASK),
    **form("test_tasks.change", f"{R}/tasks/1/edit", TASK),
    "test_tasks.move POST": write(f"{R}/tasks/1/move", {"to": "down"}, TEAM, READERS),
    **form("test_tasks.remove", f"{R}/tasks/2/remove", {}),
    "consent.page GET": read(f"{R}/consent/fr", READERS),
    "consent.download GET": read(f"{R}/consent/en.pdf", READERS),
    **form("consent.change", f"{R}/consent/fr/edit", CONSENT),
}
USER_TEST_DOORS = ROUNDS
