"""Data sources in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.data_sources.models import DataSource
from portal.project.projects.search import project_search

SEARCH = (
    project_search(
        DataSource,
        _l("Sources de données"),
        "name",
        "holder",
        "contents",
        "purpose",
        "legal_basis",
        "screening_note",
        "quality_note",
    ),
)
