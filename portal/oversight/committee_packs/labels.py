"""Sentences that describe which teams an export holds, and what waits in a team."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.oversight.portfolio.filter_rules import NARROWING_FILTERS, PortfolioFilters, PortfolioSort
from portal.oversight.portfolio.labels import ATTENTION, CHARGES, FILTERS, HEALTH, SORTS, filter_label
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.labels import STATES
from portal.sprints.sprints.labels import OUTLOOKS_IN_SHORT


def describe_filters(
    filters: PortfolioFilters,
    *,
    coaches: Mapping[UUID, str],
    tracks: Mapping[str, str],
    days_without_close_tolerated: int | None,
) -> Sequence[str]:
    """Each filter with its value, and the order where it is not the default.

    `coaches` and `tracks` are names, by id and by key.
    """
    values: dict[str, object] = {
        "attention": filters.attention and ATTENTION[filters.attention],
        "coach": filters.coach and coaches.get(filters.coach),
        "track": tracks.get(filters.track, ""),
        "organisation": filters.organisation,
        "health": filters.health and HEALTH[filters.health],
        "charge": filters.charge and CHARGES[filters.charge],
        "gate": filters.gate and f"G{filters.gate}",
        "outlook": filters.outlook and OUTLOOKS_IN_SHORT[filters.outlook],
        "state": filters.state and STATES[filters.state],
    }
    sentences = [
        _("%(what)s : %(told)s", what=FILTERS[name], told=values[name])
        if name in values
        else filter_label(name, days_without_close_tolerated)
        for name in NARROWING_FILTERS
        if name in filters.narrowing
    ]
    if filters.sort is not PortfolioSort.ATTENTION:
        sentences.append(_("%(what)s : %(told)s", what=FILTERS["sort"], told=SORTS[filters.sort]))
    return sentences


def describe_exported_teams(filter_sentences: Sequence[str]) -> str:
    """The teams that are exported: all those that the reader sees, or those of the filters."""
    if not filter_sentences:
        return _("Les équipes que vous voyez, telles qu’elles étaient ce jour-là.")
    return _(
        "Les équipes que montre le portefeuille d’où vous venez, telles qu’elles étaient ce"
        " jour-là (%(filters)s).",
        filters=", ".join(filter_sentences),
    )


# What a committee's agenda lists of a team beside the questions and the gates that it asks.
WAITING_KINDS: Mapping[str, LazyString] = {
    "clinics": _l("Demande d’aide à prendre"),
    "help_questions": _l("Demande d’aide par une question"),
    "reviews": _l("Revue sans relecteur"),
    "rereviews": _l("Réexamen à confirmer"),
    "funding_changes": _l("Demande de modification"),
    "coaches": _l("Volet sans contact"),
    "coachless": _l("Équipe sans coach"),
}
