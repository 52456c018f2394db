"""The operation of the report to funders."""

from typing import Any

from portal.funding.reports import commands, queries
from portal.funding.reports.rules import ReportedInstalment, ReportedTeam
from portal.funding.reports.schemas import FundingReportSchema, ReportQuerySchema
from portal.platform.kernel import clock
from portal.platform.web.api_operations import ApiArea, ApiCall

area = ApiArea("funding")


@area.get("/programmes/<programme>/funding-report", FundingReportSchema, query=ReportQuerySchema)
def get_funding_report(call: ApiCall, programme: str) -> dict[str, Any]:
    """Read the report to funders as of a day."""
    reported = queries.get_reported_programme(call.actor, programme)
    day = call.query.get("on") or clock.today()
    report = queries.read_report(reported, commands.moment_of(reported, day), day)
    return {
        "as_of": day,
        "totals": report.totals,
        "forecast": report.forecast,
        "months": report.months,
        "teams": [_describe(team) for team in report.teams],
    }


def _describe(team: ReportedTeam) -> dict[str, Any]:
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
