"""What one reader sees of a portfolio, read once while nobody has done anything.

An actor knows the last seal of the trail at the start of the request. As long as it is the same,
nothing that a portfolio follows from can have changed: it is told by the seal, the roles, what was
asked and the day. What is new to one reader is told by the moment they last read something, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from portal.discussions.queries import (
    Citation,
    count_unread_by_scope,
    find_last_reading,
    list_mentions,
)
from portal.kernel import clock
from portal.kernel.access import Actor, Role
from portal.kernel.errors import NotFound
from portal.portfolio import policy, queries
from portal.portfolio.filters import read_filters
from portal.portfolio.kept import View, list_views
from portal.portfolio.listing import Filters
from portal.portfolio.past import list_past, read_past
from portal.portfolio.queries import Portfolio
from portal.portfolio.ranking import rank
from portal.portfolio.support import Support, list_coaches, read_support, support_of
from portal.portfolio.then import read_then
from portal.programmes.models import Programme, Track

REMEMBERED = 64  # sights, of some 60 kB each
MENTIONS = 5

Option = tuple[Any, str]  # a value and its name


@dataclass(frozen=True, eq=False)
class Sight:
    """A page of a portfolio. Two are the same when they are one: parts are drawn by that."""

    programmes: Sequence[Programme]
    programme: Programme
    tracks: Sequence[Track]
    coaches: Sequence[tuple[UUID, str]]
    filters: Filters
    ignored: Sequence[str]  # names of filters that were not understood
    portfolio: Portfolio
    support: Support
    opened: Sequence[UUID]  # the teams whose pages the reader may open
    sees_all: bool
    can_create: bool

    def in_url(self, number: int) -> dict[str, Any]:
        """The same view on another page, as a query string holds it."""
        return {"programme": self.programme.slug, **self.filters.in_url(number)}


@dataclass(frozen=True)
class _Asked:
    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    given: frozenset[tuple[str, str]]
    today: date
    zone: str
    actor: Actor = field(compare=False)


def look(actor: Actor, given: Mapping[str, str], zone: str) -> Sight:
    """What the query string asks for. Raises `NotFound` where the actor reads no such portfolio."""
    roles = frozenset(actor.roles.items())
    asked = _Asked(actor.as_of, roles, frozenset(given.items()), clock.today(zone), zone, actor)
    return _look(asked) if actor.as_of else _look.__wrapped__(asked)


@dataclass(frozen=True)
class Chosen:
    """All the teams that a sight's filters let through as of a day, in its order, with who
    supports them."""

    ids: Sequence[UUID]
    support: Support


def choose(actor: Actor, sight: Sight, day: date, zone: str) -> Chosen:
    """Whatever page of it was looked at."""
    if day < clock.today(zone):
        then = read_then(actor, sight.programme, sight.tracks, day, zone)
        return Chosen(list_past(actor, sight.filters, then, zone), then.support)
    ids = rank(actor, sight.programme, sight.filters, zone).ids
    return Chosen(ids, support_of(ids, sight.tracks))


@dataclass(frozen=True)
class News:
    """What is new in a portfolio to one reader, and theirs."""

    unread: tuple[tuple[UUID, int], ...]  # comments of others, by team; only where there are some
    mentions: Sequence[Citation]
    views: Sequence[View]  # that they may open


@dataclass(frozen=True)
class _Reading:
    sight: Sight
    person_id: UUID
    last: datetime | None
    actor: Actor = field(compare=False)


def read_news(actor: Actor, sight: Sight) -> News:
    """Held until somebody does something, or the reader reads something."""
    last = find_last_reading(actor) if sight.opened else None
    reading = _Reading(sight, actor.person_id, last, actor)
    return _news(reading) if actor.as_of else _news.__wrapped__(reading)


@lru_cache(maxsize=4 * REMEMBERED)
def _news(reading: _Reading) -> News:
    actor = reading.actor
    views = list_views(actor, reading.sight.programme)
    if not reading.sight.opened:
        return News((), (), views)
    counts = count_unread_by_scope(actor, reading.sight.opened)
    return News(
        tuple((id_, count) for id_, count in counts.items() if count),
        [one for one in list_mentions(actor, MENTIONS) if one.is_new],
        views,
    )


def forget() -> None:
    """For whoever writes without the trail."""
    _look.cache_clear()
    _news.cache_clear()


@lru_cache(maxsize=REMEMBERED)
def _look(asked: _Asked) -> Sight:
    actor, given = asked.actor, dict(asked.given)
    programmes = queries.list_programmes(actor)
    programme = programme_in(programmes, given.get("programme"))
    tracks, coaches = queries.list_tracks(programme), list_coaches(actor, programme)
    days = (programme.starts_on, asked.today - timedelta(days=1))
    keys = {track.key for track in tracks}
    filters, ignored = read_filters(given, coaches=dict(coaches), tracks=keys, days=days)
    if filters.on:
        then = read_then(actor, programme, tracks, filters.on, asked.zone)
        coaches = then.coaches
        filters, ignored = read_filters(given, coaches=dict(coaches), tracks=keys, days=days)
        portfolio = read_past(actor, filters, then, asked.zone)
        support = then.support
    else:
        portfolio = queries.read_portfolio(actor, programme, filters, asked.zone)
        support = read_support(portfolio.teams, tracks)
    return Sight(
        programmes=programmes,
        programme=programme,
        tracks=tracks,
        coaches=coaches,
        filters=filters,
        ignored=ignored,
        portfolio=portfolio,
        support=support,
        opened=[team.project.id for team in portfolio.teams if team.opens and not filters.on],
        sees_all=policy.can_see_all(actor, programme),
        can_create=policy.can_create_team(actor, programme) and not filters.on,
    )


def programme_in(programmes: Sequence[Programme], slug: str | None) -> Programme:
    """The programme asked for, else the reader's latest."""
    for programme in programmes:
        if not slug or programme.slug == slug:
            return programme
    raise NotFound
