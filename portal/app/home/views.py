"""Home: a redirect for people with one place only, else a page with a section for each role."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from portal.app.home import policy, queries
from portal.coaching.clinics.queries import list_open_requests as list_requests
from portal.collaboration.discussions.queries import count_unread_by_scope, list_mentions
from portal.ethics.rereviews import labels as rereview_labels
from portal.ethics.rereviews.queries import list_waiting as list_rereviews
from portal.ethics.reviews import labels as review_labels
from portal.ethics.reviews.register_queries import list_registers, list_reviews_without_reviewer, list_waiting
from portal.oversight.coach_desk import policy as desk
from portal.oversight.gates import labels as gate_labels
from portal.oversight.gates.request_queries import list_waiting as list_gates
from portal.oversight.health.stale_gate_queries import list_stale
from portal.oversight.portfolio import labels
from portal.oversight.portfolio.queries import (
    list_coached_teams,
    list_help_requests,
    list_programmes,
    read_teams,
)
from portal.oversight.portfolio.ranking_queries import Ranking, rank_all_programmes
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.rendering import redirect_to, render
from portal.project.projects.queries import short_names_of
from portal.project.projects.visit_commands import count_events, record_visit

bp = Blueprint("home", __name__)

MENTIONS = 10


@bp.get("/")
def index() -> Response:
    if policy.find_only_project(actor):
        return redirect_to("projects.page", slug=queries.list_own_projects(actor)[0].slug)
    if policy.find_only_portfolio(actor):
        return redirect_to("portfolio.index")
    if desk.lands_on_desk(actor):
        return redirect_to("desk.index")
    return _render_home()


def _render_home() -> Response:
    """A section for each role of the person; nothing is read for other roles."""
    coached = list_coached_teams(actor, reader_time_zone()) if policy.is_coach(actor) else []
    own = queries.list_own_projects(actor) if policy.is_on_team(actor) else []
    reviewed = queries.list_reviewed_projects(actor) if policy.is_reviewer(actor) else []
    since = record_visit(actor)
    project_ids = [project.id for project in (*own, *reviewed)] + [team.project.id for team in coached]
    return render(
        "app/home/index.html",
        own=own,
        since=since,
        news_counts=count_events(actor, project_ids, since) if since and project_ids else {},
        portfolios=_list_portfolios() if policy.reads_portfolio(actor) else [],
        coaches=policy.is_coach(actor),
        coached=coached,
        unread=count_unread_by_scope(actor, [team.project.id for team in coached]),
        asking=_list_teams_without_help() if policy.can_answer_help_requests(actor) else [],
        gates=list_gates(actor),
        stale_gates=list_stale(actor),
        gate_labels=gate_labels,
        reviews=policy.is_reviewer(actor),
        reviewed=reviewed,
        waiting=list_waiting(actor) if policy.is_reviewer(actor) else [],
        registers=list_registers(actor) if policy.is_reviewer(actor) else [],
        orphans=list_reviews_without_reviewer(actor) if policy.leads_programmes(actor) else [],
        review_words=review_labels,
        rereviews=list_rereviews(actor) if policy.is_reviewer(actor) or policy.is_on_team(actor) else [],
        rereview_labels=rereview_labels,
        judges=policy.is_juror(actor),
        installation=queries.count_installation(actor) if policy.can_administer(actor) else None,
        has_role=policy.has_role(actor),
        labels=labels,
        **_mentions(),
    )


def _mentions() -> dict[str, Any]:
    """The comments that mention the reader, and the names of their projects."""
    mentions = list_mentions(actor, MENTIONS)
    return {"mentions": mentions, "places": short_names_of(mention.scope_id for mention in mentions)}


def _list_teams_without_help() -> Sequence[PortfolioTeam]:
    """The teams whose request for help nobody has taken."""
    untaken = {
        help_request.project.id for help_request in list_requests(actor) if help_request.clinic is None
    }
    return [team for team in list_help_requests(actor) if team.project.id in untaken]


def _list_portfolios() -> Sequence[tuple[Programme, str, str]]:
    """Each programme whose portfolio the reader opens, with its heading and the teams to help."""
    rankings, today = (rank_all_programmes(actor, reader_time_zone()), clock.today(reader_time_zone()))
    teams = read_teams(actor, [id_ for ranking in rankings.values() for id_ in ranking.first_to_help])
    portfolios = []
    for programme in list_programmes(actor):
        ranking = rankings.get(programme.id, Ranking())
        first = [teams[id_] for id_ in ranking.first_to_help]
        heading = labels.heading(programme, len(ranking.ids), today)
        portfolios.append((programme, heading, labels.to_help(ranking.to_help, first)))
    return portfolios
