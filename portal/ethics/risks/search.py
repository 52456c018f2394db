"""Risks and mitigations in search."""

from portal.ethics.risks import labels
from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source

SEARCH = (
    build_project_rows_search_source(
        Risk,
        _l("Risques"),
        "what",
        *("affected", "detail", "residual_reason", "closing_reason"),
        state=labels.badge,
        called=(_l("Risque"), "risque risques risk risks"),
    ),
    build_project_rows_search_source(
        Mitigation,
        _l("Mesures contre un risque"),
        "what",
        "note",
        state=lambda row: (labels.PROGRESS[row.progress], labels.PROGRESS_KINDS.get(row.progress)),
        called=(_l("Mesure contre un risque"), "mesure mesures mitigation mitigations"),
    ),
)
