"""Calendar entries of accepted recommendations: their due dates."""

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.communication.calendar.entry_queries import CalendarSource, select_dates
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "recommendation",
        _l("%(place)s : %(name)s (recommandation)"),
        "/projects/{slug}/recommendations/{number}",
        select_dates(
            Recommendation,
            Recommendation.due_on,
            Recommendation.stage == RecommendationStage.ACCEPTED,
            name=Recommendation.what,
        ),
    ),
)
