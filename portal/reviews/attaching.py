"""Evidence is attached to a review, or to the answer to one question, while its team has it."""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from portal.files.places import Place
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.attaching import OfProject
from portal.projects.models import Project
from portal.reviews import round_queries
from portal.reviews.models import Review, ReviewAnswer


@dataclass(frozen=True)
class OfReviews(OfProject):
    """What is attached to a review as a whole."""

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> Place:
        found = super().place(actor, project, id_, number)
        return _closed_unless(found, with_team=round_queries.find_whether_with_team(id_))


@dataclass(frozen=True)
class OfAnswers(OfProject):
    """What is attached to an answer, which goes by the number of its review."""

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> Place:
        found = super().place(actor, project, id_, number)
        with_team, item = round_queries.find_question(id_)
        find_page = partial(url_for, self.endpoint, slug=project.slug, number=number, item=item)
        return _closed_unless(replace(found, find_page=find_page), with_team=with_team)


def _closed_unless(place: Place, *, with_team: bool) -> Place:
    if place.closed_because or with_team:
        return place
    return replace(
        place,
        closed_because=_(
            "La revue n’est plus entre les mains de l’équipe : ses preuves sont figées."
        ),
    )


REVIEWS = OfReviews(Review, _l("Revue éthique %(n)s"), "reviews.page")
ANSWERS = OfAnswers(
    ReviewAnswer,
    _l("Réponse dans la revue éthique %(n)s"),
    "review_questions.page",
    number=select(Review.number).where(Review.id == ReviewAnswer.review_id).scalar_subquery(),
)
