"""Access table of ceremonies (see `doors.py`)."""

from tests.house.door import READERS, TEAM, read, write
from tests.house.file_doors import form

P = "/projects/heron"
S, D, A = f"{P}/sprints", f"{P}/demonstrations", f"{P}/actions"
R = f"{S}/1/retrospective"
SHOWN = {
    "held_on": "2026-03-12",
    "prototype": "1",
    "agents": "3",
    "feedback": "f",
    "decisions": "d",
    "version": "1",
}
LOOKED_BACK = {"held_on": "2026-03-20", "went_well": "w", "went_badly": "b", "version": "0"}
ACTION = {"what": "w", "owner": "{member}", "due_on": "2026-03-20", "version": "1"}
CEREMONY_DOORS = {
    "demonstrations.index GET": read(D, READERS),
    "demonstrations.page GET": read(f"{D}/1", READERS),
    "demonstrations.history GET": read(f"{D}/1/history", READERS),
    **form("demonstrations.add", f"{S}/1/demonstrations/new", SHOWN),
    **form("demonstrations.change", f"{D}/1/edit", SHOWN),
    "demonstrations.delete_page GET": read(f"{D}/2/delete", TEAM, READERS),
    "demonstrations.delete POST": write(f"{D}/2/delete", {}, TEAM, READERS),
    "retrospectives.page GET": read(R, READERS),
    "retrospectives.history GET": read(f"{R}/history", READERS),
    **form("retrospectives.write", f"{S}/2/retrospective/edit", LOOKED_BACK),
    **form("retrospectives.add_action", f"{R}/actions/new", ACTION),
    "actions.index GET": read(A, READERS),
    "actions.page GET": read(f"{A}/1", READERS),
    **form("actions.change", f"{A}/1/edit", ACTION),
    "actions.settle POST": write(f"{A}/2/settle", {"to": "done", "back": "1"}, TEAM, READERS),
    "actions.make_item POST": write(f"{A}/3/item", {}, TEAM, READERS),
}
