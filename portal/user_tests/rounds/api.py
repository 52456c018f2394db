"""Operations on rounds of tests and their sessions, which bear a number and no name."""

from portal.platform.kernel.access import require
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects.numbered_api import add_numbered_reads
from portal.project.projects.numbered_queries import list_after
from portal.project.projects.queries import get_project
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.schemas import RoundSchema, SessionSchema
from portal.user_tests.rounds.session_models import TestSession

area = ApiArea("tests")
add_numbered_reads(area, "rounds", ("round", "rounds"), TestRound, RoundSchema)


@area.list("/projects/<slug>/sessions", SessionSchema)
def list_sessions(call: ApiCall, slug: str) -> ApiPage:
    """List the sessions of a project's tests, by number: for its team and its coaches."""
    project = get_project(call.actor, slug)
    require(policy.can_export_sessions(call.actor, project))
    return call.page.cut_numbered(
        list_after(call.actor, TestSession, project, call.page.first, call.page.limit)
    )
