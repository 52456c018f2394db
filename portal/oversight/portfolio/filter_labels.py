"""Labels of the filters and the orders of a portfolio."""

from collections.abc import Sequence

from portal.oversight.gates.labels import STANDINGS
from portal.oversight.health import labels as health
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.portfolio.filter_rules import AttentionFilter, ChargeFilter, HealthFilter, PortfolioSort
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import lazy_gettext as _l

SORTS: dict[PortfolioSort, LazyString] = {
    PortfolioSort.ATTENTION: _l("Attention"),
    PortfolioSort.ORGANISATION: _l("Organisation"),
    PortfolioSort.LAST_LOG: _l("Dernier sprint, le plus ancien d’abord"),
    PortfolioSort.SPRINT_END: _l("Fin du sprint"),
    PortfolioSort.GATE: _l("Avancement, le moindre d’abord"),
}

ATTENTION: dict[AttentionFilter, LazyString] = {
    AttentionFilter.HELP: _l("À aider"),
    AttentionFilter.HELP_NEW: _l("À aider, non suivies"),
    AttentionFilter.HELP_FOLLOWED: _l("À aider, suivies"),
    AttentionFilter.WATCH: _l("À surveiller"),
}
HEALTH: dict[HealthFilter, LazyString] = {
    HealthFilter.ALERT: health.LEVELS[HealthLevel.ALERT][0],
    HealthFilter.WATCH: health.LEVELS[HealthLevel.WATCH][0],
    HealthFilter.FINE: health.LEVELS[HealthLevel.FINE][0],
    HealthFilter.UNKNOWN: health.LEVELS[HealthLevel.UNKNOWN][0],
}
CHARGES: dict[ChargeFilter, LazyString] = {
    ChargeFilter.NEW: _l("Non suivi"),
    ChargeFilter.IN_CHARGE: _l("Suivi"),
}
LOOKS: dict[str, LazyString] = {look.value: name for look, name in STANDINGS.items()}
REVIEWS: dict[str, LazyString] = {"framing": _l("Revue de cadrage"), "exposure": _l("Revue avant exposition")}
DRAFT = "draft"
REVIEW_STATES: dict[str, LazyString] = {
    DRAFT: _l("en cours"),
    "submitted": _l("remise"),
    "accepted": _l("acceptée"),
    "accepted_with_conditions": _l("acceptée avec conditions"),
    "refused": _l("refusée"),
}

FILTERS: dict[str, LazyString] = {
    "attention": _l("Attention"),
    "coach": _l("Coach"),
    "track": _l("Volet"),
    "organisation": _l("Organisation"),
    "health": _l("Santé"),
    "charge": _l("Suivi ou non"),
    "gate": _l("Jalon à franchir"),
    "stale": _l("Jalon périmé"),
    "on": _l("Comme c’était le"),
    "outlook": _l("Météo"),
    "state": _l("État du projet"),
    "sort": _l("Trier par"),
    "help": _l("Aide demandée"),
    "teams": _l("Équipes"),
    "page": _l("Page"),
}


def filter_label(name: str, days_without_close_tolerated: int | None) -> str:
    """A filter as the form calls it; that of silent teams names the programme's own threshold."""
    if name != "silent":
        return str(FILTERS[name])
    if days_without_close_tolerated is None:
        return str(health.SIGNALS[SignalCode.NO_SPRINT])
    return ngettext(
        "Sans sprint clos depuis %(num)s jour ou plus",
        "Sans sprint clos depuis %(num)s jours ou plus",
        days_without_close_tolerated,
    )


def join_filter_labels(names: Sequence[str], days_without_close_tolerated: int | None) -> str:
    """Several filters, separated by commas."""
    return ", ".join(filter_label(name, days_without_close_tolerated) for name in names)
