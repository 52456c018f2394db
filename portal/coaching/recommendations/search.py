"""Recommendations in search."""

from portal.coaching.recommendations.labels import STAGE_KINDS, STAGES
from portal.coaching.recommendations.models import Recommendation
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source

SEARCH = (
    build_project_rows_search_source(
        Recommendation,
        _l("Recommandations"),
        "what",
        "why",
        "decline_reason",
        "proof",
        "sent_back",
        state=lambda row: (STAGES[row.stage], STAGE_KINDS.get(row.stage)),
        author="author_id",
        called=(_l("Recommandation"), "recommandation recommandations recommendation recommendations"),
    ),
)
