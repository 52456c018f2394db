"""Access table of the API: calls, applications, juries and decisions (see `call_doors.py`)."""

from tests.house.api_door import read, shut, write
from tests.house.door import DIRECTION, JUROR

LEADS, JURY = {DIRECTION}, {JUROR}
BOTH = LEADS | JURY
C = "/programmes/ami/calls"
DRAFT, OPEN, REVIEW, DECIDED, PUBLISHED = (f"{C}/{n}" for n in range(1, 6))
KEYS = ("benefits", "relevance", "team", "data", "ethics")
APPLICATION = {"organisation": "o", "title": "t", "received_on": "2026-02-01"}
APPLICATION |= {"members": [{"name": "Ada", "email": "a@b.example"}]}
SCORES = {"scores": [{"criterion": key, "value": 3, "justification": "w"} for key in KEYS]}
DECISION = {"outcome": "laureate", "reasons": dict.fromkeys(KEYS, "w"), "letter_text": "l"}
CALL = {"title_fr": "t", "opens_on": "2026-01-01", "closes_on": "2026-03-01", "places": 2}
CALL |= {"scores_needed": 2, "appeal_days": 60, "retention_months": 24}
LEVELS = ["a", "b", "c", "d", "e", "f"]
CRITERION = {"name_fr": "n", "weight": 30, "minimum_tenths": 25, "levels_fr": LEVELS, "levels_en": LEVELS}
MAPPING = {"title": "Champ-1", "organisation": "@organisation"}
REVISION = {"value": 5, "justification": "j", "reason": "r"}


def app(call: str, number: int) -> str:
    return f"{call}/applications/{number}"


SELECTION_API_DOORS = {
    "list_programme_calls": read(C, LEADS),
    "get_programme_call": read(REVIEW, LEADS),
    "plan_call": write(C, CALL, LEADS),
    "change_call": write(DRAFT, CALL, LEADS, version="{draft_version}"),
    "show_call_page": shut(f"{DRAFT}/show", {}, "{draft_version}"),
    "hide_call_page": shut(f"{DRAFT}/hide", {}, "{draft_version}"),
    "list_call_criteria": read(f"{REVIEW}/criteria", BOTH),
    "get_call_criterion": read(f"{REVIEW}/criteria/data", BOTH),
    "change_call_criterion": write(f"{DRAFT}/criteria/data", CRITERION, LEADS, version="{draft_version}"),
    "move_call": write(
        f"{DRAFT}/state", {"state": "open", "knowingly": True}, LEADS, version="{draft_version}"
    ),
    "list_call_applications": read(f"{REVIEW}/applications", LEADS),
    "get_application": read(app(REVIEW, 1), BOTH),
    "add_application": write(f"{OPEN}/applications", APPLICATION, LEADS),
    "change_application": write(app(OPEN, 1), APPLICATION, LEADS, version="1"),
    "judge_eligibility": write(
        f"{app(OPEN, 1)}/eligibility", {"is_eligible": False, "reason": "r"}, LEADS, version="1"
    ),
    "undo_withdrawal": write(f"{app(OPEN, 2)}/withdraw/undo", None, LEADS, version="{withdrawn_version}"),
    "withdraw_application": write(f"{app(OPEN, 1)}/withdraw", {"reason": "r"}, LEADS, version="1"),
    "list_application_messages": read(f"{app(REVIEW, 1)}/messages", BOTH),
    "write_application_message": write(f"{app(REVIEW, 1)}/messages", {"body": "b"}, BOTH),
    "list_own_applications": read("/jury/applications", JURY),
    "list_jury_members": read(f"{REVIEW}/jury", LEADS),
    "list_jury_candidates": read(f"{REVIEW}/jury/candidates", LEADS),
    "get_jury_member": read(f"{REVIEW}/jury/{{second_juror}}", LEADS),
    "seat_juror": write(f"{REVIEW}/jury", {"person": "{candidate}"}, LEADS),
    "change_jury_member": write(f"{REVIEW}/jury/{{second_juror}}", {"employer": "e"}, LEADS),
    "unseat_juror": write(f"{REVIEW}/jury/{{idle_juror}}", None, LEADS),
    "list_call_conflicts": read(f"{REVIEW}/jury/likely-conflicts", LEADS),
    "preview_spread": read(f"{REVIEW}/assignments/spread", LEADS),
    "spread_applications": write(f"{REVIEW}/assignments/spread", None, LEADS),
    "list_application_jurors": read(f"{app(REVIEW, 1)}/jurors", LEADS),
    "declare_lead_interest": write(f"{app(REVIEW, 1)}/interests/lead", {"reason": "r"}, LEADS),
    "settle_conflict": write(
        f"{app(REVIEW, 4)}/interests/{{second_juror}}", {"is_confirmed": False, "reason": "r"}, LEADS
    ),
    "get_leadership": read(f"{app(REVIEW, 5)}/lead", LEADS),
    "name_lead": write(f"{app(REVIEW, 4)}/lead", {"person": "{direction}"}, LEADS),
    "ask_to_unname": write(f"{app(REVIEW, 5)}/lead/ask", None, LEADS),
    "agree_to_unname": write(f"{app(REVIEW, 7)}/lead/agree", None, LEADS),
    "ask_to_return": write(f"{app(REVIEW, 5)}/return", {"reason": "r"}, LEADS),
    "agree_to_return": write(f"{app(REVIEW, 6)}/return/{{other_lead}}", None, LEADS),
    "publish_assignments": write(f"{REVIEW}/assignments/publish", None, LEADS),
    "assign_juror": write(f"{app(REVIEW, 1)}/jurors", {"person": "{idle_juror}"}, LEADS),
    "recuse_juror": write(
        f"{app(REVIEW, 1)}/jurors/{{second_juror}}/recuse", {"replacement": "{idle_juror}"}, LEADS
    ),
    "declare_interests": write(f"{app(REVIEW, 2)}/interests", {"has_conflict": False}, JURY),
    "take_conflict_back": write(f"{app(REVIEW, 8)}/interests/undo", None, JURY),
    "open_scores": write(f"{app(REVIEW, 1)}/open", {"reason": "r"}, LEADS, version="{applied_version}"),
    "get_import_source": read(f"{OPEN}/import-source", LEADS),
    # No procedure is served here.
    "connect_import_source": write(
        f"{OPEN}/import-source",
        {"procedure_number": 1234, "token": "t"},
        LEADS,
        version="{source_version}",
        status=422,
    ),
    "save_import_mapping": write(f"{OPEN}/import-source/mapping", MAPPING, LEADS, version="{source_version}"),
    "disconnect_import_source": write(f"{OPEN}/import-source", None, LEADS, version="{source_version}"),
    "list_imports": read(f"{OPEN}/imports", LEADS),
    "get_import": read(f"{OPEN}/imports/1", LEADS),
    "start_import": write(f"{OPEN}/imports", {"mode": "complete"}, LEADS),
    "cancel_import": write(f"{OPEN}/imports/1/cancel", None, LEADS),
    "get_import_file": read(f"{OPEN}/import-file", LEADS),
    "upload_import_file": write(
        f"{OPEN}/import-file", None, LEADS, file=("dossiers.csv", b"ID,Titre\n1,Un projet\n")
    ),
    "import_file": write(f"{OPEN}/import-file/imports", MAPPING | {"title": "Titre#1"}, LEADS, version="1"),
    "get_replies_setting": read(f"{PUBLISHED}/replies/setting", LEADS),
    "switch_replies_on": write(f"{PUBLISHED}/replies/setting", {"instructor_id": "i"}, LEADS, version="0"),
    "list_proposable_replies": read(f"{PUBLISHED}/replies/proposable", LEADS),
    "list_replies": read(f"{PUBLISHED}/replies", LEADS),
    # Nothing is connected there.
    "propose_replies": write(f"{PUBLISHED}/replies/propose", None, LEADS, status=422),
    "approve_replies": shut(f"{PUBLISHED}/replies/approve", {}),
    "take_reply_back": write(f"{PUBLISHED}/replies/1", None, LEADS),
    "get_sheet": read(f"{app(REVIEW, 1)}/sheet", JURY),
    "save_sheet": write(f"{app(REVIEW, 1)}/sheet", SCORES, JURY, version="{sheet_version}"),
    "send_sheet": write(f"{app(REVIEW, 1)}/sheet/send", SCORES, JURY, version="{sheet_version}"),
    "change_score": write(f"{app(REVIEW, 3)}/sheet/data/change", REVISION, JURY, version="{sent_version}"),
    "list_application_scores": read(f"{app(REVIEW, 3)}/scores", BOTH),
    "list_ranking": read(f"{REVIEW}/ranking", LEADS),
    "list_agenda": read(f"{REVIEW}/agenda", BOTH),
    "get_minutes": read(f"{PUBLISHED}/minutes", BOTH),
    "write_minutes": write(f"{DECIDED}/minutes", {"held_on": "2026-03-01"}, LEADS, version="0"),
    "get_application_decision": read(f"{app(PUBLISHED, 1)}/decision", LEADS),
    "decide_application": write(f"{app(REVIEW, 3)}/decision", DECISION, LEADS, version="0"),
    "publish_decisions": shut(f"{DECIDED}/publish", {}, "1"),
    "list_application_appeals": read(f"{app(PUBLISHED, 2)}/appeals", LEADS),
    "get_application_appeal": read(f"{app(PUBLISHED, 2)}/appeals/1", LEADS),
    "receive_appeal": write(
        f"{app(PUBLISHED, 1)}/appeals", {"received_on": "{today}", "grounds": "g"}, LEADS
    ),
    "examine_appeal": write(
        f"{app(PUBLISHED, 2)}/appeals/1/examine", {"examination": "e"}, LEADS, version="{appeal_version}"
    ),
    "close_appeal": write(
        f"{app(PUBLISHED, 2)}/appeals/1/close",
        {"state": "rejected", "answer": "a"},
        LEADS,
        version="{appeal_version}",
    ),
    "found_project": shut(f"{app(PUBLISHED, 1)}/project", {}),
}
