"""The operation on a project's coverage: what its page shows."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.queries import get_project
from portal.user_tests.reports import labels, queries
from portal.user_tests.reports.coverage_rules import Coverage, CoverageGap, CoverageLine
from portal.user_tests.reports.schemas import CoverageSchema

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
        "groups": [_dump_coverage_line(line, coverage) for line in coverage.lines],
        "gaps": [_dump_coverage_gap(gap, coverage.latest) for gap in coverage.gaps],
        "rounds": [
            vars(each) | {"round": each.round.number, "access_needs": each.round.access_needs}
            for each in coverage.rounds
        ],
    }


def _dump_coverage_line(line: CoverageLine, coverage: Coverage) -> dict[str, Any]:
    cells = [vars(line.cells[version]) | {"version": version} for version in coverage.versions]
    return {
        "group_id": line.group and line.group.id,
        "group": line.group and line.group.name,
        "participants": line.participants,
        "latest": line.latest,
        "cells": cells,
    }


def _dump_coverage_gap(gap: CoverageGap, latest: int) -> dict[str, Any]:
    return vars(gap) | {
        "sentence": labels.gap_sentence(gap, latest),
        "group_id": gap.group and gap.group.id,
        "round": gap.round and gap.round.number,
    }
