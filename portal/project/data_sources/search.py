"""Data sources in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.data_sources.labels import ACCESS, ACCESS_KINDS
from portal.project.data_sources.models import DataSource
from portal.project.projects.search import build_project_rows_search_source

SEARCH = (
    build_project_rows_search_source(
        DataSource,
        _l("Sources de données"),
        "name",
        "holder",
        "contents",
        "purpose",
        "legal_basis",
        "screening_note",
        "quality_note",
        state=lambda source: (ACCESS[source.access], ACCESS_KINDS.get(source.access)),
        called=(_l("Source"), "source sources"),
    ),
)
