"""The framing of a project in search: users, assumptions, interviews, impact."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.search import project_search

SEARCH = (
    project_search(TargetGroup, _l("Publics"), "name", "access_needs"),
    project_search(Assumption, _l("Hypothèses"), "statement", "test", "result"),
    project_search(Interview, _l("Entretiens"), "learnt"),
    project_search(ImpactMetric, _l("Indicateurs d’impact"), "name", "unit", "baseline_source"),
    project_search(
        Measurement,
        _l("Mesures"),
        "method",
        numbered_by=(ImpactMetric, Measurement.metric_id),
        page_path=ImpactMetric.page_path,
        where=(Measurement.method != "", Measurement.set_aside_on.is_(None)),
    ),
)
