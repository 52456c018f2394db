"""The timeline of all teams, up to four teams side by side, and changes since the last visit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, request, url_for

from portal.oversight.committees.queries import find_last_record_end
from portal.oversight.health.navigation_views import signal_remedy_url
from portal.oversight.portfolio import change_labels, timeline_queries
from portal.oversight.portfolio.change_queries import list_changed_signals
from portal.oversight.portfolio.frame_views import build_frame_context
from portal.oversight.portfolio.page_views import read_page, read_page_month_progress
from portal.oversight.portfolio.queries import list_team_changes
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.rendering import render, wants_fragment
from portal.project.projects.visit_commands import find_previous_visit_end

bp = Blueprint("portfolio_figures", __name__, url_prefix="/portfolio")
COMPARED_MAX = 4
TIMELINE, COMPARISON = "portfolio_figures.timeline", "portfolio_figures.compare"
FIRST_VISIT_PERIOD = timedelta(days=7)  # covered on a first visit


@bp.get("/timeline")
def timeline() -> Response:
    """The teams of the filters, with the dates of their gates: planned, passed or expected."""
    actor = get_actor()
    page = read_page(actor, request.args, reader_time_zone())
    day = page.filters.on or clock.today()
    return render(
        "oversight/portfolio/timeline.html",
        fragment="portfolio",
        **build_frame_context(actor, page, TIMELINE),
        timelines=timeline_queries,
        months=tuple(read_page_month_progress(page, day)),
        day=day,
        is_fragment=wants_fragment(),
    )


@bp.get("/compare")
def compare() -> Response:
    """Up to four teams of the programme, by their slugs, whichever pages they are on."""
    actor, zone = get_actor(), reader_time_zone()
    page = read_page(actor, request.args, zone)
    requested_slugs = list(dict.fromkeys(request.args.getlist("team")))
    compared_slugs = requested_slugs[:COMPARED_MAX]
    teams = read_compared_teams(actor, page.programme.slug, compared_slugs, page.filters.on, zone)
    page_slugs = {team.slug for team in page.portfolio.teams}

    def url_of(number: int) -> str:
        return url_for(".compare", **page.in_url(number), team=[team.slug for team in teams])

    return render(
        "oversight/portfolio/compare.html",
        fragment="portfolio",
        **build_frame_context(actor, page, COMPARISON),
        signal_url=signal_remedy_url,
        is_fragment=wants_fragment(),
        teams=teams,
        compared_slugs=[team.slug for team in teams],
        teams_of_other_pages=[team for team in teams if team.slug not in page_slugs],
        too_many=len(requested_slugs) > COMPARED_MAX,
        url_of=url_of,
    )


def read_compared_teams(
    actor: Actor, programme: str, slugs: Sequence[str], on: date | None, zone: str
) -> Sequence[PortfolioTeam]:
    """These teams of a programme side by side, now or at the end of a past day; none for what is no slug."""
    if not slugs:
        return ()
    day = {"on": str(on)} if on else {}
    comparison = read_page(actor, {"programme": programme, "teams": ",".join(slugs)} | day, zone)
    return () if comparison.ignored else comparison.portfolio.teams


def get_first_visit_moment() -> datetime:
    """Since when a first visit shows what changed."""
    return clock.now().replace(minute=0, second=0, microsecond=0) - FIRST_VISIT_PERIOD


@bp.get("/since")
def changes_since() -> Response:
    """What changed in all teams since the reader's previous visit, or since the last committee."""
    actor = get_actor()
    page = read_page(actor, request.args, reader_time_zone())
    committee_at = find_last_record_end(page.programme.id)
    is_since_committee = committee_at is not None and request.args.get("since") == "committee"
    previous_visit = find_previous_visit_end(actor)
    visited_at = previous_visit or get_first_visit_moment()
    moment = committee_at if committee_at and is_since_committee else visited_at
    zone, ids = reader_time_zone(), page.portfolio.all.ids
    changes = cache_until_change(
        actor,
        ("team changes", actor.person_id, tuple(ids), moment, zone, clock.today(zone)),
        lambda: list_team_changes(actor, page.programme, ids, moment, zone),
    )
    return render(
        "oversight/portfolio/since.html",
        page=page,
        changes_by_team=changes,
        changed_signals=list_changed_signals(page.programme.id, moment),
        moment=moment,
        committee_at=committee_at,
        is_since_committee=is_since_committee,
        is_first_visit=previous_visit is None,
        change_labels=change_labels,
    )
