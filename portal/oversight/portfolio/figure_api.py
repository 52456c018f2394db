"""Teams of a portfolio side by side, and what changed in them, as on the pages of both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from portal.oversight.committees.queries import find_last_record_end
from portal.oversight.health.api import describe_health
from portal.oversight.portfolio import change_labels, schemas
from portal.oversight.portfolio.api import describe_team, get_portfolio_programme, require_day_within
from portal.oversight.portfolio.change_queries import list_changed_signals
from portal.oversight.portfolio.figure_views import COMPARED_MAX, get_first_visit_moment, read_compared_teams
from portal.oversight.portfolio.page_views import read_page
from portal.oversight.portfolio.queries import list_team_changes
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import ApiRefusal
from portal.project.projects.visit_commands import find_previous_visit_end

area = ApiArea("oversight")
PORTFOLIO = "/programmes/<programme>/portfolio"


@area.list(f"{PORTFOLIO}/comparison", schemas.PortfolioTeamSchema, query=schemas.ComparedTeamsQuerySchema)
def compare_teams(call: ApiCall, programme: str) -> ApiPage:
    """Compare up to four teams of a programme, now or as of the end of a past day."""
    opened, on, zone = get_portfolio_programme(call, programme), call.query.get("on"), reader_time_zone()
    require_day_within(opened, on, clock.today(zone))
    slugs = list(dict.fromkeys(filter(None, call.query["teams"].split(","))))
    if not slugs:
        raise _make_teams_refusal(_("Nommez de une à quatre équipes."))
    if len(slugs) > COMPARED_MAX:
        raise _make_teams_refusal(_("Comparez quatre équipes au plus."))
    teams = read_compared_teams(call.actor, opened.slug, slugs, on, zone)
    if unknown := sorted(set(slugs) - {team.slug for team in teams}):
        names = ", ".join(unknown)
        raise _make_teams_refusal(
            _("Ce que vous lisez du portefeuille n’a pas ces équipes : %(names)s.", names=names)
        )
    page = call.page.cut_whole_list(teams, key_by_fields("project.id"))
    return ApiPage([describe_team(team) for team in page.rows], page.next_after)


def _make_teams_refusal(sentence: str) -> ApiRefusal:
    return ApiRefusal(422, errors=[("?teams", sentence)])


@area.list(f"{PORTFOLIO}/changes", schemas.ChangedTeamSchema, query=schemas.SinceQuerySchema)
def list_changed_teams(call: ApiCall, programme: str) -> ApiPage:
    """List the teams of a programme that changed since one's previous visit or its last committee."""
    opened, zone = get_portfolio_programme(call, programme), reader_time_zone()
    moment = _find_moment_to_compare_with(call, opened.id)
    ids = read_page(call.actor, {"programme": opened.slug}, zone).portfolio.all.ids
    page = call.page.cut_whole_list(
        list_team_changes(call.actor, opened, ids, moment, zone), lambda changed: changed[0].project.id
    )
    lines: list[dict[str, Any]] = [
        {
            "project_id": team.project.id,
            "slug": team.slug,
            "name": team.short_name,
            "since": moment,
            "health": describe_health(state),
            "changes": [
                vars(each) | {"sentence": change_labels.describe_change(each, state)} for each in changes
            ],
        }
        for team, state, changes in page.rows
    ]
    return ApiPage(lines, page.next_after)


@area.list(f"{PORTFOLIO}/threshold-changes", schemas.ChangedThresholdsSchema, query=schemas.SinceQuerySchema)
def list_changed_thresholds(call: ApiCall, programme: str) -> ApiPage:
    """List the signals whose thresholds changed since one's previous visit or the last committee."""
    opened = get_portfolio_programme(call, programme)
    moment = _find_moment_to_compare_with(call, opened.id)
    lines: list[dict[str, Any]] = [
        {
            "code": newer.code,
            "since": moment,
            "before": older.thresholds,
            "after": newer.thresholds,
            "sentence": change_labels.describe_threshold_change(older, newer),
        }
        for older, newer in list_changed_signals(opened.id, moment)
    ]
    return call.page.cut_whole_list(lines, key_by_fields("code"))


def _find_moment_to_compare_with(call: ApiCall, programme_id: UUID) -> datetime:
    """When the last committee ended, where that is asked and one was held; else the previous visit."""
    is_since_committee = call.query["since"] is schemas.ChangesSinceChoice.COMMITTEE
    committee_at = find_last_record_end(programme_id) if is_since_committee else None
    return committee_at or find_previous_visit_end(call.actor) or get_first_visit_moment()
