"""Recommendations in search."""

from portal.coaching.recommendations.models import Recommendation
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search

SEARCH = (
    project_search(
        Recommendation,
        _l("Recommandations"),
        "what",
        "why",
        "decline_reason",
        "proof",
        "sent_back",
        author="author_id",
    ),
)
