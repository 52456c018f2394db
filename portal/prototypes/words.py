"""What the parts of a prototype and its evaluation are called, for whoever reads them."""

from flask_babel import format_decimal

from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.prototypes.evaluation import EvaluationProtocol, EvaluationRun
from portal.prototypes.models import Automation, Exposure
from portal.prototypes.verdict import Standing, judge

AUTOMATIONS: dict[Automation, LazyString] = {
    Automation.INFORM: _l("Il informe : l’agent cherche et décide"),
    Automation.SUGGEST: _l("Il suggère : l’agent choisit"),
    Automation.CHECKED: _l("Il décide, un agent contrôle"),
    Automation.ALONE: _l("Il décide seul"),
}

AUTOMATIONS_IN_SHORT: dict[Automation, LazyString] = {
    Automation.INFORM: _l("Informe"),
    Automation.SUGGEST: _l("Suggère"),
    Automation.CHECKED: _l("Décide sous contrôle"),
    Automation.ALONE: _l("Décide seul"),
}

EXPOSURES: dict[Exposure, LazyString] = {
    Exposure.AGENTS: _l("Des agents"),
    Exposure.CITIZENS: _l("Des usagers"),
}

STANDINGS: dict[Standing, LazyString] = {
    Standing.ENOUGH: _l("Seuil atteint"),
    Standing.BETTER: _l("Mieux qu’avant, sous le seuil"),
    Standing.NO_BETTER: _l("Pas mieux qu’avant"),
}


def standing(protocol: EvaluationProtocol, result: float) -> Standing:
    """Where a result stands under its protocol."""
    return judge(
        protocol.direction,
        baseline=protocol.baseline,
        threshold=protocol.threshold,
        result=result,
    )


def verdict(protocol: EvaluationProtocol, run: EvaluationRun) -> str:
    """The result in a sentence: beside the threshold and the baseline."""
    values = {
        "metric": protocol.metric,
        "result": format_decimal(run.result),
        "threshold": format_decimal(protocol.threshold),
        "baseline": format_decimal(protocol.baseline),
    }
    match standing(protocol, run.result):
        case Standing.ENOUGH:
            return _("%(metric)s de %(result)s : le seuil de %(threshold)s est atteint.", **values)
        case Standing.BETTER:
            return _(
                "%(metric)s de %(result)s : mieux que le point de comparaison (%(baseline)s), sous"
                " le seuil (%(threshold)s).",
                **values,
            )
        case Standing.NO_BETTER:
            return _(
                "%(metric)s de %(result)s : pas mieux que le point de comparaison (%(baseline)s).",
                **values,
            )


def goal(protocol: EvaluationProtocol) -> str:
    """From where, and to where."""
    return _(
        "Seuil : %(threshold)s. Point de comparaison : %(baseline)s.",
        threshold=format_decimal(protocol.threshold),
        baseline=format_decimal(protocol.baseline),
    )
