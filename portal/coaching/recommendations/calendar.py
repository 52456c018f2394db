"""Calendar entries of accepted recommendations: their due dates."""

from sqlalchemy import select

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.communication.calendar.entry_queries import PROJECTS, SINCE, CalendarSource
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "recommendation",
        _l("%(place)s : %(name)s (recommandation)"),
        "/projects/{slug}/recommendations/{number}",
        select(
            Recommendation.id,
            Recommendation.project_id.label("scope_id"),
            Recommendation.due_on.label("starts_on"),
            Recommendation.due_on.label("ends_on"),
            Recommendation.number,
            Recommendation.what.label("name"),
        ).where(
            Recommendation.project_id.in_(PROJECTS),
            Recommendation.stage == RecommendationStage.ACCEPTED,
            Recommendation.due_on >= SINCE,
        ),
    ),
)
