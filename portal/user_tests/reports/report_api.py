"""Operations on the reports of rounds: what their pages say."""

from typing import Any

from portal.people.programmes import policy as programmes
from portal.people.programmes.queries import get_programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.numbered_queries import PER_PAGE
from portal.user_tests.reports import queries
from portal.user_tests.reports.report_documents import build_report
from portal.user_tests.reports.schemas import ReportedRoundSchema, ReportSchema
from portal.user_tests.rounds.labels import LANGUAGES

area = ApiArea("tests")


@area.get("/projects/<slug>/rounds/<int(max=9999):number>/report/<language>", ReportSchema)
def get_round_report(call: ApiCall, slug: str, number: int, language: str) -> dict[str, Any]:
    """Read the report of a round, in `fr` or `en`."""
    subject = queries.get_round_to_report(call.actor, slug, number)
    require_report_language(language)
    day = clock.today(reader_time_zone())
    return build_report(queries.read_report_facts(subject), language, day)


def require_report_language(language: str) -> None:
    """Raise `NotFound` for a language in which there are no reports."""
    if language not in LANGUAGES:
        raise NotFound


@area.list("/programmes/<programme>/round-reports", ReportedRoundSchema)
def list_round_reports(call: ApiCall, programme: str) -> ApiPage:
    """List the ended rounds of a programme whose reports one reads, the latest first."""
    opened = get_programme(call.actor, programme)
    if not programmes.can_read_reports(call.actor, opened):
        raise NotFound
    return call.page.gather_portal_pages(
        lambda number: queries.read_reported_rounds_page(opened, number), PER_PAGE, key_by_fields("round.id")
    )
