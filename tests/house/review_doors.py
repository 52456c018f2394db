"""Access table of ethics reviews (see `doors.py`); the rows are those of `support.reviews`."""

from tests.house.door import (
    DIRECTION,
    IN_PROGRAMME,
    LEAD,
    OBSERVER,
    READERS,
    REVIEWER,
    TEAM,
    Door,
    read,
    write,
)
from tests.house.file_doors import form

R = "/projects/heron/reviews"
C = f"{R}/conditions"
CONDITION = {"what": "w", "due_on": "2027-03-02", "version": "1"}
PROVED = {"returned_because": "b", "version": "3"}

REGISTER = {DIRECTION, OBSERVER}  # also the programme's reviewers; the scene has the project's


def of(endpoint: str, path: str, typed: dict[str, str], inside: set[str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form page for these people."""
    return {
        f"{endpoint} GET": read(path, inside, READERS),
        f"{endpoint} POST": write(path, typed, inside, READERS),
    }


REVIEW_DOORS = {
    "review_register.index GET": read("/programmes/ami/reviews", REGISTER, IN_PROGRAMME),
    "reviews.index GET": read(R, READERS),
    "reviews.page GET": read(f"{R}/1", READERS),
    "reviews.printed GET": read(f"{R}/4/print", READERS),
    "reviews.round_page GET": read(f"{R}/4/rounds/1", READERS),
    "reviews.as_json POST": write(f"{R}/1/answers.json", {}, READERS),
    "review_questions.section GET": read(f"{R}/1/sections/stakes", READERS),
    "review_questions.section POST": write(
        f"{R}/1/sections/stakes", {"a_aim": "t", "s_aim": "1.x"}, TEAM, READERS
    ),
    "review_questions.review_question GET": read(f"{R}/1/questions/aim", READERS),
    "review_questions.review_question POST": write(
        f"{R}/1/questions/role", {"a_role": "inform", "s_role": "1.x"}, TEAM, READERS
    ),
    **form("review_imports.import_answers", f"{R}/1/import", {"answers": '{{"fragile": "yes"}}'}),
    **form("review_imports.upgrade_edition", f"{R}/1/edition", {"version": "1"}),
    **of("review_desk.open_one", f"{R}/new", {"kind": "explanations"}, TEAM | {DIRECTION}),
    **of("review_desk.submit_one", f"{R}/5/submit", {}, {LEAD}),
    **of("review_withdrawals.withdraw", f"{R}/2/withdraw", {}, {LEAD}),
    **of("review_withdrawals.discard", f"{R}/5/discard", {}, {LEAD}),
    **of("review_desk.choose_reviewer", f"{R}/1/reviewer", {"person": "{pooled_reviewer}"}, {DIRECTION}),
    "review_desk.take POST": write(f"{R}/2/take", {}, {REVIEWER}, READERS),
    **of(
        "review_desk.write_opinion",
        f"{R}/3/sections/scope/opinion",
        {"reasons": "r", "version": "0"},
        {REVIEWER},
    ),
    **of("review_desk.request_more", f"{R}/6/more", {"because": "b"}, {REVIEWER}),
    **of(
        "review_desk.decide",
        f"{R}/3/decide",
        {"outcome": "accepted_with_conditions", "reasons": "r"},
        {REVIEWER},
    ),
    **of("review_desk.reopen", f"{R}/4/reopen", {"because": "b"}, {LEAD, REVIEWER, DIRECTION}),
    **of("review_conditions.draft_condition", f"{R}/7/conditions/new", CONDITION, {REVIEWER}),
    "review_conditions.page GET": read(f"{C}/3", READERS),
    "review_conditions.change GET": read(f"{C}/5/edit", {REVIEWER}),
    "review_conditions.change POST": write(f"{C}/5/edit", CONDITION, {REVIEWER}),
    "review_conditions.drop POST": write(f"{C}/6/drop", {}, {REVIEWER}),
    **form("review_conditions.prove", f"{C}/3/proof", {"proof": "p", "version": "2"}),
    "review_conditions.confirm POST": write(f"{C}/4/confirm", {"version": "3"}, {REVIEWER}, READERS),
    **of(
        "review_conditions.give_back", f"{C}/4/return", {"returned_because": "b", "version": "3"}, {REVIEWER}
    ),
}
