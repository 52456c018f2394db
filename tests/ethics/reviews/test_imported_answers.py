"""Answers imported from a file: which are saved, which are refused, and what the trail says."""

from datetime import timedelta

import pytest

from portal.ethics.reviews import answer_commands, queries
from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken, TooLate
from tests.support import reviews
from tests.support.refusals import forbidden
from tests.support.trail import audited_actions, last_event

QUESTION = '- {key: aim, kind: text, long: true, required: true, label: {fr: "Quelle'
DATED = """- {key: trained_on, kind: date, past: true, label: {fr: "Entraîné le", en: "Trained on"}}
      - {key: due_on, kind: date, label: {fr: "Prévu le", en: "Due on"}}
      """


@pytest.fixture
def review(project, member):
    """A review of a questionnaire that asks for a date in the past, and for any date."""
    reviews.newer(reviews.KIND, (QUESTION, DATED + QUESTION))
    return reviews.opened(member, project)


def test_a_date_to_come_is_refused_where_the_question_is_about_the_past(project, member, review):
    tomorrow, today = clock.today() + timedelta(days=2), clock.today()
    content = {"trained_on": str(tomorrow), "due_on": str(tomorrow), "aim": "Lire."}
    result = answer_commands.import_answers(member, project, review, content)
    assert (result.saved, result.misfits) == (["due_on", "aim"], ["trained_on"])
    assert (result.closed, result.unknown) == ([], [])
    answers = queries.reload_review(review).answers
    assert answers["due_on"] == str(tomorrow)
    assert "trained_on" not in answers
    content = {"trained_on": str(today)}
    result = answer_commands.import_answers(member, project, review, content)
    assert (result.saved, result.misfits) == (["trained_on"], [])


def test_the_trail_names_the_saved_items_once_and_not_their_answers(project, member, review):
    content = {"aim": "Lire.", "role": "inform", "severity_note": "Peu."}
    answer_commands.import_answers(member, project, review, content)
    event = last_event()
    assert event.action == "review.answers_imported"
    assert sorted(event.facts["items"]) == ["aim", "role", "severity"]
    assert event.facts["path"] == "/projects/heron/reviews/1"
    assert "Lire." not in str(event.facts)
    before = audited_actions()
    again = answer_commands.import_answers(member, project, review, content)
    assert (again.saved, again.closed, again.misfits) == ([], [], [])
    assert audited_actions() == before


def test_a_note_alone_is_imported_and_keeps_the_answer(project, member, review):
    answer_commands.import_answers(member, project, review, {"severity": "slight"})
    result = answer_commands.import_answers(member, project, review, {"severity_note": "Peu."})
    row = queries.reload_review(review).rows["severity"]
    assert result.saved == ["severity"]
    assert (row.value, row.note) == ("slight", "Peu.")
    assert row.answered_by_id == member.person_id


def test_only_the_team_imports_and_only_what_is_with_it(project, member, lead, direction, review):
    with forbidden():
        answer_commands.import_answers(direction, project, review, {"aim": "Lire."})
    with pytest.raises(RuleBroken) as refused:
        answer_commands.import_answers(member, project, review, {"aim": ""})
    assert refused.value.field == "answers"
    submitted = reviews.submitted(lead, project, kind="crpa")
    with pytest.raises(TooLate):
        answer_commands.import_answers(member, project, submitted, {"aim": "Lire."})
