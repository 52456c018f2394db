"""Access table of agreements, instalments, changes and reports (see `doors.py`).

The rows in the scene are those of `tests.support.funding.one_of_each`: instalments 1 to 7 of heron
are planned, asked, checked, paid, paid and to recover, with a statement, planned; the agreement of
lynx is in preparation.
"""

from tests.house.call_doors import both
from tests.house.door import (
    DIRECTION,
    LEAD,
    MEMBER,
    OBSERVER,
    OPERATOR,
    OTHER,
    READERS,
    TEAM,
    Door,
    read,
    write,
)

F, DRAFT = "/projects/heron/funding", "/projects/lynx/funding"
HANDLERS = {DIRECTION, OPERATOR}
INSIDE = READERS | {OPERATOR}
R, REPORTED = "/programmes/ami/funding", HANDLERS | {OBSERVER}
COUNTED = TEAM | HANDLERS
AGREEMENT = {"number": "n", "legal_commitment": "2199999999", "operator_reference": "r", "purpose": "p"}
AGREEMENT |= {"parties": "A ; 11000201100044", "amount_cents": "10", "version": "{draft_agreement_version}"}
ANSWER = {"outcome": "yes", "reasons": "r", "days": "20"}
TERMS = dict.fromkeys(("delay", "scope", "budget", "abandonment"), "lead")
TERMS |= {"recovery_days": "15", "version": "0"}
PLAN = {"amount_cents": "1", "documents": "d"}


def refusing(doors: dict[str, Door], everybody: set[str]) -> dict[str, Door]:
    """The same rows, where all others of a set are refused with a sentence."""
    return {name: Door(d.path, d.inside, everybody - d.inside, d.typed) for name, d in doors.items()}


def act(endpoint: str, number: int, verb: str, typed: dict[str, str], inside: set[str]) -> dict[str, Door]:
    """The rows of a form about an instalment, refused to whoever reads its state."""
    return refusing(both(endpoint, f"{F}/instalments/{number}/{verb}", typed, inside), INSIDE)


def v(name: str) -> dict[str, str]:
    return {"version": f"{{{name}_version}}"}


FUNDING_DOORS: dict[str, Door] = {
    "operator_desk.index GET": read("/funding", HANDLERS),
    "agreement_list.index GET": read("/agreements", HANDLERS),
    "agreements.page GET": read(F, INSIDE),
    **both("agreements.edit", f"{DRAFT}/agreement", AGREEMENT, HANDLERS),
    **both(
        "agreements.sign",
        f"{DRAFT}/agreement/sign",
        {"signed_on": "{today}", "document": "{draft_agreement_file}", **v("draft_agreement")},
        HANDLERS,
    ),
    **refusing(
        both(
            "agreements.replace_signed_document",
            f"{F}/agreement/document",
            {"document": "{agreement_file}", "reason": "r", **v("agreement")},
            HANDLERS,
        )
        | both(
            "agreements.amend",
            f"{F}/agreement/amend",
            {"signed_on": "{today}", "reason": "r", "amount_cents": "99999999", **v("agreement")},
            HANDLERS,
        )
        | both("agreements.end", f"{F}/agreement/end", {"reason": "r", **v("agreement")}, HANDLERS),
        COUNTED,
    ),
    **both("instalment_plan.plan", f"{DRAFT}/instalments/new", PLAN, HANDLERS),
    **both(
        "instalment_plan.share_out",
        f"{DRAFT}/shares",
        {"shares": "50;50", **v("draft_agreement")},
        HANDLERS,
    ),
    **both("instalment_plan.remove", f"{DRAFT}/instalments/1/remove", {"version": "1"}, HANDLERS),
    **act("instalment_plan.change", 1, "edit", PLAN | {"reason": "r"} | v("planned"), HANDLERS),
    "instalments.page GET": read(f"{F}/instalments/2", INSIDE),
    **act("instalments.ask", 1, "ask", v("planned"), {LEAD}),
    **act("instalments.send_back", 2, "return", {"reason": "r", **v("asked")}, {OPERATOR}),
    **act("instalments.refuse", 2, "refuse", {"reason": "r", **v("asked")}, {OPERATOR}),
    **act("instalments.check", 2, "check", {"reason": "", **v("asked")}, {OPERATOR}),
    **act("instalments.defer", 2, "wait", {"reason": "r", **v("asked")}, {OPERATOR}),
    **act(
        "instalments.hand_in",
        6,
        "documents/{needed_document}",
        {"file": "{handed_file}", **v("stated")},
        TEAM,
    ),
    **act("instalments.prepare_statement", 6, "statement", {"statement_cents": "1", **v("stated")}, TEAM),
    "instalments.certify_expenses POST": write(
        f"{F}/instalments/6/certify", v("stated"), {LEAD, MEMBER}, INSIDE
    ),
    **act(
        "payments.pay",
        3,
        "pay",
        {"paid_on": "{today}", "reference": "r", "reason": "", **v("checked")},
        {OPERATOR},
    ),
    **act("payments.note_failure", 4, "fail", {"reason": "r", **v("paid")}, {OPERATOR}),
    **act("payments.announce_recovery", 4, "recovery", {"amount_cents": "1", "reason": "r"}, {OPERATOR}),
    **act(
        "payments.add_recovery_observations",
        5,
        "recovery/observations",
        {"observations": "o", **v("recovery")},
        {LEAD},
    ),
    **act(
        "payments.book_recovery",
        5,
        "recovery/book",
        {"paid_on": "{today}", "reference": "r", **v("recovery")},
        {OPERATOR},
    ),
    "funding_reports.page GET": read(f"{R}/report", REPORTED),
    "funding_reports.as_csv POST": write(f"{R}/report.csv", {"language": "fr"}, REPORTED),
    "funding_reports.as_xlsx POST": write(f"{R}/report.xlsx", {"language": "en"}, REPORTED),
    "funding_reports.request_pdf POST": write(f"{R}/report.pdf", {"language": "fr"}, REPORTED),
    "funding_reports.download GET": read(f"{R}/reports/{{funding_report}}.pdf", REPORTED),
    "funding_changes.page GET": read(f"{F}/changes/1", COUNTED),
    **refusing(
        both(
            "funding_changes.file_request",
            f"{F}/changes/new",
            {"kind": "budget", "reason": "r", "amount_cents": "99"},
            {LEAD},
        )
        | both("funding_changes.decide", f"{F}/changes/1/decide", ANSWER | v("filed"), {DIRECTION})
        | both("funding_changes.correct", f"{F}/changes/2/correct", ANSWER | v("granted"), {DIRECTION}),
        COUNTED,
    ),
    "funding_changes.examine POST": write(f"{F}/changes/1/examine", v("filed"), HANDLERS, COUNTED),
    "funding_changes.confirm_abandonment POST": write(
        "/projects/{abandoned_slug}/funding/changes/1/confirm", v("abandonment"), {OTHER}
    ),
    "funding_changes.withdraw POST": write(f"{F}/changes/1/withdraw", v("filed"), {LEAD}, COUNTED),
    "funding_changes.apply POST": write(
        f"{F}/changes/2/apply", v("granted") | {"confirmed": "1"}, {DIRECTION}, COUNTED
    ),
    "funding_changes.post_message POST": write(f"{F}/changes/1/messages", {"body": "b"}, COUNTED),
    "funding_changes.letter GET": read(f"{F}/changes/2/letters/1.pdf", COUNTED),
    **both("funding_terms.edit", f"{R}/terms", TERMS, HANDLERS),
    "payments.drop_recovery POST": write(
        f"{F}/instalments/5/recovery/drop", v("recovery"), {OPERATOR}, INSIDE
    ),
}
