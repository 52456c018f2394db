"""Access table of the API: gates and signals of programmes, panels, committees, packs, cards, views."""

from portal.platform.kernel import clock
from tests.house.api_door import ApiDoor, read, shut, write
from tests.house.door import (
    ADMIN,
    COACH,
    DIRECTION,
    EVERYBODY,
    IN_PROGRAMME,
    LEAD,
    MEMBER,
    OBSERVER,
    OPERATOR,
    READERS,
    TEAM,
)
from tests.support.cards import texts

P, A = "/projects/heron", "/programmes/ami"
PANEL = {
    "held_on": str(clock.today()),
    "members": "m",
    "criteria": [{"text": "c", "is_met": True}],
    "outcome": "continue",
    "reasons": "r",
}
WHY = {"because": "b", "knowingly": True}
TERMS = {"weight": 9, "month": 4, "acceptor": "any_coach", **WHY}
ACCEPTED = {"number": 5, "month": 3, "acceptor": "direction"}
CONTENT = {"name_fr": "n", "predicates": ["data_received"], **WHY}
SEEN = {DIRECTION, OPERATOR, OBSERVER}
OVERSEERS = SEEN | {COACH}
COMMITTEE = {"held_on": "{soon}", "hour": "14:30", "duration": 60, "agenda": "a"}


def led(path: str, body: dict[str, object], version: str = "1") -> ApiDoor:
    """What the programme's leads may do, and others in it may not."""
    return write(f"{A}{path}", body, {DIRECTION}, IN_PROGRAMME, version=version)


GATES = {
    "remind_of_gate": write(f"{P}/gates/6/remind", None, {DIRECTION}, READERS),
    "remind_of_decision": write(f"{P}/decisions/7/remind", None, {DIRECTION}, READERS),
    "get_engagement": read(f"{P}/engagement", READERS),
    "note_engagement": write(
        f"{P}/engagement", {"sponsor_id": "{member}"}, {LEAD, DIRECTION}, READERS, version="1"
    ),
    "get_change_plan": read(f"{P}/change-plan", TEAM, READERS),
    "write_change_plan": write(f"{P}/change-plan", {"missions": "m"}, TEAM, READERS, version="1"),
    "list_panels": read(f"{P}/panels", READERS),
    "get_panel": read(f"{P}/panels/1", READERS),
    "record_panel": write(f"{P}/panels", PANEL, {DIRECTION}, READERS),
    "change_panel": write(f"{P}/panels/1", PANEL, {DIRECTION}, READERS, version="1"),
    "list_programme_gates": read(f"{A}/gates", IN_PROGRAMME),
    "get_programme_gate": read(f"{A}/gates/5", IN_PROGRAMME),
    "list_gate_editions": read(f"{A}/gates/5/editions", IN_PROGRAMME),
    "change_gate_terms": led("/gates/5/terms", TERMS),
    "add_gate": write(f"{A}/gates", CONTENT | TERMS, {DIRECTION}, IN_PROGRAMME),
    "edit_gate": led("/gates/5", CONTENT | {"position": 1}),
    "leave_gate_out": led("/gates/5/leave-out", WHY),
    "put_gate_back": led("/gates/12/put-back", WHY),
    "get_gate_assignments": read(f"{A}/gate-assignments", IN_PROGRAMME),
    "assign_gates": led("/gate-assignments", {"gates": [ACCEPTED], **WHY}, "2"),
}
HEALTH = {
    "list_signal_terms": read(f"{A}/signals", IN_PROGRAMME),
    "get_signal_terms": read(f"{A}/signals/advice", IN_PROGRAMME),
    "list_signal_editions": read(f"{A}/signal-editions", IN_PROGRAMME),
    "change_signal_terms": led("/signals/advice", {"watch": 9, "alert": 12, **WHY}, "0"),
    "get_signal_charge": read(f"{P}/health/no_sprint/charge", READERS),
    "take_charge_of_signal": write(
        f"{P}/health/gate_slip/charge",
        {"text": "t", "until": "{soon}"},
        {COACH, DIRECTION},
        READERS,
        version="0",
    ),
    "release_signal": write(f"{P}/health/no_sprint/charge", None, {COACH, DIRECTION}, READERS, version="1"),
}
C = f"{A}/committees"
K = f"{A}/committee-packs"
STEERING = {
    "list_committees": read(C, SEEN),
    "get_committee": read(f"{C}/1", SEEN),
    "list_committee_agenda": read(f"{C}/1/agenda", SEEN),
    "get_committee_record": read(f"{C}/1/record", {DIRECTION}),
    "plan_committee": write(C, COMMITTEE, {DIRECTION}, SEEN),
    "change_committee": write(f"{C}/2", COMMITTEE, {DIRECTION}, SEEN, version="1"),
    "close_committee_record": write(f"{C}/1/close", None, {DIRECTION}, SEEN, version="1"),
    "list_committee_packs": read(K, SEEN),
    "get_committee_pack": read(f"{K}/{{pack}}", SEEN),
    "list_committee_pack_pages": read(f"{K}/{{pack}}/pages", SEEN),
    "request_committee_pack": shut(K, {"on": "{today}", "language": "fr"}),
    "download_committee_pack": shut(f"{K}/{{pack}}/content"),
    "list_portfolio_views": read(f"{A}/portfolio-views", OVERSEERS),
    "keep_portfolio_view": write(f"{A}/portfolio-views", {"name": "v", "query": "help=1"}, OVERSEERS),
    "drop_portfolio_view": write(f"{A}/portfolio-views/{{view}}", None, {DIRECTION}),
    "get_public_card": read(f"{P}/public-card", READERS),
    "write_public_card": write(f"{P}/public-card", texts(), {DIRECTION}, READERS, version="1"),
    "show_public_card": shut(f"{P}/public-card/show"),
    "hide_public_card": write(f"{P}/public-card/hide", None, {DIRECTION}, READERS),
    "ask_hand_over": write(f"{P}/hand-over", {"why": "w"}, {COACH}, READERS),
    # The request of the scene waits for nobody any more.
    "refuse_hand_over": write(
        f"{P}/coach-notes/2/refuse-hand-over", {"reason": "r"}, {DIRECTION}, {COACH}, status=409
    ),
    "hand_team_over": shut(f"{P}/hand-over/{{coached}}", {"person_id": "{pooled_coach}", "note": "n"}),
}
PROGRAMME = {"name_fr": "Nouveau", "starts_on": "2026-01-01", "months": 36, "test_retention": 12}
MANAGERS = {ADMIN, DIRECTION}
T = f"{A}/tracks"
PROGRAMMES = {
    "create_programme": write("/programmes", PROGRAMME | {"tracks": ["Technique"]}, {ADMIN}, EVERYBODY),
    "edit_programme": write(A, PROGRAMME, MANAGERS, IN_PROGRAMME, version="1"),
    "list_tracks": read(T, IN_PROGRAMME),
    "get_track": read(f"{T}/{{track}}", IN_PROGRAMME),
    "add_track": write(T, {"name_fr": "n"}, MANAGERS, IN_PROGRAMME),
    "edit_track": write(f"{T}/{{track}}", {"name_fr": "n", "place": 1}, MANAGERS, IN_PROGRAMME, version="1"),
    "remove_track": write(f"{T}/{{track}}", None, MANAGERS, IN_PROGRAMME, status=422),  # it is used
    "withdraw_programme_invitation": write(
        f"{A}/invitations/{{coach_offer}}", None, {DIRECTION}, IN_PROGRAMME - {ADMIN}
    ),
}
GROUP = {"group_id": "{news_group}"}
OWN = {
    "read_all_notifications": write("/notifications/read-all", {}, EVERYBODY),
    "list_mutes": read("/notifications/mutes", EVERYBODY),
    "mute_notifications": write("/notifications/mute", GROUP, {MEMBER}),
    "unmute_notifications": write("/notifications/unmute", GROUP, {MEMBER}),
    "mute_project": write(f"{P}/mute", None, READERS),
    "unmute_project": write(f"{P}/unmute", None, READERS),
    "get_notification_preferences": read("/notifications/preferences", EVERYBODY),
    "save_notification_preferences": write("/notifications/preferences", {}, EVERYBODY, version="0"),
    "get_calendar_link": read("/calendar-link", {MEMBER}),
    "revoke_calendar_link": write("/calendar-link", None, EVERYBODY),
}
OVERSIGHT_API_DOORS = GATES | HEALTH | STEERING | PROGRAMMES | OWN
