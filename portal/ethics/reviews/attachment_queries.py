"""Attachments of reviews and of answers, which change only while the team has the review."""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.files.subject_queries import AttachmentSubject
from portal.ethics.reviews import round_queries
from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.ethics.reviews.round_rules import question_path
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.project.projects.models import Project


@dataclass(frozen=True)
class ReviewAttachmentKind(ProjectAttachmentKind):
    """Files attached to a review as a whole."""

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> AttachmentSubject:
        place = super().place(actor, project, id_, number)
        return _mark_closed_unless_with_team(place, with_team=round_queries.is_with_team(id_))


@dataclass(frozen=True)
class AnswerAttachmentKind(ProjectAttachmentKind):
    """Files attached to an answer, which is named by the number of its review."""

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> AttachmentSubject:
        place = super().place(actor, project, id_, number)
        with_team, item = round_queries.read_answer_is_with_team_and_item_key(id_)
        find_page = partial(question_path, project, number, item)
        return _mark_closed_unless_with_team(replace(place, find_page=find_page), with_team=with_team)


def _mark_closed_unless_with_team(place: AttachmentSubject, *, with_team: bool) -> AttachmentSubject:
    if place.closed_because or with_team:
        return place
    return replace(
        place, closed_because=_("La revue n’est plus entre les mains de l’équipe : ses preuves sont figées.")
    )


REVIEW_ATTACHMENTS = ReviewAttachmentKind(Review, _l("Revue éthique %(n)s"), "reviews.page")
ANSWER_ATTACHMENTS = AnswerAttachmentKind(
    ReviewAnswer,
    _l("Réponse dans la revue éthique %(n)s"),
    "review_questions.review_question",
    number=select(Review.number).where(Review.id == ReviewAnswer.review_id).scalar_subquery(),
)
