"""A page of the list of open issues for one reader, cached in the process as that of the portfolio.

Of one programme, or of all whose portfolio the reader opens (`programme=_all`): then `programme` is the
first of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.ethics.reviews.reminder_commands import ReviewTurn, map_reminder_times
from portal.ethics.reviews.reviewer_queries import list_reviewerless_numbers
from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.filter_schemas import read_filters
from portal.oversight.open_issues.overview_rules import IssueOverview
from portal.oversight.open_issues.queries import clear_cache, read_overview
from portal.oversight.open_issues.team_issue_rules import WAITING, ExpectedReview
from portal.oversight.portfolio import policy as portfolio
from portal.oversight.portfolio.filter_schemas import find_out_of_range_day, find_past_day, is_invalid_day
from portal.oversight.portfolio.page_views import CachedPages, OverviewCacheKey, get_programme_or_first
from portal.oversight.portfolio.queries import list_programmes, list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.people.programmes.models import Programme, Track

ALL_PROGRAMMES = "_all"  # the slug of no programme


@dataclass(frozen=True, eq=False)
class IssuesPage:
    """Compared by identity, which is the cache key of its drawn parts.

    `ignored` are the names of filters with an invalid value. `outside` is the requested day where the
    programme has no figures of it, `past` a day that it has figures of: this list holds none.
    """

    programmes: Sequence[Programme]
    programme: Programme
    tracks: Sequence[Track]
    coaches: Sequence[tuple[UUID, str]]
    filters: IssueFilters
    ignored: Sequence[str]
    overview: IssueOverview
    sees_all: bool
    outside: date | None
    past: date | None
    listed_programmes: Sequence[Programme]  # those that it lists
    # By team that the reader leads, the numbers of its submitted reviews without a reviewer.
    reviewerless: Mapping[UUID, frozenset[int]]
    # When whoever has a late review was reminded of it, until they may be again: by team and questionnaire.
    reminded_at: Mapping[tuple[UUID, str], datetime]

    @property
    def is_all(self) -> bool:
        """Whether it lists all of the reader's programmes, which are several."""
        return len(self.listed_programmes) > 1

    @property
    def scope(self) -> str:
        """The value of the parameter `programme`."""
        return ALL_PROGRAMMES if self.is_all else self.programme.slug

    def in_url(self, number: int) -> dict[str, Any]:
        """The same view on another page, as a query string holds it."""
        return {"programme": self.scope, **self.filters.in_url(number)}


def build_review_turn(project_id: UUID, expected: ExpectedReview) -> ReviewTurn:
    """Whose turn it is in a review that a gate requires."""
    review = expected.review
    number = review.number if review else None
    return ReviewTurn(
        project_id, expected.kind, number, is_with_reviewer=review is not None and review.state in WAITING
    )


def clear_caches() -> None:
    """Empty the caches, for code that writes without the audit trail."""
    _pages.clear()
    clear_cache()


def _read_issues_page(query: OverviewCacheKey) -> IssuesPage:
    actor, query_args, zone = query.actor, dict(query.parameters), query.zone
    slug = query_args.get("programme")
    programmes = list_programmes(actor, slug)
    listed_programmes = (
        programmes
        if slug == ALL_PROGRAMMES
        else [get_programme_or_first(programmes, slug, query.last_programme)]
    )
    programme = get_programme_or_first(listed_programmes, None)
    tracks, coaches = (
        {track.key: track for track in list_tracks(*listed_programmes)},
        list_coaches(actor, *listed_programmes),
    )
    filters, ignored = read_filters(query_args, coaches=dict(coaches), tracks=tracks)
    overview = read_overview(actor, listed_programmes, filters, zone)
    first, today = min(each.starts_on for each in listed_programmes), query.today
    day = query_args.get("on", "")
    led_lines = [line for line in overview.page_lines if line.is_led]
    late_reviews = [(line.id, each) for line in led_lines for each in line.issues.expected if each.is_late]
    reminders = map_reminder_times([build_review_turn(*late_review) for late_review in late_reviews])
    return IssuesPage(
        programmes=programmes,
        programme=programme,
        tracks=list(tracks.values()),
        coaches=coaches,
        filters=filters,
        ignored=(*ignored, "on") if is_invalid_day(day) else ignored,
        overview=overview,
        sees_all=all(portfolio.can_see_all_teams(actor, each) for each in listed_programmes),
        outside=find_out_of_range_day(day, first, today),
        past=find_past_day(day, first, today),
        listed_programmes=listed_programmes,
        reviewerless=list_reviewerless_numbers([line.id for line in led_lines]),
        reminded_at={(turn.project_id, turn.kind): moment for turn, moment in reminders.items()},
    )


_pages = CachedPages(_read_issues_page)
read_issues_page = _pages.read_page
