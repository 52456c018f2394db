"""What an export says of the teams in it."""

from collections.abc import Sequence

from portal.oversight.portfolio.filter_rules import NARROWING_FILTERS, PortfolioSort
from portal.oversight.portfolio.labels import FILTERS, HEALTH, SORTS
from portal.oversight.portfolio.page_queries import PortfolioPage
from portal.platform.kernel.text import gettext as _
from portal.project.projects.labels import STATES
from portal.sprints.sprints.labels import OUTLOOKS_IN_SHORT


def describe_filters(sight: PortfolioPage) -> Sequence[str]:
    """Each filter with what is asked of it, and the order where it is not the usual one."""
    filters, coaches = sight.filters, dict(sight.coaches)
    tracks = {track.key: track.name for track in sight.tracks}
    values: dict[str, object] = {
        "coach": filters.coach and coaches.get(filters.coach),
        "track": tracks.get(filters.track, ""),
        "organisation": filters.organisation,
        "health": filters.health and HEALTH[filters.health],
        "gate": filters.gate and f"G{filters.gate}",
        "outlook": filters.outlook and OUTLOOKS_IN_SHORT[filters.outlook],
        "state": filters.state and STATES[filters.state],
    }
    sentences = [
        _("%(what)s : %(told)s", what=FILTERS[name], told=values[name])
        if name in values
        else str(FILTERS[name])
        for name in NARROWING_FILTERS
        if name in filters.narrowing
    ]
    if filters.sort is not PortfolioSort.ATTENTION:
        sentences.append(_("%(what)s : %(told)s", what=FILTERS["sort"], told=SORTS[filters.sort]))
    return sentences


def describe_scope(sight: PortfolioPage) -> str:
    """The teams that are taken out: all those seen, or those that the portfolio was showing."""
    filters = describe_filters(sight)
    if not filters:
        return _("Les équipes que vous voyez, telles qu’elles étaient ce jour-là.")
    return _(
        "Les équipes que montre le portefeuille d’où vous venez, telles qu’elles étaient ce"
        " jour-là (%(filters)s).",
        filters=", ".join(filters),
    )
