"""The operation on the open findings and ethics matters of all teams, as their page lists them."""

from typing import Any

from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.overview_rules import TeamIssueLine, list_hidden_filters
from portal.oversight.open_issues.queries import read_overview
from portal.oversight.open_issues.reminder_commands import remind_of_late_review
from portal.oversight.open_issues.schemas import IssueQuerySchema, OpenIssuesSchema, RemindOfReviewSchema
from portal.oversight.portfolio.api import get_portfolio_programme, require_known_choices
from portal.oversight.portfolio.queries import list_tracks
from portal.oversight.portfolio.support_queries import list_coaches
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.platform.web.api_problems import build_forbidden_filter_refusal
from portal.project.projects.queries import get_project

area = ApiArea("oversight")


@area.list("/programmes/<programme>/concerns", OpenIssuesSchema, query=IssueQuerySchema)
def list_concerns(call: ApiCall, programme: str) -> ApiPage:
    """List the teams of a programme with their open findings and ethics matters, the gravest first."""
    opened, filters = get_portfolio_programme(call, programme), IssueFilters(**call.query)
    coaches = list_coaches(call.actor, opened)
    require_known_choices(opened, list_tracks(opened), coaches, coach=filters.coach, track=filters.track)
    overview = read_overview(call.actor, [opened], filters, reader_time_zone())
    if hidden := list_hidden_filters(filters, overview.sees):
        raise build_forbidden_filter_refusal(hidden)
    page = call.page.cut_whole_list(overview.lines)
    return ApiPage([_describe_issue_line(line) for line in page.rows], page.next_after)


@area.act("/projects/<slug>/reviews/remind", None, body=RemindOfReviewSchema, status=204)
def remind_of_review(call: ApiCall, slug: str) -> None:
    """Remind whoever has a late review that a gate requires, or is to open it, for the programme's leads;
    once a day at most. One that is not late, or waived, is refused."""
    project = get_project(call.actor, slug)
    remind_of_late_review(call.actor, project, call.body["kind"])


def _describe_issue_line(line: TeamIssueLine) -> dict[str, Any]:
    issues = line.issues
    return (
        vars(line)
        | vars(issues)
        | {
            "project_id": line.id,
            "reviews_late": issues.reviews_late,
            "waiting": len(issues.waiting),
        }
    )
