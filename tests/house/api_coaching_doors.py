"""Access table of the API: help, notes of coaches, decisions of sessions, group sessions."""

from tests.house.api_door import ApiDoor, read, write
from tests.house.door import COACH, DIRECTION, READERS, TEAM

P = "/projects/heron"
N = f"{P}/coach-notes"
D = f"{P}/coaching-decisions"
C = f"{P}/clinics"
G = "/programmes/ami/group-sessions/1"
ADVISORS = {COACH, DIRECTION}
HELP = {"blocker": "it", "blocker_text": "q", "sprint_version": 1, "replaces": True}
MARKS = {"useful": 4, "suited": 5, "next_step": 3}
ADVICE = {"what": "w", "why": "y"}
CAME = {"teams": [{"project_id": "{project}", "people": 4}]}


def advisor(path: str, body: dict[str, object] | None, version: str = "") -> ApiDoor:
    """What coaches and the programme's lead may do, and other readers may not."""
    return write(path, body, ADVISORS, READERS, version=version)


COACHING_API_DOORS = {
    "request_help": write(C, HELP, TEAM, READERS),
    "withdraw_help": write(f"{C}/10", None, TEAM, READERS),
    "assign_clinic": write(f"{C}/8/assign", {"person_id": "{direction}"}, {DIRECTION}, READERS, version="1"),
    "remind_of_clinic": write(f"{C}/8/remind", None, {DIRECTION}, READERS),
    "recommend_from_comment": write("/comments/{comment}/recommendation", ADVICE, ADVISORS, READERS),
    "make_item_of_comment": write("/comments/{comment}/item", None, TEAM, READERS),
    "list_coach_notes": read(N, ADVISORS),  # 404 for all others
    "get_coach_note": read(f"{N}/1", ADVISORS),
    "write_coach_note": write(N, {"body": "b"}, ADVISORS),
    "edit_coach_note": write(f"{N}/1", {"body": "b"}, {COACH}, {DIRECTION}, version="1"),
    "delete_coach_note": write(f"{N}/1", None, ADVISORS),
    "remove_coaching_session": advisor(f"{P}/coaching-sessions/2", None),
    "add_coaching_decision": advisor(f"{P}/coaching-sessions/1/coaching-decisions", {"what": "w"}),
    "change_coaching_decision": advisor(f"{D}/1", {"what": "x"}, "1"),
    "drop_coaching_decision": advisor(f"{D}/2", None),
    "recommend_coaching_decision": advisor(f"{D}/3/recommend", None),
    "undo_recommendation_of_coaching_decision": advisor(f"{D}/3/recommend/undo", None),
    "make_item_of_coaching_decision": write(f"{D}/4/item", None, TEAM, READERS),
    "get_group_session_attendance": read(f"{G}/attendance", {DIRECTION}, READERS),
    "record_group_session_attendance": write(f"{G}/attendance", CAME, {DIRECTION}, READERS, version="1"),
    "get_group_session_satisfaction": read(f"{G}/satisfaction", {DIRECTION}, READERS),
    "answer_group_session": write(f"{G}/satisfaction", MARKS, TEAM, READERS),
}
