"""Permissions on findings."""

from typing import Any

from sqlalchemy import ColumnElement

from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.findings.models import SEVERE, Finding


def visible_within(actor: Actor, project_id: Any) -> ColumnElement[bool]:
    """Return the condition for findings of projects that the actor may read."""
    return projects.visible_by_project_column(actor, project_id)


def can_write(actor: Actor, project: Project) -> bool:
    """Whether the actor may note findings, their sightings and retests."""
    return projects.can_write_team_work(actor, project)


def can_change(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may change a finding: not once it is merged."""
    return finding.merged_into_id is None and can_write(actor, project)


def can_make_item(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may create the backlog item: of an open finding without one."""
    is_waiting = finding.closed_at is None and finding.item_id is None
    return is_waiting and can_write(actor, project)


def can_settle(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may close a finding without a retest: one rated as minor."""
    is_minor = finding.severity is not None and finding.severity < SEVERE
    return is_minor and finding.closed_at is None and can_write(actor, project)


def can_accept(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may accept a finding: an open and rated one."""
    is_rated = finding.closed_at is None and finding.severity is not None
    return is_rated and can_accept_findings(actor, project)


def can_accept_findings(actor: Actor, project: Project) -> bool:
    """Whether the actor leads the programme, or the team of an active project."""
    is_stopped = projects.can_lead_team(actor, project) and not projects.is_project_active(project)
    return leads_project_or_programme(actor, project) and not is_stopped


def leads_project_or_programme(actor: Actor, project: Project) -> bool:
    """The same in any state of the project: checked before a form is read."""
    leads = projects.can_lead_programme(actor, project)
    return leads or projects.can_lead_team(actor, project)


def can_reopen(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may reopen a finding: a closed one that is not merged."""
    is_closed = finding.closed_at is not None and finding.merged_into_id is None
    return is_closed and can_write(actor, project)


def can_merge(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may merge a finding into another: an open one."""
    return finding.closed_at is None and can_write(actor, project)


def can_split(actor: Actor, project: Project, finding: Finding) -> bool:
    """Whether the actor may undo a merge."""
    return finding.merged_into_id is not None and can_write(actor, project)
