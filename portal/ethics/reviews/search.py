"""Ethics reviews and their conditions in search. What a reviewer drafts is found once their round ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, or_, select

from portal.collaboration.search.search import (
    SearchHit,
    SearchReindexRule,
    SearchSource,
    SearchText,
    join_texts,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import get_definition
from portal.ethics.reviews import labels, reviewer_commands
from portal.ethics.reviews.models import (
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    SectionOpinion,
)
from portal.ethics.reviews.round_queries import map_question_sections
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.search import build_project_rows_search_source

Texts = Sequence[tuple[str, str]]  # of a review, each with the key of the question it answers, if any


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    texts = _read_texts_by_review(ids)
    reviews = db.session.execute(
        select(Review, QuestionnaireEdition)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(Review.id.in_(ids), Review.discarded_at.is_(None))
    )
    return [
        SearchText(
            subject_id=review.id,
            scope_id=review.project_id,
            title=join_texts(
                review.number, get_definition(edition).title.fr, get_definition(edition).title.en
            ),
            body=join_texts(*(text for _item, text in texts[review.id])),
            author_id=review.opened_by_id,
            changed_at=review.created_at,
        )
        for review, edition in reviews
    ]


def _read_texts_by_review(ids: Sequence[UUID]) -> Mapping[UUID, Texts]:
    """What was answered, and what reviewers wrote in rounds that ended, by review."""
    texts: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    has_text = or_(ReviewAnswer.note != "", cast(ReviewAnswer.value, Text).contains(" "))
    answers = select(ReviewAnswer.review_id, ReviewAnswer.item, ReviewAnswer.note, ReviewAnswer.value)
    for review_id, item, note, value in db.session.execute(
        answers.where(ReviewAnswer.review_id.in_(ids), has_text)
    ):
        texts[review_id].append((item, join_texts(_keep_typed_text(value), note)))
    decisions = select(ReviewDecision.review_id, ReviewDecision.reasons)
    reasons_to_begin = select(ReviewRound.review_id, ReviewRound.because)
    opinions = (
        select(ReviewRound.review_id, SectionOpinion.reasons)
        .join(ReviewRound, ReviewRound.id == SectionOpinion.round_id)
        .where(ReviewRound.ended_at.is_not(None))
    )
    for query, key in (
        (decisions, ReviewDecision.review_id),
        (reasons_to_begin, ReviewRound.review_id),
        (opinions, ReviewRound.review_id),
    ):
        for review_id, reasons in db.session.execute(query.where(key.in_(ids))):
            texts[review_id].append(("", reasons))
    return texts


def _keep_typed_text(value: Any) -> str:
    """An answer in words; the code of a choice is none."""
    return value if isinstance(value, str) and " " in value else ""


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    texts = _read_texts_by_review(ids)
    rows = db.session.execute(
        select(Review, Project, QuestionnaireEdition)
        .join(Project, Project.id == Review.project_id)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(
            Review.id.in_(ids),
            Review.discarded_at.is_(None),
            projects.visible_by_project_column(actor, Review.project_id),
        )
    )
    reviews = rows.all()
    sections = map_question_sections(
        {review.id: get_definition(edition) for review, _project, edition in reviews}
    )
    return {
        review.id: SearchHit(
            title=_("Revue %(n)s : %(title)s", n=review.number, title=get_definition(edition).title),
            address=row_path(project, review),
            place=project.short_name,
            state=(labels.state(review), labels.state_badge_kind(review)),
            text=join_texts(*(text for _item, text in texts[review.id])),
            parts=_list_texts_with_paths(row_path(project, review), sections[review.id], texts[review.id]),
            day=review.created_at,
        )
        for review, project, edition in reviews
    }


def _list_texts_with_paths(path: str, sections: Mapping[str, str], texts: Texts) -> Sequence[tuple[str, str]]:
    """Texts with where they are read: answers in their sections, where their questions are asked now."""
    return [
        (text, f"{path}/sections/{sections[item]}#q-{item}" if item in sections else path)
        for item, text in texts
    ]


def _list_condition_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    review_ids = [line.subject_id for line in lines]
    return db.session.scalars(
        select(ReviewCondition.id).where(ReviewCondition.review_id.in_(review_ids))
    ).all()


def _list_signers_by_condition(ids: Sequence[UUID]) -> Mapping[UUID, UUID | None]:
    """Who signed the decisions that conditions belong to: the trail tells who proved them first."""
    signers = (
        select(ReviewCondition.id, ReviewDecision.signed_by_id)
        .join(ReviewDecision, ReviewDecision.round_id == ReviewCondition.round_id)
        .where(ReviewCondition.id.in_(ids))
    )
    return {row.id: row.signed_by_id for row in db.session.execute(signers)}


CONDITIONS = build_project_rows_search_source(
    ReviewCondition,
    _l("Conditions"),
    "what",
    "proof",
    "returned_because",
    where=(ReviewCondition.decided_at.is_not(None),),
    state=lambda row: (labels.condition_state(row), labels.condition_badge_kind(row)),
    called=(_l("Condition"), "condition conditions"),
    authors=_list_signers_by_condition,
)
SEARCH = (
    SearchSource(
        model=Review,
        label=_l("Revues éthiques"),
        read=_read_search_texts,
        find=_find_search_hits,
        called=(_l("Revue"), "revue revues review reviews"),
    ),
    CONDITIONS,
    SearchReindexRule(
        source=CONDITIONS, actions=reviewer_commands.DECISIONS.values(), list_ids=_list_condition_ids
    ),
)
