"""Operations on a project's coverage and on reports of rounds: what their pages show."""

from typing import Any

from portal.people.programmes import policy as programmes
from portal.people.programmes.queries import get_programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, by
from portal.project.projects.numbered_queries import PER_PAGE
from portal.project.projects.queries import get_project
from portal.user_tests.reports import labels, queries
from portal.user_tests.reports.coverage_rules import Coverage, CoverageGap, CoverageLine
from portal.user_tests.reports.report_documents import build_report
from portal.user_tests.reports.schemas import CoverageSchema, ReportLineSchema, ReportSchema
from portal.user_tests.rounds.labels import LANGUAGES

area = ApiArea("tests")


@area.get("/projects/<slug>/coverage", CoverageSchema)
def get_coverage(call: ApiCall, slug: str) -> dict[str, Any]:
    """Read which target groups tried which versions of a prototype, and who is missing."""
    coverage = queries.read_coverage(call.actor, get_project(call.actor, slug))
    if coverage is None:
        return {"latest": None, "versions": [], "groups": [], "gaps": [], "rounds": []}
    return {
        "latest": coverage.latest,
        "versions": coverage.versions,
        "groups": [_describe_line(line, coverage) for line in coverage.lines],
        "gaps": [_describe_gap(gap, coverage.latest) for gap in coverage.gaps],
        "rounds": [
            vars(each) | {"round": each.round.number, "access_needs": each.round.access_needs}
            for each in coverage.rounds
        ],
    }


@area.get("/projects/<slug>/rounds/<int(max=9999):number>/report/<language>", ReportSchema)
def get_round_report(call: ApiCall, slug: str, number: int, language: str) -> dict[str, Any]:
    """Read the report of a round, in `fr` or `en`."""
    subject = queries.get_report_subject(call.actor, slug, number)
    require_language(language)
    day = clock.today(reader_time_zone())
    return build_report(queries.read_report_facts(subject), language, day)


def require_language(language: str) -> None:
    """Raise `NotFound` for a language in which there are no reports."""
    if language not in LANGUAGES:
        raise NotFound


@area.list("/programmes/<programme>/round-reports", ReportLineSchema)
def list_round_reports(call: ApiCall, programme: str) -> ApiPage:
    """List the ended rounds of a programme whose reports one reads, the latest first."""
    opened = get_programme(call.actor, programme)
    if not programmes.can_read_reports(call.actor, opened):
        raise NotFound
    return call.page.gather(lambda number: queries.list_reports(opened, number), PER_PAGE, by("round.id"))


def _describe_line(line: CoverageLine, coverage: Coverage) -> dict[str, Any]:
    cells = [vars(line.cells[version]) | {"version": version} for version in coverage.versions]
    return {
        "group_id": line.group and line.group.id,
        "group": line.group and line.group.name,
        "participants": line.participants,
        "latest": line.latest,
        "cells": cells,
    }


def _describe_gap(gap: CoverageGap, latest: int) -> dict[str, Any]:
    return vars(gap) | {
        "sentence": labels.gap_sentence(gap, latest),
        "group_id": gap.group and gap.group.id,
        "round": gap.round and gap.round.number,
    }
