"""The framing of a project in search: users, assumptions, interviews, impact."""

from portal.collaboration.search.search import Badge
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.labels import VERDICT_KINDS, VERDICTS
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.search import build_project_rows_search_source


def _badge_of_assumption(row: Assumption) -> Badge:
    return VERDICTS[row.verdict], VERDICT_KINDS[row.verdict]


SEARCH = (
    build_project_rows_search_source(
        TargetGroup,
        _l("Publics"),
        *("name", "access_needs"),
        page_path=f"{TargetGroup.page_path}?at={{own}}#group-{{own}}",
        singular=_l("Public"),
    ),
    build_project_rows_search_source(
        Assumption,
        _l("Hypothèses"),
        "statement",
        "test",
        "result",
        state=_badge_of_assumption,
        page_path=f"{Assumption.page_path}?at={{own}}#assumption-{{own}}",
        called=(_l("Hypothèse"), "hypothese hypotheses assumption assumptions"),
    ),
    build_project_rows_search_source(
        Interview,
        _l("Entretiens"),
        "learnt",
        page_path=f"{Interview.page_path}?at={{own}}#interview-{{own}}",
        called=(_l("Entretien"), "entretien entretiens interview interviews"),
    ),
    build_project_rows_search_source(
        ImpactMetric,
        _l("Indicateurs d’impact"),
        "name",
        "unit",
        "baseline_source",
        called=(_l("Indicateur"), "indicateur indicateurs metric metrics"),
    ),
    build_project_rows_search_source(
        Measurement,
        _l("Mesures d’impact"),
        "method",
        numbered_by=(ImpactMetric, Measurement.metric_id),
        page_path=f"{ImpactMetric.page_path}?at={{own}}#measurement-{{own}}",
        where=(Measurement.method != "", Measurement.set_aside_on.is_(None)),
        singular=_l("Mesure d’impact"),
    ),
)
