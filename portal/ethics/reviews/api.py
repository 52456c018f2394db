"""Operations on ethics reviews and their answers."""

from operator import attrgetter

from portal.ethics.reviews import queries
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.schemas import ReviewAnswerSchema, ReviewSchema
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.numbered_api import add_numbered_reads
from portal.project.projects.queries import get_project

area = ApiArea("ethics")
add_numbered_reads(area, "reviews", ("review", "reviews"), Review, ReviewSchema)


@area.list("/projects/<slug>/reviews/<int(max=9999):number>/answers", ReviewAnswerSchema)
def list_review_answers(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the answers of a review, by question."""
    review = queries.get_review(call.actor, get_project(call.actor, slug), number)
    return call.page.cut(sorted(queries.list_answer_rows(review).values(), key=attrgetter("item")))
