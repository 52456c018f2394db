"""Labels of target groups, assumptions and impact metrics."""

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.metric_models import Measurement, MetricDefinitionColumns, MetricDirection
from portal.project.framing.models import AssumptionVerdict, TargetAudience

AUDIENCES: dict[TargetAudience, LazyString] = {
    TargetAudience.AGENTS: _l("Des agents publics"),
    TargetAudience.CITIZENS: _l("Des usagers"),
}

RISKS: dict[int, LazyString] = {
    5: _l("5 : si elle est fausse, le projet n’a plus lieu d’être"),
    4: _l("4 : il faudrait changer de solution"),
    3: _l("3 : une grande part du travail serait à refaire"),
    2: _l("2 : un détour de quelques semaines"),
    1: _l("1 : on s’en remettrait vite"),
}

VERDICTS: dict[AssumptionVerdict, LazyString] = {
    AssumptionVerdict.OPEN: _l("Ouverte"),
    AssumptionVerdict.CONFIRMED: _l("Confirmée"),
    AssumptionVerdict.REFUTED: _l("Réfutée"),
}
VERDICT_KINDS: dict[AssumptionVerdict, str] = {
    AssumptionVerdict.OPEN: "info",
    AssumptionVerdict.CONFIRMED: "success",
    AssumptionVerdict.REFUTED: "error",
}

ANSWERS: dict[AssumptionVerdict, LazyString] = {
    AssumptionVerdict.CONFIRMED: _l("Confirmée par le test"),
    AssumptionVerdict.REFUTED: _l("Réfutée par le test"),
    AssumptionVerdict.OPEN: _l("À rouvrir : le test est à refaire"),
}

DIRECTIONS: dict[MetricDirection, LazyString] = {
    MetricDirection.UP: _l("Plus c’est haut, mieux c’est"),
    MetricDirection.DOWN: _l("Plus c’est bas, mieux c’est"),
}


def amount_with_unit(value: float | None, unit: str) -> str:
    """Return a value with its unit; a dash for None."""
    if value is None:
        return "—"
    return f"{format_decimal(value)}\u00a0{unit}".rstrip()


def metric_progress_sentence(metric: MetricDefinitionColumns, last: Measurement | None) -> str:
    """Return a sentence on how far the last measurement is on the way from baseline to target."""
    if metric.baseline is None or metric.target is None:
        return _("Il manque le point de départ ou la cible.")
    if last is None:
        return _("Rien n’est encore mesuré.")
    share = (last.value - metric.baseline) / (metric.target - metric.baseline)
    if share >= 1:
        return _("La cible est atteinte.")
    if share <= 0:
        return _("Pas de progrès depuis le départ.")
    return _("%(share)s %% du chemin vers la cible.", share=format_decimal(round(share * 100)))


def metric_chart_title(metric: MetricDefinitionColumns, last: Measurement | None) -> str:
    """Return the title of a metric's chart."""
    if last is None:
        return _("%(name)s : le point de départ", name=metric.name)
    return _(
        "%(name)s : %(value)s à la dernière mesure",
        name=metric.name,
        value=amount_with_unit(last.value, metric.unit),
    )
