"""How many teams changed since the last committee or the reader's last visit: a line of the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from flask import url_for

from portal.oversight.committees.queries import find_last_record_end
from portal.oversight.portfolio.page_views import PortfolioPage
from portal.oversight.portfolio.queries import list_team_changes
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.visit_commands import find_previous_visit_end

SLOT_MINUTES = 10  # a count is that old at most: it reads two states of each team
CACHE_SIZE = 256


def describe_changed_teams(actor: Actor, page: PortfolioPage, zone: str) -> tuple[str, str]:
    """The sentence and the path of the page that lists these teams; ("", "") where none changed, or on a
    past day."""
    if page.filters.on or page.outside or not page.portfolio.all.ids:
        return "", ""
    committee_at = find_last_record_end(page.programme.id)
    moment = committee_at or find_previous_visit_end(actor)
    if moment is None:
        return "", ""
    now = clock.now()
    slot = now.replace(minute=now.minute // SLOT_MINUTES * SLOT_MINUTES, second=0, microsecond=0)
    count = _count_changed_teams(
        _CountKey(actor.person_id, tuple(page.portfolio.all.ids), moment, zone, slot, actor, page.programme)
    )
    if not count:
        return "", ""
    since = "committee" if committee_at else None
    url = url_for("portfolio_figures.changes_since", programme=page.programme.slug, since=since)
    on = day(moment, "d MMM")
    if committee_at:
        sentence = ngettext(
            "%(num)s équipe a changé depuis le comité du %(day)s",
            "%(num)s équipes ont changé depuis le comité du %(day)s",
            count,
            day=on,
        )
    else:
        sentence = ngettext(
            "%(num)s équipe a changé depuis votre visite du %(day)s",
            "%(num)s équipes ont changé depuis votre visite du %(day)s",
            count,
            day=on,
        )
    return sentence, url


@dataclass(frozen=True)
class _CountKey:
    person_id: UUID
    team_ids: Sequence[UUID]
    moment: datetime
    zone: str
    slot: datetime
    actor: Actor = field(compare=False)
    programme: Programme = field(compare=False)


@lru_cache(maxsize=CACHE_SIZE)
def _count_changed_teams(key: _CountKey) -> int:
    return len(list_team_changes(key.actor, key.programme, key.team_ids, key.moment, key.zone))
