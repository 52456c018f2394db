"""Who may do what with findings. No other file decides this."""

from typing import Any

from sqlalchemy import ColumnElement

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.findings.models import SEVERE, Finding


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Findings of the projects that the actor reads, by the column of the project."""
    return projects.visible_within(actor, project_id)


def can_write(actor: Actor, project: Project) -> bool:
    """Note and rate findings, say where they were seen and whether a later version shows them."""
    return projects.can_work(actor, project)


def can_change(actor: Actor, project: Project, finding: Finding) -> bool:
    """Until it is merged into another one."""
    return finding.merged_into_id is None and can_write(actor, project)


def can_make_item(actor: Actor, project: Project, finding: Finding) -> bool:
    """While it is open, and once."""
    waits = finding.closed_at is None and finding.item_id is None
    return waits and can_write(actor, project)


def can_settle(actor: Actor, project: Project, finding: Finding) -> bool:
    """Close without a retest: what was rated, and as minor."""
    minor = finding.severity is not None and finding.severity < SEVERE
    return minor and finding.closed_at is None and can_write(actor, project)


def can_accept(actor: Actor, project: Project, finding: Finding) -> bool:
    """Live with what was rated, by name."""
    waits = finding.closed_at is None and finding.severity is not None
    return waits and can_accept_findings(actor, project)


def can_accept_findings(actor: Actor, project: Project) -> bool:
    """Whoever carries the project, in the team while it works or in the programme."""
    resting = projects.can_lead_team(actor, project) and not projects.is_open(project)
    return leads_project_or_programme(actor, project) and not resting


def leads_project_or_programme(actor: Actor, project: Project) -> bool:
    """The same in some state of the project: asked before a form is looked at."""
    leads = projects.can_lead_programme(actor, project)
    return leads or projects.can_lead_team(actor, project)


def can_reopen(actor: Actor, project: Project, finding: Finding) -> bool:
    """Take a closing back; what was merged is not open by itself."""
    closed = finding.closed_at is not None and finding.merged_into_id is None
    return closed and can_write(actor, project)


def can_merge(actor: Actor, project: Project, finding: Finding) -> bool:
    """Say that it is the same as another one, while it is open."""
    return finding.closed_at is None and can_write(actor, project)


def can_split(actor: Actor, project: Project, finding: Finding) -> bool:
    """Take that back."""
    return finding.merged_into_id is not None and can_write(actor, project)
