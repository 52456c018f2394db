"""Access table of the API: writes on the rows of a project (see `api_doors.py`)."""

from tests.house.api_door import ApiDoor, read, shut, write
from tests.house.door import COACH, DIRECTION, LEAD, READERS, REVIEWER, TEAM

P = "/projects/heron"
ADVISORS = {COACH, DIRECTION}
PAST = "2026-03-12"


def team(path: str, body: dict[str, object] | None, version: str = "") -> ApiDoor:
    """What the team may do, and other readers may not."""
    return write(f"{P}{path}", body, TEAM, READERS, version=version)


GROUP = {"name": "n", "audience": "agents", "size": 3}
ASSUMPTION = {"statement": "s", "risk": 2}
INTERVIEW = {"held_on": PAST, "people": 2, "learnt": "l", "target_group": 1}
METRIC = {"name": "n", "unit": "u", "direction": "down"}
FRAMING = {
    "add_target_group": team("/target-groups", GROUP),
    "change_target_group": team("/target-groups/1", GROUP, "1"),
    "add_assumption": team("/assumptions", ASSUMPTION),
    "change_assumption": team("/assumptions/1", ASSUMPTION, "1"),
    "settle_assumption": team(
        "/assumptions/1/settle", {"verdict": "refuted", "result": "r", "settled_on": "2026-03-02"}, "1"
    ),
    "log_interview": team("/interviews", INTERVIEW),
    "change_interview": team("/interviews/1", INTERVIEW, "1"),
    "define_metric": team("/metrics", METRIC),
    "redefine_metric": team("/metrics/1", METRIC | {"reason": "r"}, "1"),
    "add_measurement": team("/metrics/1/measurements", {"measured_on": PAST, "value": 3.5}),
}
SOURCE = {"name": "n", "personal": "unknown", "screening": "not_done"}
SAMPLE = {"sample_rows": 9, "sha256": "a" * 64, "sample_on": PAST}
SOURCES = {
    "add_data_source": team("/data-sources", SOURCE | {"identified_on": PAST}),
    "change_data_source": team("/data-sources/1", SOURCE, "1"),
    "move_data_access": team("/data-sources/1/access", {"access": "requested", "reached_on": PAST}, "1"),
    "note_data_sample": team("/data-sources/1/sample", SAMPLE, "1"),
    "judge_data_quality": team("/data-sources/1/quality", {"faithfulness": "raw", "fitness": "framed"}, "1"),
}
VERSION = {"released_on": PAST, "changes": "c", "automation": "inform", "exposure": "agents", "sprint": 1}
PROTOCOL = {
    "dated_on": PAST,
    "metric": "m",
    "direction": "up",
    "held_out": "h",
    "baseline": 0.5,
    "threshold": 0.6,
}
RUN = {"prototype": 1, "ran_on": PAST, "result": 0.7, "subgroups": [{"name": "s", "result": 0.5}]}
SHOWN = {"held_on": PAST, "prototype": 1, "attendee_counts": {"agents": 3}}
ACTION = {"what": "w", "owner_id": "{member}", "due_on": "2026-03-20"}
LOOKED_BACK = {"held_on": "2026-03-20", "went_well": "w"}
PROTOTYPES = {
    "release_version": team("/versions", VERSION | {"released_on": "{today}"}),
    "change_version": team("/versions/1", VERSION | {"released_on": "2026-03-02"}, "1"),
    "write_evaluation_protocol": team("/evaluation-protocols", PROTOCOL),
    "change_evaluation_protocol": team("/evaluation-protocols/2", PROTOCOL, "1"),
    "note_pivot": team("/evaluation-protocols/1/pivot", {"decided_on": PAST, "reason": "r"}),
    "note_evaluation_run": team("/evaluation-protocols/1/evaluation-runs", RUN),
    "note_demonstration": team("/sprints/1/demonstrations", SHOWN),
    "change_demonstration": team("/demonstrations/1", SHOWN, "1"),
    "delete_demonstration": team("/demonstrations/2", None),
    "get_retrospective": read(f"{P}/sprints/1/retrospective", READERS),
    "write_retrospective": team("/sprints/2/retrospective", LOOKED_BACK | {"held_on": "{today}"}, "0"),
    "add_action": team("/sprints/1/actions", ACTION),
    "change_action": team("/actions/1", ACTION, "1"),
    "make_item_of_action": team("/actions/3/item", None),
    "settle_action": team("/actions/2/settle", {"to": "done"}),
}
ROUND = {
    "prototype": 1,
    "title": "t",
    "groups": [2],
    "wanted": 5,
    "method": "moderated",
    "scale": "f_sus",
    "starts_on": PAST,
}
TASK = {"title": "t", "instruction": "i", "success": "s", "time_limit": 180}
RESULTS = {"results": [{"task": 1, "notes": "n"}], "notes": "vu", "overwrite": True}
FORGET = TEAM | {DIRECTION}
ROUNDS = {
    "plan_round": team("/rounds", ROUND),
    "change_round": team("/rounds/1", ROUND, "1"),
    "count_access_needs": team("/rounds/2/access-needs", {"access_needs": 0, "no_access_needs": "r"}, "1"),
    "remove_round": team("/rounds/{empty}", None),
    "end_round": team("/rounds/2/end", {"is_over": True}),
    "list_tasks": read(f"{P}/rounds/1/tasks", READERS),
    "get_task": read(f"{P}/rounds/1/tasks/1", READERS),
    "add_task": team("/rounds/1/tasks", TASK),
    "change_task": team("/rounds/1/tasks/1", TASK, "1"),
    "remove_task": team("/rounds/1/tasks/2", None),
    "get_session": read(f"{P}/sessions/1", TEAM | {COACH}, READERS),
    "begin_session": team("/rounds/1/sessions", {"group": None}),
    "record_consent": team("/sessions/2/consent", {"consent_on": PAST}),
    "save_session_results": team("/sessions/1/results", RESULTS),
    "end_session": team("/sessions/2/end", None),
    "withdraw_session": write(f"{P}/sessions/1", None, FORGET, READERS),
    "rate_finding": team("/findings/1/rate", {"severity": 3}, "1"),
    "settle_finding": team("/findings/2/settle", {"reason": "r"}, "1"),
    "make_item_of_finding": team("/findings/6/item", None),
}
RISK = {"what": "w", "affected": "a", "likelihood": 2, "severity": 3}
REMAINS = {"residual_likelihood": 1, "residual_severity": 2, "residual_reason": "r"}
MITIGATION = {"what": "w", "owner_id": "{member}"}
SECOND = {REVIEWER, DIRECTION}
X = f"{P}/review-triggers"
RISKS = {
    "get_transparency": read(f"{P}/transparency", READERS),
    "get_transparency_public": read(f"{P}/transparency/public", READERS),
    "write_transparency_public": team("/transparency/public", {"contact": "c"}, "0"),
    "get_transparency_experts": read(f"{P}/transparency/experts", READERS),
    "write_transparency_experts": team("/transparency/experts", {}, "0"),
    "get_transparency_choice": read(f"{P}/transparency/choice", READERS),
    "choose_transparency_rows": team("/transparency/choice", {"sources": [1], "risks": [1]}, "0"),
    "list_transparency_editions": read(f"{P}/transparency/editions", READERS),
    "publish_transparency": shut(f"{P}/transparency/publish", {"reviewed": "r"}),
    "withdraw_transparency": write(f"{P}/transparency/withdraw", {"reason": "r"}, {LEAD, DIRECTION}, READERS),
    "note_risk": team("/risks", RISK),
    "change_risk": team("/risks/1", RISK, "1"),
    "reassess_risk": team("/risks/2/residual", REMAINS, "1"),
    "close_risk": team("/risks/3/close", {"closing_reason": "r"}, "1"),
    "reopen_risk": team("/risks/4/reopen", None),
    "decide_mitigation": team("/risks/5/mitigations", MITIGATION),
    "change_mitigation": team("/mitigations/2", MITIGATION, "1"),
    "prove_mitigation": team("/mitigations/3/prove", {"proof_link": "https://demo.example/p"}, "1"),
    "drop_mitigation": team("/mitigations/4/drop", {"note": "n"}, "1"),
    "begin_mitigation": team("/mitigations/5/begin", None),
    "resume_mitigation": team("/mitigations/6/resume", None),
    "answer_review_trigger": write(
        f"{X}/1/answer", {"answer": "no_impact", "because": "b"}, {LEAD, *SECOND}, READERS, version="1"
    ),
    "confirm_no_impact": write(f"{X}/2/confirm", {"confirmed_because": "r"}, SECOND, READERS, version="1"),
    "undo_no_impact_confirmation": write(f"{X}/5/undo-confirmation", None, {REVIEWER}, READERS, version="1"),
    "return_review_trigger": write(f"{X}/3/return", {"returned_because": "r"}, SECOND, READERS, version="1"),
}
R, C = f"{P}/reviews", f"{P}/review-conditions"
CONDITION = {"what": "w", "due_on": "2027-03-02"}
PART = {"section": "scope", "reasons": "r", "lacks": False}
DECISION = {"outcome": "accepted_with_conditions", "reasons": "r"}
RETURNED = {"returned_because": "b"}
AIM = {"answers": [{"item": "aim", "value": "t", "note": "", "version": 1}]}


def reviewer(path: str, body: dict[str, object] | None, version: str = "") -> ApiDoor:
    """What the reviewer may do, and other readers may not."""
    return write(path, body, {REVIEWER}, READERS, version=version)


REVIEWS = {
    "open_review": write(R, {"kind": "explanations"}, TEAM | {DIRECTION}, READERS),
    "submit_review": write(f"{R}/5/submit", None, {LEAD}, READERS),
    "withdraw_review": write(f"{R}/2/withdraw", None, {LEAD}, READERS),
    "discard_review": write(f"{R}/5/discard", None, {LEAD}, READERS),
    "take_review": reviewer(f"{R}/2/take", None),
    "write_review_opinion": reviewer(f"{R}/3/opinion", PART),
    "request_more_of_review": reviewer(f"{R}/6/request-more", {"because": "b"}),
    "decide_review": reviewer(f"{R}/3/decide", DECISION),
    "reopen_review": write(f"{R}/4/reopen", {"because": "b"}, {LEAD, REVIEWER, DIRECTION}, READERS),
    "save_review_answers": write(f"{R}/1/answers", AIM, TEAM, READERS),
    "choose_reviewer": write(f"{R}/1/reviewer", {"person_id": "{pooled_reviewer}"}, {DIRECTION}, READERS),
    "remind_of_review": write(f"{R}/remind", {"kind": "framing"}, {DIRECTION}, READERS),
    "upgrade_review": write(f"{R}/1/upgrade", None, TEAM, READERS, version="1"),
    "import_review_answers": write(f"{R}/1/answers/import", {"answers": {"fragile": "yes"}}, TEAM, READERS),
    "list_review_conditions": read(f"{R}/7/conditions", READERS),
    "get_review_condition": read(f"{C}/3", READERS),
    "draft_review_condition": reviewer(f"{R}/7/review-conditions", CONDITION),
    "change_review_condition": write(f"{C}/5", CONDITION, {REVIEWER}, version="1"),
    "drop_review_condition": write(f"{C}/6", None, {REVIEWER}),
    "prove_review_condition": team("/review-conditions/3/prove", {"proof": "p"}, "2"),
    "confirm_review_condition": reviewer(f"{C}/4/confirm", None, "3"),
    "return_review_condition": reviewer(f"{C}/4/return", RETURNED, "3"),
}
S = f"{P}/readiness-sheets"
SHEETS = {
    "begin_readiness_sheet": write(S, {"kind": "security", "prototype_version": 1}, TEAM, READERS),
    "fill_readiness_sheet_section": write(
        f"{S}/1/sections/motivation", {"answers": {"why": "w"}}, TEAM, READERS, version="1"
    ),
    "set_readiness_sheet_version": write(
        f"{S}/2/prototype-version", {"prototype_version": 1}, TEAM, READERS, version="1"
    ),
    "upgrade_readiness_sheet": write(f"{S}/3/upgrade", None, TEAM, READERS, version="1"),
    "complete_readiness_sheet": write(
        f"{S}/4/complete", {"completed_on": "{today}"}, TEAM, READERS, version="1"
    ),
}
SESSION = {"format": "call", "held_on": "2026-11-02"}


def advisor(path: str, body: dict[str, object] | None, version: str = "") -> ApiDoor:
    """What coaches and the programme's lead may do, and other readers may not."""
    return write(f"{P}{path}", body, ADVISORS, READERS, version=version)


SUPPORT = {
    "log_coaching_session": advisor("/coaching-sessions", SESSION | {"decisions": ["Une", "Deux"]}),
    "change_coaching_session": advisor("/coaching-sessions/1", SESSION, "1"),
    "list_clinics": read(f"{P}/clinics", READERS),
    "get_clinic": read(f"{P}/clinics/8", READERS),
    "take_clinic": advisor("/clinics/8/take", None, "1"),
    "give_back_clinic": advisor("/clinics/10/give-back", None, "1"),
    "plan_clinic": advisor("/clinics/8/plan", {"planned_on": "2027-03-02"}, "1"),
    "hold_clinic": advisor("/clinics/8/hold", {"held_on": "2026-11-02"}, "1"),
    "close_clinic": advisor("/clinics/9/close", {"outcome": "o"}, "1"),
    "acknowledge_decision": team("/decisions/6/acknowledge", None, "1"),
    "give_back_decision": write(f"{P}/decisions/5/give-back", None, {DIRECTION}, READERS, version="1"),
    "assign_decision": write(
        f"{P}/decisions/4/assign", {"person_id": "{direction}"}, {DIRECTION}, READERS, version="1"
    ),
}
WRITE_DOORS = FRAMING | SOURCES | PROTOTYPES | ROUNDS | RISKS | REVIEWS | SHEETS | SUPPORT
