"""One page: all the teams of a programme, those that need attention first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.discussions.queries import count_unread_by_scope, list_mentions
from portal.kernel import clock
from portal.kernel.clock import DEFAULT_ZONE
from portal.kernel.errors import NotFound
from portal.portfolio import policy, queries, words
from portal.portfolio.filters import read_filters
from portal.portfolio.listing import Filters
from portal.portfolio.support import list_coaches, read_support
from portal.programmes.models import Programme, Track
from portal.programmes.queries import list_tracks
from portal.web.actor import current_actor as actor
from portal.web.actor import find_reader
from portal.web.render import render

bp = Blueprint("portfolio", __name__)

MENTIONS = 5
Option = tuple[Any, str]  # a value and its name


@dataclass(frozen=True)
class Choices:
    """What the lists of the form offer, beside what is the same everywhere."""

    programmes: tuple[Option, ...]
    coaches: tuple[Option, ...]
    tracks: tuple[Option, ...]


def time_zone() -> str:
    """Where the reader's days begin."""
    reader = find_reader()
    return reader.time_zone if reader else DEFAULT_ZONE


@bp.get("/portfolio")
def index() -> Response:
    programmes = queries.list_programmes(actor)
    programme = _chosen(programmes)
    tracks, coaches = list_tracks(programme.id), list_coaches(actor, programme)
    filters, ignored = read_filters(
        request.args, coaches=dict(coaches), tracks={track.key for track in tracks}
    )
    portfolio = queries.read_portfolio(actor, programme, filters, time_zone())
    opened = [team.project.id for team in portfolio.teams if team.opens]
    return render(
        "portfolio/index.html",
        fragment="portfolio",
        programme=programme,
        choices=_choices(programmes, tracks, coaches),
        heading=words.heading(programme, len(portfolio.all.ids), clock.today(time_zone())),
        seen_at=clock.now(),
        portfolio=portfolio,
        support=read_support(portfolio.teams, tracks),
        filters=filters,
        ignored=[str(words.FILTERS[name]) for name in ignored],
        unread=count_unread_by_scope(actor, opened),
        mentions=[one for one in list_mentions(actor, MENTIONS) if one.is_new] if opened else [],
        sees_all=policy.can_see_all(actor, programme),
        can_create=policy.can_create_team(actor, programme),
        url_of=lambda number: _url(programme, filters, number),
        words=words,
    )


def _chosen(programmes: Sequence[Programme]) -> Programme:
    """The programme asked for, else the reader's latest; `NotFound` where there is none to read."""
    slug = request.args.get("programme") or (programmes[0].slug if programmes else "")
    for programme in programmes:
        if programme.slug == slug:
            return programme
    raise NotFound


def _choices(
    programmes: Sequence[Programme], tracks: Sequence[Track], coaches: Sequence[tuple[UUID, str]]
) -> Choices:
    """What each list of the form offers."""
    return Choices(
        programmes=tuple((programme.slug, programme.name) for programme in programmes),
        coaches=tuple(coaches),
        tracks=tuple((track.key, track.name) for track in tracks),
    )


def _url(programme: Programme, filters: Filters, number: int) -> str:
    return url_for(".index", programme=programme.slug, **filters.in_url(number))
