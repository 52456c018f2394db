"""Factories of reviews of the framing questionnaire; a test gives only relevant fields."""

from datetime import timedelta
from typing import Any

from portal.ethics.questionnaires.commands import store_edition
from portal.ethics.questionnaires.completion_rules import list_unanswered_required_items
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_built_in_source
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.reviews import answer_commands, commands, queries, reviewer_commands
from portal.ethics.reviews.answer_commands import AnswerInput
from portal.ethics.reviews.answer_forms import etag_name, make_etag
from portal.ethics.reviews.condition_commands import ConditionProof, prove_condition
from portal.ethics.reviews.models import Review, ReviewAnswer, ReviewCondition, ReviewDecision, ReviewState
from portal.ethics.reviews.round_queries import list_conditions
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make

KIND = "framing"


def reviewer(project: Project) -> Person:
    """Return an ethics reviewer of the programme and of this project."""
    person = make.role(project.programme_id, Role.ETHICS_REVIEWER)
    return make.role(project.id, Role.ETHICS_REVIEWER, person)


def opened(member: Actor, project: Project, kind: str = KIND) -> Review:
    review = commands.open_review(member, project, get_questionnaire(kind))
    db.session.commit()
    return review


def answer_to(item: QuestionnaireItem) -> Answer:
    """Return the shortest valid answer to an item."""
    first = item.choices[0].value if item.choices else ""
    given: dict[QuestionnaireItemKind, Answer] = {
        QuestionnaireItemKind.SEVERAL: [first],
        QuestionnaireItemKind.MATRIX: {row.value: [first] for row in item.rows[:1]},
        QuestionnaireItemKind.NUMBER: max(0.0, item.least),
        QuestionnaireItemKind.DATE: "2026-03-02",
        QuestionnaireItemKind.LINK: "https://demo.example/",
        QuestionnaireItemKind.TEXT: "Dit.",
    }
    return given.get(item.kind, first)


def answers_to(of: Questionnaire, given: dict[str, Answer] | None = None) -> dict[str, Answer]:
    """Return answers to all required items, including those that depend on other answers."""
    answers = dict(given or {})
    while owed := list_unanswered_required_items(of, answers):
        for _section, item in owed:
            answers.setdefault(item.key, answer_to(item))
            if item.says_why:
                answers[item.note_key] = "Parce que."
    return answers


def said(record: queries.ReviewWithAnswers, answers: dict[str, Answer]) -> dict[str, AnswerInput]:
    """Return answers as pages send them: by item, with the current version."""
    inputs = {}
    for item in record.definition.items:
        if item.key in answers:
            row, note = record.rows[item.key], str(answers.get(item.note_key, ""))
            inputs[item.key] = AnswerInput(answers[item.key], note, row.version)
    return inputs


def answered(member: Actor, project: Project, review: Review, **given: Answer) -> Review:
    """Answer all required items of a review, with these values where given."""
    record = queries.reload_review(review)
    answers = answers_to(record.definition, record.answers | given)
    answer_commands.save_answers(member, project, review, said(record, answers))
    db.session.commit()
    return review


def submitted(lead: Actor, project: Project, by: Person | None = None, **given: Any) -> Review:
    """Create a submitted review, assigned to a reviewer if one is given."""
    review = answered(lead, project, opened(lead, project, given.pop("kind", KIND)), **given)
    commands.submit_review(lead, project, review)
    if by is not None:
        review.reviewer_id, review.reviewer_assigned_at = by.id, clock.now()
    db.session.commit()
    return review


def taken(lead: Actor, project: Project, by: Person, **given: Any) -> Review:
    review = submitted(lead, project, by, **given)
    reviewer_commands.take_review(make.actor(by), project, review)
    db.session.commit()
    return review


def condition(by: Person, project: Project, review: Review, **given: Any) -> ReviewCondition:
    """Create a draft condition of the reviewer."""
    usual = {"what": "Publier la règle de tri.", "due_on": clock.today() + timedelta(days=30)}
    facts = reviewer_commands.ConditionFacts(**usual | given)
    made = reviewer_commands.draft_condition(make.actor(by), project, review, facts)
    db.session.commit()
    return made


def decide(
    by: Person, project: Project, review: Review, outcome: ReviewState = ReviewState.ACCEPTED
) -> ReviewDecision:
    made = reviewer_commands.decide_review(make.actor(by), project, review, outcome, "Lu en entier.")
    db.session.commit()
    return made


def newer(kind: str = KIND, *changed: tuple[str, str]) -> None:
    """Install a newer edition of a shipped questionnaire with text replaced."""
    source = find_built_in_source(kind, 1)
    assert source is not None
    text = source.text.replace("edition: 1", "edition: 2", 1)
    for before, after in changed:
        text = text.replace(before, after, 1)
    store_edition(DefinitionSource(text))
    db.session.commit()


def alike(kind: str, key: str) -> str:
    """Install the same questionnaire under another key, so that another review can be open."""
    source = find_built_in_source(kind, 1)
    assert source is not None
    store_edition(DefinitionSource(source.text.replace(f"key: {kind}", f"key: {key}", 1)))
    return key


def one_of_each(project: Project, member: Person, lead: Person, by: Person) -> None:
    """Create a review for each write route, so that one request does not end another.

    Review 1 is a draft of an outdated edition, 2 waits for its reviewer, 3, 6 and 7 are in review,
    4 is accepted with conditions, 5 has all its answers. Conditions 1 and 2 are drafts of review 3,
    5 and 6 of 7; of review 4, condition 3 is open and 4 proved.
    """
    carrier, team = make.actor(lead), make.actor(member)
    opened(team, project)
    newer()
    submitted(carrier, project, by, kind="crpa")
    under_way = taken(carrier, project, by, kind="ai_act")
    for _number in range(2):
        condition(by, project, under_way)
    bound = taken(carrier, project, by, kind="bias")
    for _number in range(2):
        condition(by, project, bound)
    decide(by, project, bound, ReviewState.ACCEPTED_WITH_CONDITIONS)
    last = list_conditions(team, project, bound)[-1]
    shown = ConditionProof(text="Publiée.")
    prove_condition(team, project, (last, bound), shown, last.version)
    answered(team, project, opened(team, project, "exposure"))
    taken(carrier, project, by, kind=alike("crpa", "again"))
    last_one = taken(carrier, project, by, kind=alike("crpa", "once_more"))
    for _number in range(2):
        condition(by, project, last_one)


def typed(item: QuestionnaireItem, row: ReviewAnswer, value: Answer | None = None) -> dict[str, Any]:
    """Return the form fields for one question at its stored version."""
    return {
        f"a_{item.key}": answer_to(item) if value is None else value,
        etag_name(item): make_etag(item, row),
    }
