"""The list of a portfolio's teams: the whole page, its list alone, or one unfolded team of it."""

from collections.abc import Sequence

from flask import Response, request

from portal.oversight.health.navigation_views import signal_remedy_url
from portal.oversight.portfolio import policy
from portal.oversight.portfolio.filter_rules import AttentionFilter
from portal.oversight.portfolio.frame_views import build_frame_context
from portal.oversight.portfolio.news_views import describe_changed_teams
from portal.oversight.portfolio.opened_views import CHARGE, RefusedTeamAct, read_unfolded_team
from portal.oversight.portfolio.page_views import PortfolioPage, read_news, read_page
from portal.oversight.portfolio.ranking_queries import rank_all_programmes
from portal.oversight.portfolio.return_views import remember_portfolio_view
from portal.people.programmes.current_views import find_last_programme_slug
from portal.people.programmes.newcomer_labels import describe_awaited_team
from portal.people.programmes.start_labels import (
    ProgrammeStartStep,
    find_current_step,
    is_starting,
    read_first_steps,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.rendering import render, wants_fragment

INDEX = "portfolio.index"


def show_portfolio(
    actor: Actor, opened_slug: str = "", status: int = 200, refused: RefusedTeamAct | None = None
) -> Response:
    """The page, its list alone for htmx, or the unfolded team alone where one is asked for."""
    zone = reader_time_zone()
    page = read_page(actor, request.args, zone) if request.args else _read_landing_page(actor, zone)
    news = read_news(actor, page)
    slug = opened_slug or request.args.get("open", "")
    steps = _read_steps_to_show(actor, page)
    opened = read_unfolded_team(actor, page, slug, zone, refused) if slug and not page.outside else None
    response = render(
        "oversight/portfolio/index.html",
        fragment="opened" if opened else "portfolio",
        status=status,
        **build_frame_context(actor, page, INDEX, news.views),
        read_at=clock.now(),
        unread=dict(news.unread),
        mentions=len(news.mentions),
        views=news.views,
        owed=news.owed,
        opened=opened,
        steps=steps,
        current_step=find_current_step(steps),
        awaited_team="" if page.portfolio.all.ids else describe_awaited_team([page.programme.id]),
        changed=describe_changed_teams(actor, page, zone),
        charge=CHARGE,
        is_fragment=wants_fragment(),
        signal_url=signal_remedy_url,
    )
    remember_portfolio_view(actor, response, page)
    return response


def _read_steps_to_show(actor: Actor, page: PortfolioPage) -> Sequence[ProgrammeStartStep]:
    """The first steps of the programme, until all are done, for whoever leads it; none on a past day, nor
    above the list alone."""
    programme, has_teams = page.programme, bool(page.portfolio.all.ids)
    is_hidden = page.filters.on or (has_teams and (wants_fragment() or not is_starting(programme)))
    if is_hidden or not page.can_create:
        return ()
    key = "first steps", programme.id, actor.person_id, frozenset(actor.roles.items())
    return cache_until_change(actor, key, lambda: read_first_steps(actor, programme))


def _read_landing_page(actor: Actor, zone: str) -> PortfolioPage:
    """The page that an address without any wish leads to: all teams; to a coach, their own teams
    that need help, in the programme that they worked in last or else where most do, if any do."""
    page = read_page(actor, {}, zone)
    last = find_last_programme_slug(actor)
    if not policy.lands_on_teams_to_help(actor, page.programme):
        return page
    to_help = {
        id_: policy.count_coached_teams(actor, ranking.ids[: ranking.to_help])
        for id_, ranking in rank_all_programmes(actor, zone).items()
    }
    coached = [each for each in page.programmes if policy.lands_on_teams_to_help(actor, each)]
    programme = max(coached, key=lambda each: (each.slug == last, to_help.get(each.id, 0)))
    if not to_help.get(programme.id):
        return page
    if programme.id != page.programme.id:
        page = read_page(actor, {"programme": programme.slug}, zone)
    wish = {"programme": programme.slug, "attention": AttentionFilter.HELP.value}
    if page.sees_all:
        wish["coach"] = str(actor.person_id)
    first = read_page(actor, wish, zone)
    return first if first.portfolio.count and not first.ignored else page
