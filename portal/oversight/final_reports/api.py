"""The operation on the final report of a project: what its page says."""

from typing import Any

from portal.oversight.final_reports import queries, views
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.user_tests.reports.report_api import require_report_language
from portal.user_tests.reports.schemas import ReportSchema

area = ApiArea("oversight")


@area.get("/projects/<slug>/outcome/<language>", ReportSchema)
def get_outcome_report(call: ApiCall, slug: str, language: str) -> dict[str, Any]:
    """Read the report of a project at the end of its support, in `fr` or `en`, as it is today."""
    project = queries.get_project_with_report(call.actor, slug)
    require_report_language(language)
    return views.build_current_report(project, language)
