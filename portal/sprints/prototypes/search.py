"""Versions of prototypes and evaluations in search."""

from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import project_search
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun, Pivot
from portal.sprints.prototypes.models import PrototypeVersion

SEARCH = (
    project_search(PrototypeVersion, _l("Versions"), "changes", "model_family", "model_provider"),
    project_search(EvaluationProtocol, _l("Protocoles d’évaluation"), "metric", "held_out", "baseline_name"),
    project_search(EvaluationRun, _l("Évaluations"), "code_reference", "note"),
    project_search(Pivot, _l("Pivots"), "reason"),
)
