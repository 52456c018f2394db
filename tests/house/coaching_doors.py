"""Access table of coaching (see `doors.py`).

The rows in the scene are those of `tests.support.coaching.one_of_each`.
"""

from typing import Any

from tests.house.door import COACH, DIRECTION, OTHER, READERS, TEAM, Door, read, write
from tests.house.file_doors import form

ADVISORS = {COACH, DIRECTION}
R = "/projects/heron/recommendations"
N = "/projects/heron/coach-notes"
G = "/programmes/ami/gatherings"
C = "/projects/heron/clinics"
HAND = "/projects/heron/hand-over/{coached}"
S = "/projects/heron/coaching"
ADVICE = {"what": "w", "why": "y", "due_on": "", "gate": "3", "version": "1"}
GATHERING = {"title": "t", "held_on": "2026-11-02", "agenda": "a", "version": "1"}
MARKS = {"useful": "4", "suited": "5", "next_step": "3"}
SESSION = {"format": "call", "held_on": "2026-11-02", "track": "", "version": "1"}


def advise(endpoint: str, path: str, typed: dict[str, Any]) -> dict[str, Door]:
    """Return the GET and POST rows of a form for coaches and the programme's lead."""
    return {
        f"{endpoint} GET": read(path, ADVISORS, READERS),
        f"{endpoint} POST": write(path, typed, ADVISORS, READERS),
    }


COACHING_DOORS = {
    "recommendations.index GET": read(R, READERS),
    "recommendations.page GET": read(f"{R}/1", READERS),
    "recommendations.history GET": read(f"{R}/1/history", READERS),
    **advise("recommendations.add", f"{R}/new", ADVICE),
    **advise("recommendations.change", f"{R}/2/edit", ADVICE),
    "recommendations.accept POST": write(f"{R}/1/accept", {}, TEAM, READERS),
    **form("recommendations.decline", f"{R}/4/decline", {"decline_reason": "r", "version": "1"}),
    **form("recommendations.note_done", f"{R}/3/done", {"proof": "p", "version": "1"}),
    "recommendations.confirm POST": write(f"{R}/5/confirm", {}, ADVISORS, READERS),
    "recommendation_undos.undo POST": write(f"{R}/7/undo", {"version": "1"}, {COACH}, READERS),
    **advise("recommendations.send_back", f"{R}/6/send-back", {"sent_back": "r", "version": "1"}),
    "coach_notes.index GET": read(N, ADVISORS),  # 404 for all others
    "coach_notes.add GET": read(f"{N}/new", ADVISORS),
    "coach_notes.add POST": write(f"{N}/new", {"body": "b"}, ADVISORS),
    "coach_notes.edit GET": read(f"{N}/1/edit", {COACH}, {DIRECTION}),
    "coach_notes.edit POST": write(f"{N}/1/edit", {"body": "b", "version": "1"}, {COACH}, {DIRECTION}),
    "coach_notes.delete GET": read(f"{N}/1/delete", ADVISORS),
    "coach_notes.delete POST": write(f"{N}/1/delete", {"form_key": "k"}, ADVISORS),
    "gatherings.choose_programme GET": read("/gatherings", READERS | {OTHER}),  # each sees their own
    "gatherings.index GET": read(G, READERS),
    "gatherings.page GET": read(f"{G}/1", READERS),
    "gatherings.invitation GET": read(f"{G}/1/invitation.ics", READERS),
    "gatherings.add GET": read(f"{G}/new", {DIRECTION}, READERS),  # also the programme's coaches
    "gatherings.add POST": write(f"{G}/new", GATHERING, {DIRECTION}, READERS),
    "gatherings.change GET": read(f"{G}/1/edit", {DIRECTION}, READERS),
    "gatherings.change POST": write(f"{G}/1/edit", GATHERING, {DIRECTION}, READERS),
    "gatherings.cancel GET": read(f"{G}/1/cancel", {DIRECTION}, READERS),
    "gatherings.cancel POST": write(f"{G}/1/cancel", {"reason": "r", "version": "1"}, {DIRECTION}, READERS),
    "gatherings.undo POST": write(f"{G}/2/undo", {"version": "1"}, {DIRECTION}, READERS),
    "gatherings.record_attendance GET": read(f"{G}/1/attendance", {DIRECTION}, READERS),
    "gatherings.record_attendance POST": write(f"{G}/1/attendance", {"version": "1"}, {DIRECTION}, READERS),
    "gatherings.answer GET": read(f"{G}/1/satisfaction", TEAM, READERS),
    "gatherings.answer POST": write(f"{G}/1/satisfaction", MARKS, TEAM, READERS),
    "clinics.index GET": read(C, READERS),
    "clinics.page GET": read(f"{C}/8", READERS),
    "clinics.invitation GET": read(f"{C}/9/invitation.ics", READERS),
    "clinics.take POST": write(f"{C}/8/take", {"version": "1"}, ADVISORS, READERS),
    "clinics.give_back POST": write(f"{C}/10/give-back", {"version": "1"}, ADVISORS, READERS),
    "clinics.assign GET": read(f"{C}/8/assign", {DIRECTION}, READERS),
    "clinics.assign POST": write(
        f"{C}/8/assign", {"person": "{direction}", "version": "1"}, {DIRECTION}, READERS
    ),
    "clinics.remind POST": write(f"{C}/8/remind", {}, {DIRECTION}, READERS),
    **advise("clinics.plan", f"{C}/8/plan", {"planned_on": "2027-03-02", "version": "1"}),
    **advise("clinics.record_held_clinic", f"{C}/8/hold", {"held_on": "2026-11-02", "version": "1"}),
    **advise("clinics.close", f"{C}/9/close", {"outcome": "o", "version": "1"}),
    "desk.redirect_former_desk GET": read("/desk", {COACH, DIRECTION}),
    "desk.coaching GET": read("/coaching", {COACH}),
    "desk.coaches GET": read("/coaches", {DIRECTION}),
    "desk.request_hand_over GET": read("/projects/heron/hand-over", {COACH}, READERS),
    "desk.request_hand_over POST": write(
        "/projects/heron/hand-over", {"to": "{pooled_coach}", "why": "w"}, {COACH}, READERS
    ),
    "desk.hand_over GET": read(HAND, {DIRECTION}, READERS),
    "desk.hand_over POST": write(HAND, {"to": "{pooled_coach}", "note": "n"}, {DIRECTION}, READERS),
    "from_comments.redirect_to_recommend GET": read("/comments/{comment}/recommend", ADVISORS, READERS),
    "from_comments.make_item POST": write("/comments/{comment}/item", {}, TEAM, READERS),
    "coaching.index GET": read(S, READERS),
    "coaching.page GET": read(f"{S}/1", READERS),
    "coaching.invitation GET": read(f"{S}/1/invitation.ics", READERS),
    "coaching.history GET": read(f"{S}/1/history", READERS),
    **advise("coaching.add", f"{S}/new", SESSION | {"decisions": "Une\nDeux"}),
    **advise("coaching.change", f"{S}/1/edit", SESSION),
    **advise("coaching.remove", f"{S}/2/remove", {"form_key": "k"}),
    **advise("coaching.add_decision", f"{S}/1/decisions/new", {"what": "w"}),
    **advise("coaching.reword_decision", f"{S}/decisions/1/edit", {"what": "x", "version": "1"}),
    "coaching.delete_decision POST": write(f"{S}/decisions/2/drop", {}, ADVISORS, READERS),
    "coaching.recommend_from_decision POST": write(f"{S}/decisions/3/recommend", {}, ADVISORS, READERS),
    "coaching.undo_recommendation POST": write(f"{S}/decisions/3/recommend/undo", {}, ADVISORS, READERS),
    "coaching.make_item_of_decision POST": write(f"{S}/decisions/4/item", {}, TEAM, READERS),
}
