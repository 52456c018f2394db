"""Access table of the API: agreements, instalments and change requests (see `funding_doors.py`)."""

from tests.house.api_door import ApiDoor, read, shut, write
from tests.house.door import DIRECTION, LEAD, OBSERVER, OPERATOR, OTHER, READERS, TEAM

P = "/projects/heron"
N, DRAFT, C = f"{P}/instalments", "/projects/lynx", f"{P}/change-requests"
HANDLERS = {DIRECTION, OPERATOR}
REPORT_FILES = "/programmes/ami/funding-report/files"
INSIDE, COUNTED = READERS | {OPERATOR}, TEAM | HANDLERS
WHY, ANSWER = {"reason": "r"}, {"is_granted": True, "reasons": "r", "days": 20}
PARTIES = [{"name": "A", "siret": "11000201100044"}]
AGREEMENT = {"number": "n", "legal_commitment": "2199999999", "operator_reference": "r", "purpose": "p"}
AGREEMENT |= {"parties": PARTIES, "amount_cents": 1000}
PLAN = {"amount_cents": 100, "documents": [{"name": "d"}]}
PAYMENT = {"paid_on": "{today}", "reference": "r"}
TERMS = dict.fromkeys(("delay", "scope", "budget", "abandonment"), "lead") | {"recovery_days": 15}


def act(
    number: int, verb: str, body: dict[str, object] | None, inside: set[str], version: str = ""
) -> ApiDoor:
    """An act on an instalment, refused to whoever reads its state."""
    return write(f"{N}/{number}/{verb}", body, inside, INSIDE, version=version and f"{{{version}_version}}")


def change(number: int, verb: str, body: dict[str, object] | None, inside: set[str], version: str) -> ApiDoor:
    """An act on a change request, refused to whoever reads it."""
    return write(f"{C}/{number}/{verb}", body, inside, COUNTED, version=f"{{{version}_version}}")


AGREEMENTS = {
    "list_agreements": read("/programmes/ami/agreements", HANDLERS),
    "get_agreement": read(f"{P}/agreement", INSIDE),
    "list_amendments": read(f"{P}/agreement/amendments", COUNTED),
    "save_agreement": write(f"{DRAFT}/agreement", AGREEMENT, HANDLERS, version="{draft_agreement_version}"),
    "sign_agreement": write(
        f"{DRAFT}/agreement/sign",
        {"signed_on": "{today}", "document": "{draft_agreement_file}"},
        HANDLERS,
        version="{draft_agreement_version}",
    ),
    "choose_signed_document": write(
        f"{P}/agreement/document",
        {"document": "{agreement_file}", "reason": "r"},
        HANDLERS,
        COUNTED,
        version="{agreement_version}",
    ),
    "amend_agreement": write(
        f"{P}/agreement/amend",
        {"signed_on": "{today}", "reason": "r", "amount_cents": 99_999_999_00},
        HANDLERS,
        COUNTED,
        version="{agreement_version}",
    ),
    "end_agreement": write(
        f"{P}/agreement/end", WHY, HANDLERS, COUNTED, version="{agreement_version}", status=422
    ),
    "share_out_agreement": write(
        f"{DRAFT}/agreement/shares",
        {"shares": [5000, 5000]},
        HANDLERS,
        version="{draft_agreement_version}",
    ),
}
INSTALMENTS = {
    "list_instalments": read(N, INSIDE),
    "get_instalment": read(f"{N}/2", INSIDE),
    "list_instalment_steps": read(f"{N}/2/steps", COUNTED),
    "list_instalment_editions": read(f"{N}/2/editions", COUNTED),
    "list_ledger_entries": read(f"{P}/ledger", COUNTED),
    "plan_instalment": write(f"{DRAFT}/instalments", PLAN, HANDLERS),
    "change_instalment": write(f"{N}/1", PLAN | WHY, HANDLERS, INSIDE, version="{planned_version}"),
    "remove_instalment": write(f"{DRAFT}/instalments/1", None, HANDLERS, version="1"),
    "ask_instalment": act(1, "ask", None, {LEAD}, "planned"),
    "return_instalment": act(2, "return", WHY, {OPERATOR}, "asked"),
    "refuse_instalment": act(2, "refuse", WHY, {OPERATOR}, "asked"),
    "check_instalment": act(2, "check", {}, {OPERATOR}, "asked"),
    "defer_instalment": write(f"{N}/2/wait", WHY, {OPERATOR}, INSIDE, version="{asked_version}", status=422),
    "pay_instalment": shut(f"{N}/3/pay", PAYMENT, "1"),
    "fail_payment": shut(f"{N}/4/fail", WHY, "1"),
    "hand_in_document": act(
        6, "documents", {"document": "{needed_document}", "file": "{handed_file}"}, TEAM, "stated"
    ),
    "state_expenses": act(6, "statement", {"statement_cents": 100}, TEAM, "stated"),
    "certify_expenses": act(6, "certify", None, TEAM, "stated"),
    "get_recovery": read(f"{N}/5/recovery", COUNTED),
    "list_recoveries": read(f"{N}/5/recoveries", COUNTED),
    "announce_recovery": shut(f"{N}/4/recovery", {"amount_cents": 100, "reason": "r"}),
    "observe_recovery": act(5, "recovery/observations", {"observations": "o"}, {LEAD}, "recovery"),
    "book_recovery": shut(f"{N}/5/recovery/book", PAYMENT, "1"),
    "drop_recovery": shut(f"{N}/5/recovery/drop", version="1"),
}
CHANGES = {
    "list_change_requests": read(C, COUNTED),
    "get_change_request": read(f"{C}/1", COUNTED),
    "file_change_request": write(C, {"kind": "budget", "reason": "r", "amount_cents": 99}, {LEAD}, COUNTED),
    "examine_change_request": change(1, "examine", None, HANDLERS, "filed"),
    "confirm_change_request": write(
        "/projects/{abandoned_slug}/change-requests/1/confirm",
        None,
        {OTHER},
        version="{abandonment_version}",
    ),
    "withdraw_change_request": change(1, "withdraw", None, {LEAD}, "filed"),
    "decide_change_request": change(1, "decide", ANSWER, {DIRECTION}, "filed"),
    "correct_change_request": change(2, "correct", ANSWER, {DIRECTION}, "granted"),
    "apply_change_request": change(2, "apply", None, {DIRECTION}, "granted"),
    "list_change_messages": read(f"{C}/1/messages", COUNTED),
    "write_change_message": write(f"{C}/1/messages", {"body": "b"}, COUNTED),
    "list_funding_report_files": read(REPORT_FILES, HANDLERS | {OBSERVER}),
    "request_funding_report_file": write(REPORT_FILES, {"language": "fr"}, HANDLERS | {OBSERVER}),
    "download_funding_report_file": read(f"{REPORT_FILES}/{{funding_report}}/content", HANDLERS | {OBSERVER}),
    "get_funding_report": read("/programmes/ami/funding-report", HANDLERS | {OBSERVER}),
    "get_funding_terms": read("/programmes/ami/funding-terms", HANDLERS),
    "set_funding_terms": write("/programmes/ami/funding-terms", TERMS, HANDLERS, version="0"),
}
FUNDING_API_DOORS = AGREEMENTS | INSTALMENTS | CHANGES
