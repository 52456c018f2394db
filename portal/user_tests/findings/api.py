"""Operations on findings."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import add_numbered_reads
from portal.project.projects.queries import get_project
from portal.user_tests.findings import closing_commands, commands, queries
from portal.user_tests.findings.commands import FindingFacts
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.schemas import (
    FindingAcceptedSchema,
    FindingFactsSchema,
    FindingNotedSchema,
    FindingSchema,
)

area = ApiArea("tests")
FINDINGS = "/projects/<slug>/findings"
FINDING = f"{FINDINGS}/<int(max=9999):number>"
FACTS = ("what", "detail", "severity", "is_harm", "owner_id")
add_numbered_reads(area, "findings", ("finding", "findings"), Finding, FindingSchema)


@area.create(FINDINGS, FindingSchema, body=FindingNotedSchema)
def note_finding(call: ApiCall, slug: str) -> Finding:
    """Note a finding of a round."""
    project = get_project(call.actor, slug)
    round_, _version = queries.get_round(call.actor, project, call.body["round"])
    facts, knowingly = FindingFacts(**call.values(*FACTS)), call.body["knowingly"]
    finding = commands.note_finding(call.actor, project, round_, facts, knowingly=knowingly)
    call.location = f"/projects/{slug}/findings/{finding.number}"
    return finding


@area.change(FINDING, FindingSchema, body=FindingFactsSchema)
def change_finding(call: ApiCall, slug: str, number: int) -> Finding:
    """Change a finding."""
    project, finding = _open(call, slug, number)
    facts: Any = FindingFacts(**call.values(*FACTS))
    commands.change_finding(
        call.actor, project, finding, facts, call.version, knowingly=call.body["knowingly"]
    )
    return finding


@area.act(f"{FINDING}/accept", FindingSchema, body=FindingAcceptedSchema, is_versioned=True)
def accept_finding(call: ApiCall, slug: str, number: int) -> Finding:
    """Close a finding as it is, with one's name and a reason."""
    project, finding = _open(call, slug, number)
    reason, knowingly = call.body["reason"], call.body["knowingly"]
    closing_commands.accept(call.actor, project, finding, reason, call.version, knowingly=knowingly)
    return finding


@area.act(f"{FINDING}/reopen", FindingSchema)
def reopen_finding(call: ApiCall, slug: str, number: int) -> Finding:
    """Open a closed finding again."""
    project, finding = _open(call, slug, number)
    closing_commands.reopen(call.actor, project, finding)
    return finding


def _open(call: ApiCall, slug: str, number: int) -> tuple[Project, Finding]:
    project = get_project(call.actor, slug)
    return project, queries.get_finding(call.actor, project, number)
