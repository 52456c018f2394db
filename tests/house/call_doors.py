"""Access table of calls, applications, juries and decisions (see `doors.py`).

The rows in the scene are those of `tests.support.calls.one_of_each`.
"""

from datetime import timedelta

from portal.platform.kernel import clock
from tests.house.door import DIRECTION, EVERYBODY, JUROR, Door, read, write

LEADS, JURY = {DIRECTION}, {JUROR}
BOTH = LEADS | JURY
C = "/programmes/ami/calls"
V = {"version": "{version}"}
CALL = {"title_fr": "t", "opens_on": "2026-01-01", "closes_on": "2026-03-01", "places": "2"}
CALL |= {"scores_needed": "2", "appeal_days": "60", "retention_months": "24", "tie_rule": ""}
CRITERION = {"name_fr": "n", "name_en": "n", "weight": "30", "minimum": "2"}
CRITERION |= {"levels_fr": "a\nb\nc\nd\ne\nf", "levels_en": "a\nb\nc\nd\ne\nf"}
APPLICATION = {"organisation": "o", "title": "t", "received_on": "2026-02-01", "members": "Ada ; a@b.example"}
DRAFT, OPEN, REVIEW, DECIDED, PUBLISHED = (f"{C}/{n}" for n in range(1, 6))
MAPPED = "company_number summary problem benefits data_sources target_groups ethical_risks contact_name"
MAPPED += " contact_email member_first_name member_name member_email member_function"
MAPPING = dict.fromkeys(MAPPED.split(), "") | {"title": "Champ-1", "organisation": "@organisation"}
WHY = {f"why_{key}": "w" for key in ("benefits", "relevance", "team", "data", "ethics")}
SHEET = {f"value_{key}": "3" for key in ("benefits", "relevance", "team", "data", "ethics")} | WHY

IN_A_SEASON = (clock.today() + timedelta(days=100)).isoformat()


def both(endpoint: str, path: str, typed: dict[str, str], inside: set[str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form."""
    return {f"{endpoint} GET": read(path, inside), f"{endpoint} POST": write(path, typed, inside)}


def app(call: str, number: int) -> str:
    return f"{call}/applications/{number}"


CALL_DOORS: dict[str, Door] = {
    "calls.everywhere GET": read("/calls", EVERYBODY),
    "calls.redirect_to_call GET": read("/calls/{review_call}", BOTH),
    "calls.index GET": read(C, LEADS),
    "calls.page GET": read(REVIEW, LEADS),
    **both("calls.plan", f"{C}/new", CALL, LEADS),
    **both("calls.change", f"{DRAFT}/edit", CALL | {"version": "{draft_version}"}, LEADS),
    **both(
        "calls.change_criterion", f"{DRAFT}/criteria/data", CRITERION | {"version": "{draft_version}"}, LEADS
    ),
    "calls.move_to_state POST": write(
        f"{DRAFT}/state", {"state": "open", "version": "{draft_version}", "confirmed": "1"}, LEADS
    ),
    "calls.show_or_hide_public_page POST": write(f"{DRAFT}/show", {"version": "{draft_version}"}, LEADS),
    "applications.index GET": read(f"{REVIEW}/applications", LEADS),
    "applications.page GET": read(app(REVIEW, 1), BOTH),
    **both("applications.add", f"{OPEN}/applications/new", APPLICATION, LEADS),
    **both("applications.change", f"{app(OPEN, 1)}/edit", APPLICATION | {"version": "1"}, LEADS),
    **both(
        "applications.judge_eligibility",
        f"{app(OPEN, 1)}/eligibility",
        {"verdict": "no", "reason": "r", "version": "1"},
        LEADS,
    ),
    "applications.undo_withdrawal POST": write(
        f"{app(OPEN, 2)}/withdraw/undo", {"version": "{withdrawn_version}"}, LEADS
    ),
    **both("applications.withdraw", f"{app(OPEN, 1)}/withdraw", {"reason": "r", "version": "1"}, LEADS),
    "applications.post_message POST": write(f"{app(REVIEW, 1)}/messages", {"body": "b"}, BOTH),
    "application_exports.as_csv POST": write(f"{REVIEW}/applications/export.csv", {}, LEADS),
    "application_exports.as_xlsx POST": write(f"{REVIEW}/applications/export.xlsx", {}, LEADS),
    "application_exports.as_json POST": write(f"{REVIEW}/applications/export.json", {}, LEADS),
    "application_imports.index GET": read(f"{OPEN}/imports", LEADS),
    "application_imports.run_page GET": read(f"{OPEN}/imports/1", LEADS),
    **both(
        "application_imports.connect",
        f"{OPEN}/imports/source",
        {"procedure_number": "1234", "token": "t", "version": "{source_version}"},
        LEADS,
    ),
    **both(
        "application_imports.map_fields",
        f"{OPEN}/imports/mapping",
        MAPPING | {"version": "{source_version}"},
        LEADS,
    ),
    "source_replies.page GET": read(f"{PUBLISHED}/imports/replies", LEADS),
    **both(
        "source_replies.edit_settings",
        f"{PUBLISHED}/imports/replies/settings",
        {"instructor_id": "i", "annotation_id": "", "version": "0"},
        LEADS,
    ),
    "source_replies.propose POST": write(f"{PUBLISHED}/imports/replies/propose", {}, LEADS),
    "source_replies.approve POST": write(f"{PUBLISHED}/imports/replies/approve", {}, LEADS),
    "source_replies.take_back POST": write(f"{PUBLISHED}/imports/replies/1/remove", {}, LEADS),
    **both("application_files.upload", f"{OPEN}/imports/file", {}, LEADS),
    **both(
        "application_files.map_columns",
        f"{OPEN}/imports/file/columns",
        MAPPING | {"title": "Titre#1", "version": "1"},
        LEADS,
    ),
    "application_imports.start POST": write(f"{OPEN}/imports/runs", {"kind": "complete"}, LEADS),
    "application_imports.cancel POST": write(f"{OPEN}/imports/1/cancel", {}, LEADS),
    "application_imports.disconnect POST": write(
        f"{OPEN}/imports/source/remove", {"version": "{source_version}"}, LEADS
    ),
    "jury.page GET": read(f"{REVIEW}/jury", LEADS),
    **both("jury.seat_juror", f"{REVIEW}/jury/members/new", {"person": "{candidate}"}, LEADS),
    **both("jury.change_seat", f"{REVIEW}/jury/members/{{second_juror}}/edit", {"employer": "e"}, LEADS),
    "jury.unseat POST": write(f"{REVIEW}/jury/members/{{idle_juror}}/remove", {}, LEADS),
    **both("jury.spread_applications", f"{REVIEW}/jury/spread", {}, LEADS),
    "jury.publish_assignments POST": write(f"{REVIEW}/jury/publish", {}, LEADS),
    **both("application_jury.assign", f"{app(REVIEW, 1)}/jury/new", {"person": "{idle_juror}"}, LEADS),
    **both(
        "application_jury.recuse",
        f"{app(REVIEW, 1)}/jury/{{second_juror}}/recuse",
        {"replacement": "{idle_juror}"},
        LEADS,
    ),
    "application_jury.declare_interest POST": write(
        f"{app(REVIEW, 2)}/interests", {"interest": "no", "reason": "r"}, JURY
    ),
    **both(
        "application_jury.declare_found_interest",
        f"{app(REVIEW, 1)}/interests/found",
        {"reason": "r"},
        JURY,
    ),
    "application_jury.take_conflict_back POST": write(f"{app(REVIEW, 8)}/interests/undo", {}, JURY),
    **both(
        "application_jury.declare_lead_interest", f"{app(REVIEW, 1)}/interests/lead", {"reason": "r"}, LEADS
    ),
    **both(
        "application_jury.settle_conflict",
        f"{app(REVIEW, 4)}/interests/{{second_juror}}",
        {"verdict": "aside", "reason": "r"},
        LEADS,
    ),
    **both("application_jury.name_lead", f"{app(REVIEW, 4)}/lead", {"person": "{direction}"}, LEADS),
    "application_jury.ask_or_agree_to_unname POST": write(f"{app(REVIEW, 5)}/lead/ask", {}, LEADS),
    **both("application_jury.ask_to_return", f"{app(REVIEW, 5)}/return", {"reason": "r"}, LEADS),
    "application_jury.agree_to_return POST": write(f"{app(REVIEW, 6)}/return/{{other_lead}}", {}, LEADS),
    **both(
        "application_jury.open_scores",
        f"{app(REVIEW, 1)}/open",
        {"reason": "r", "version": "{applied_version}"},
        LEADS,
    ),
    "scoring.index GET": read("/jury", JURY),
    **both("scoring.sheet", f"{app(REVIEW, 1)}/sheet", SHEET | {"version": "{sheet_version}"}, JURY),
    "scoring.send POST": write(f"{app(REVIEW, 1)}/sheet/send", SHEET | {"version": "{sheet_version}"}, JURY),
    **both(
        "scoring.change_own_score",
        f"{app(REVIEW, 3)}/scores/data",
        {"value": "5", "justification": "j", "reason": "r", "version": "{sent_version}"},
        JURY,
    ),
    "scoring.booklet GET": read(f"{REVIEW}/booklet.pdf", JURY),
    "ranking.page GET": read(f"{REVIEW}/ranking", LEADS),
    "deliberation.everywhere GET": read("/deliberations", JURY),
    "deliberation.page GET": read(f"{REVIEW}/deliberation", BOTH),
    **both(
        "deliberation.minutes",
        f"{DECIDED}/deliberation/minutes",
        {"held_on": "2026-03-01", "minutes": "m", "version": "0"},
        LEADS,
    ),
    **both("deliberation.publish", f"{DECIDED}/publish", {"version": "{decided_version}"}, LEADS),
    **both(
        "decision_letters.decide",
        f"{app(REVIEW, 3)}/decision",
        WHY | {"outcome": "laureate", "letter_text": "l", "version": "0"},
        LEADS,
    ),
    "decision_letters.letter GET": read(f"{app(PUBLISHED, 1)}/letter.pdf", LEADS),
    **both(
        "decision_letters.receive_appeal",
        f"{app(PUBLISHED, 1)}/appeals/new",
        {"received_on": "{today}", "grounds": "g"},
        LEADS,
    ),
    **both(
        "decision_letters.examine_appeal",
        f"{app(PUBLISHED, 2)}/appeals/1/examine",
        {"examination": "e", "version": "{appeal_version}"},
        LEADS,
    ),
    **both(
        "decision_letters.close_appeal",
        f"{app(PUBLISHED, 2)}/appeals/1/close",
        {"state": "rejected", "new_outcome": "", "answer": "a", "version": "{appeal_version}"},
        LEADS,
    ),
    "decision_letters.appeal_letter GET": read(f"{app(PUBLISHED, 3)}/appeals/1/letter.pdf", LEADS),
    **both(
        "decision_letters.create_project",
        f"{app(PUBLISHED, 1)}/project",
        {"acronym": "Essai", "starts_on": "{today}", "ends_on": IN_A_SEASON},
        LEADS,
    ),
}
PUBLIC_CALL_DOORS = {
    "public_calls.redirect_to_reader_language GET": read("/calls/ami/5", EVERYBODY),
    "public_calls.page GET": read("/calls/ami/5/en", EVERYBODY),
}
