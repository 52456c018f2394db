"""Labels and sentences for prototypes and evaluations."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.labels import DIRECTIONS
from portal.project.framing.metric_models import MetricDirection
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import AutomationLevel, Exposure
from portal.sprints.prototypes.verdict_rules import EvaluationVerdict, judge_result

AUTOMATIONS: dict[AutomationLevel, LazyString] = {
    AutomationLevel.INFORM: _l("Il informe : l’agent cherche et décide"),
    AutomationLevel.SUGGEST: _l("Il suggère : l’agent choisit"),
    AutomationLevel.CHECKED: _l("Il décide, un agent contrôle"),
    AutomationLevel.ALONE: _l("Il décide seul"),
}

AUTOMATIONS_IN_SHORT: dict[AutomationLevel, LazyString] = {
    AutomationLevel.INFORM: _l("Informe"),
    AutomationLevel.SUGGEST: _l("Suggère"),
    AutomationLevel.CHECKED: _l("Décide sous contrôle"),
    AutomationLevel.ALONE: _l("Décide seul"),
}

EXPOSURES: dict[Exposure, LazyString] = {
    Exposure.AGENTS: _l("Des agents"),
    Exposure.CITIZENS: _l("Des usagers"),
}

VERDICTS: dict[EvaluationVerdict, LazyString] = {
    EvaluationVerdict.ENOUGH: _l("Seuil atteint"),
    EvaluationVerdict.BETTER: _l("Mieux qu’avant, sous le seuil"),
    EvaluationVerdict.NO_BETTER: _l("Pas mieux qu’avant"),
}

VERDICT_KINDS: dict[EvaluationVerdict, str] = {
    EvaluationVerdict.ENOUGH: "success",
    EvaluationVerdict.BETTER: "info",
    EvaluationVerdict.NO_BETTER: "warning",
}

# The audited fields of protocols and runs that the list of corrections shows.
LABELS: dict[str, LazyString] = {
    "dated_on": _l("Daté du"),
    "metric": _l("Ce qui est mesuré"),
    "direction": _l("Dans quel sens ?"),
    "held_out": _l("Données mises de côté"),
    "held_out_size": _l("Nombre de cas"),
    "baseline_name": _l("À quoi se compare-t-on ?"),
    "baseline": _l("Son résultat"),
    "threshold": _l("Seuil à partir duquel c’est assez"),
    "ran_on": _l("Jour de l’essai"),
    "prototype_version_id": _l("Version essayée"),
    "result": _l("Résultat"),
    "subgroups": _l("Résultats par sous-groupe"),
    "code_reference": _l("Référence du code"),
    "data_sha256": _l("Empreinte SHA-256 des données"),
    "note": _l("Note"),
}


def format_audited_value(field: str, value: Any, versions: Mapping[UUID, int]) -> str:
    """An audited value for readers; a dash for None and empty text.

    `versions` maps ids of versions to their numbers.
    """
    if value in (None, ""):
        return "—"
    if field in {"dated_on", "ran_on"}:
        return format_day(date.fromisoformat(value))
    if field == "direction":
        return str(DIRECTIONS[MetricDirection(value)])
    if field == "prototype_version_id":
        number = versions.get(UUID(value))
        return _("Version %(n)s", n=number) if number else "—"
    return str(format_decimal(value)) if isinstance(value, int | float) else str(value)


def compute_run_verdict(protocol: EvaluationProtocol, result: float) -> EvaluationVerdict:
    """The verdict on a result under its protocol."""
    return judge_result(
        protocol.direction, baseline=protocol.baseline, threshold=protocol.threshold, result=result
    )


def verdict_sentence(protocol: EvaluationProtocol, run: EvaluationRun) -> str:
    """The result of a run, compared with the threshold and the baseline."""
    values = {
        "metric": protocol.metric,
        "result": format_decimal(run.result),
        "threshold": format_decimal(protocol.threshold),
        "baseline": format_decimal(protocol.baseline),
    }
    match compute_run_verdict(protocol, run.result):
        case EvaluationVerdict.ENOUGH:
            return _("%(metric)s de %(result)s : le seuil de %(threshold)s est atteint.", **values)
        case EvaluationVerdict.BETTER:
            return _(
                "%(metric)s de %(result)s : mieux que le point de comparaison (%(baseline)s), sous"
                " le seuil (%(threshold)s).",
                **values,
            )
        case EvaluationVerdict.NO_BETTER:
            return _(
                "%(metric)s de %(result)s : pas mieux que le point de comparaison (%(baseline)s).", **values
            )


def goal_sentence(protocol: EvaluationProtocol) -> str:
    """The threshold and the baseline of a protocol."""
    return _(
        "Seuil : %(threshold)s. Point de comparaison : %(baseline)s.",
        threshold=format_decimal(protocol.threshold),
        baseline=format_decimal(protocol.baseline),
    )
