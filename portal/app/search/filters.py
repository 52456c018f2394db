"""The address of a search: words, and what narrows them. Days that are none are kept as typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import get_timezone

from portal.app.search import queries
from portal.collaboration.search.queries import SearchFilters, SearchOrder
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.urls import path_to

QUERY_MAX = 200  # characters
YEARS = (1900, 2900)  # of days that narrow


@dataclass(frozen=True, kw_only=True)
class SearchPageRequest:
    """What the page was asked: `team` is the slug of a project, `author` the handle of a person,
    `project` that of whose pages the header was used on; `unread` are what was typed for days, by name,
    that are none; `unknown_kind` and `unknown_order` for a kind and an order that are none."""

    q: str = ""
    kind: str = ""
    team: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    unread: tuple[tuple[str, str], ...] = ()
    unknown_kind: str = ""
    unknown_order: str = ""
    order: SearchOrder = SearchOrder.RELEVANCE
    project: str | None = None
    page: int = field(default=1, compare=False)

    @property
    def narrowing(self) -> int:
        """How many filters are set, beside the kind."""
        return sum(bool(value) for value in (self.team, self.author, self.since, self.until))

    @property
    def errors(self) -> Mapping[str, str]:
        """A sentence for each day, kind or order that is none, by name."""
        errors = {name: _describe_day_fault(text) for name, text in self.unread}
        if self.unknown_kind:
            errors["kind"] = _(
                "La recherche ne connaît pas la sorte « %(kind)s » : voici toutes les sortes.",
                kind=self.unknown_kind,
            )
        if self.since and self.until and self.since > self.until:
            errors["until"] = _(
                "Les deux jours sont à l’envers : « Jusqu’au » vient avant « Depuis le »,"
                " rien n’est entre eux."
            )
        if self.unknown_order:
            errors["order"] = _(
                "La recherche ne connaît pas l’ordre « %(order)s » : les plus proches viennent d’abord.",
                order=self.unknown_order,
            )
        return errors

    @property
    def days(self) -> Mapping[str, str]:
        """What the fields of the days hold."""
        read = {"since": self.since, "until": self.until}
        return {name: day.isoformat() if day else "" for name, day in read.items()} | dict(self.unread)

    @property
    def narrowed_by(self) -> str:
        """The filters that are set, in words."""
        names = (
            self.team and _("équipe %(name)s", name=self.team),
            self.author and _("auteur %(name)s", name=f"@{self.author}"),
            self.since and _("depuis le %(day)s", day=format_day(self.since, "medium")),
            self.until and _("jusqu’au %(day)s", day=format_day(self.until, "medium")),
        )
        return ", ".join(str(name) for name in names if name)

    @property
    def in_url(self) -> Mapping[str, Any]:
        """Its parameters, without the page."""
        is_usual = self.order is SearchOrder.RELEVANCE
        return {
            "q": self.q,
            "kind": self.kind or None,
            "team": self.team or None,
            "author": self.author or None,
            **{name: text or None for name, text in self.days.items()},
            "order": self.unknown_order or (None if is_usual else self.order.value),
            "project": self.project,
        }

    def url(self, page: int | None = None, **changes: str) -> str:
        """The same search on another page, or with other filters."""
        return path_to(
            "search.index", **{**self.in_url, **{k: v or None for k, v in changes.items()}}, page=page
        )

    @property
    def url_without_filters(self) -> str:
        return replace(
            self, kind="", team="", author="", since=None, until=None, unread=(), unknown_order=""
        ).url()

    def filters(self, kinds: Collection[str]) -> SearchFilters:
        """What the index is asked; `kinds` are those of texts."""
        zone = ZoneInfo(str(get_timezone() or clock.DEFAULT_ZONE))
        return SearchFilters(
            q=self.q,
            kind=self.kind if self.kind in kinds else "",
            scope_id=queries.get_team_id(self.team) if self.team else None,
            author_id=queries.get_author_id(self.author) if self.author else None,
            since=_moment_of_day(self.since, time.min, zone),
            until=_moment_of_day(self.until, time.max, zone),
            order=self.order,
            page=self.page,
        )


def explain_unsearchable(filters: SearchFilters) -> str:
    """Why nothing is looked for, "" where something is."""
    words = filters.words
    if words.is_short:
        return _(
            "Un mot d’une lettre se trouve mal dans les textes : écrivez au moins deux lettres,"
            " ou un mot entier."
        )
    if words.is_empty and words.excluded:
        return _("Il n’y a ici que ce qu’il ne faut pas trouver : ajoutez un mot à chercher.")
    return (
        _("Il n’y a là aucun mot à chercher : écrivez des lettres ou des chiffres, 64 à la suite au plus.")
        if words.is_empty
        else ""
    )


def _moment_of_day(day: date | None, hour: time, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, hour, zone).astimezone(UTC) if day else None


def read_search_request(kinds: Collection[str]) -> SearchPageRequest:
    """The search that the request asks for; `kinds` are those of places and of texts."""
    values = request.args
    kind, order = values.get("kind", ""), values.get("order", "")
    return SearchPageRequest(
        q=values.get("q", "")[:QUERY_MAX].strip(),
        kind=kind if kind in kinds else "",
        unknown_kind="" if kind in kinds else kind[:QUERY_MAX],
        team=values.get("team", "")[:QUERY_MAX],
        author=values.get("author", "")[:QUERY_MAX].removeprefix("@"),
        since=_read_day("since"),
        until=_read_day("until"),
        unread=tuple(
            (name, text)
            for name in ("since", "until")
            if (text := values.get(name, "").strip()[:QUERY_MAX]) and not _read_day(name)
        ),
        order=SearchOrder(order) if order in set(SearchOrder) else SearchOrder.RELEVANCE,
        unknown_order="" if order in set(SearchOrder) else order[:QUERY_MAX],
        project=values.get("project") or None,
        page=requested_page_number(),
    )


def _read_day(name: str) -> date | None:
    """A day with four digits of year; moments of other years do not fit every time zone."""
    day = _parse_day(request.args.get(name, "").strip())
    return day if day and YEARS[0] <= day.year <= YEARS[1] else None


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _describe_day_fault(text: str) -> str:
    day = _parse_day(text)
    if day and not YEARS[0] <= day.year <= YEARS[1]:
        first, last = map(str, YEARS)
        return _("Choisissez un jour entre %(first)s et %(last)s.", first=first, last=last)
    return _("« %(text)s » n’est pas un jour : écrivez par exemple 2026-11-28.", text=text)
