"""Operations on the report to funders, and on its files."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, send_file

from portal.funding.reports import commands, queries
from portal.funding.reports.models import FundingReportFile
from portal.funding.reports.rules import ReportedInstalment, ReportedTeam
from portal.funding.reports.schemas import (
    FundingReportFileSchema,
    FundingReportSchema,
    ReportQuerySchema,
    RequestReportSchema,
)
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.pdf.printer import MEDIA_TYPE
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("funding")
FILES = "/programmes/<programme>/funding-report/files"


@area.get("/programmes/<programme>/funding-report", FundingReportSchema, query=ReportQuerySchema)
def get_funding_report(call: ApiCall, programme: str) -> dict[str, Any]:
    """Read the report to funders as of a day."""
    reported = queries.get_reported_programme(call.actor, programme)
    day = call.query.get("on") or clock.today()
    report = queries.read_report(reported, commands.end_of_report_day(reported, day), day)
    return {
        "as_of": day,
        "totals": report.totals,
        "forecast": report.forecast,
        "months": report.months,
        "teams": [_describe_team(team) for team in report.teams],
        "without_agreement": report.without_agreement,
    }


def _describe_team(team: ReportedTeam) -> dict[str, Any]:
    return {
        "project": team.slug,
        "name": team.name,
        "organisation": team.organisation,
        **team.numbers._asdict(),
        "totals": team.totals,
        "forecast": team.forecast,
        "instalments": [_describe_instalment(each) for each in team.instalments],
    }


def _describe_instalment(each: ReportedInstalment) -> dict[str, Any]:
    gates = [
        {
            "number": number,
            "accepted_on": gate.accepted_on if gate else None,
            "expected_on": gate.expected_on if gate else None,
        }
        for number, gate in each.gates
    ]
    return {**vars(each), "gates": gates}


@area.list(FILES, FundingReportFileSchema)
def list_funding_report_files(call: ApiCall, programme: str) -> ApiPage:
    """List the latest files of the report, with those that are not printed yet."""
    return call.page.cut_whole_list(
        queries.list_latest_files(queries.get_reported_programme(call.actor, programme))
    )


@area.create(FILES, FundingReportFileSchema, body=RequestReportSchema)
def request_funding_report_file(call: ApiCall, programme: str) -> FundingReportFile:
    """Have the report printed as PDF, as of a day."""
    reported = queries.get_reported_programme(call.actor, programme)
    day = call.body["on"] or clock.today()
    return commands.request_pdf(call.actor, reported, day, call.body["language"])


@area.get(f"{FILES}/<uuid:file_id>/content", FundingReportFileSchema, is_content=True)
def download_funding_report_file(call: ApiCall, programme: str, file_id: UUID) -> Response:
    """Download a report that is printed."""
    file = queries.get_file(queries.get_reported_programme(call.actor, programme), file_id)
    if file.pdf is None:
        raise NotFound
    name = f"{programme}-{file.as_of_on.isoformat()}-{file.language}.pdf"
    return send_file(BytesIO(file.pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
