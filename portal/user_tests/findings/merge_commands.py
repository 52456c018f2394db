"""Merge a finding into another, and undo it. Both pages stay.

Only the item moves, when the other finding has none: sightings stay with their finding, and are
read for the whole family (`state_queries.MERGED_FAMILY_IDS`). A merged finding never has merged
findings of its own.
"""

from sqlalchemy import select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import require_team_may_write
from portal.user_tests.findings import policy, queries
from portal.user_tests.findings.closing_commands import lock_project_findings, record_finding_change
from portal.user_tests.findings.models import Finding, FindingClosingKind

MERGED = audit.Action("finding.merged", _l("a réuni le constat %(number)s à un autre"))
ABSORBED = audit.Action("finding.took_in")  # the same action, in the history of the other finding
SPLIT = audit.Action("finding.split", _l("a séparé le constat %(number)s d’un autre"))


def merge_findings(actor: Actor, project: Project, finding: Finding, into: Finding) -> Finding:
    """Close `finding` as a part of `into`, and return `into`, with the higher severity of both,
    harmful if one of them is, with the item of either.

    Raises `TooLate` when `finding` is closed, `RuleBroken` on `into` when `into` is.
    """
    require_team_may_write(actor, project)
    lock_project_findings(project, finding, into)
    if finding.merged_into_id == into.id:
        return into
    if not policy.can_merge(actor, project, finding):
        raise TooLate(_("Ce constat est déjà clos."))
    if into.id == finding.id or into.closed_at is not None:
        raise RuleBroken("into", _("Choisissez un autre constat, encore ouvert."))
    for member in [finding, *_list_merged_findings(finding)]:
        _close_as_merged_into(actor, project, member, into)
    severities = [severity for severity in (finding.severity, into.severity) if severity is not None]
    into.severity = max(severities, default=None)
    into.is_harm = into.is_harm or finding.is_harm
    changes = dict(audit.changes_of(into)) | {"merged": (None, finding.number)}
    if into.item_id is None and finding.item_id is not None:
        item = queries.find_item_of_finding(finding)
        item_id, finding.item_id = finding.item_id, None
        flush_session()  # frees the unique constraint on item_id
        into.item_id = item_id
        changes["item"] = (None, item.number if item else None)
    record_finding_change(actor, ABSORBED, project, into, changes)
    return into


def _list_merged_findings(finding: Finding) -> list[Finding]:
    merged = select(Finding).where(Finding.merged_into_id == finding.id).order_by(Finding.number)
    return list(db.session.scalars(merged))


def _close_as_merged_into(actor: Actor, project: Project, finding: Finding, into: Finding) -> None:
    finding.merged_into_id = into.id
    if finding.closing is None:
        finding.closing = FindingClosingKind.MERGED
        finding.closed_at = clock.now()
        finding.closed_by_id = actor.person_id
    record_finding_change(actor, MERGED, project, finding, {"into": (None, into.number)})


def split_finding(actor: Actor, project: Project, finding: Finding) -> Finding | None:
    """Reopen a merged finding with its own sightings and the item created from it.

    Returns the finding it was merged into, which keeps its severity; None if it was not merged.
    """
    require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    if finding.merged_into_id is None:
        return None
    into = db.session.scalars(
        select(Finding).where(Finding.id == finding.merged_into_id, Finding.project_id == project.id)
    ).one()
    finding.merged_into_id = finding.closing = None
    finding.closed_at = finding.closed_by_id = None
    item = queries.find_item_of_finding(into)
    if item is not None and item.origin == row_path(project, finding):
        into.item_id = None
        flush_session()
        finding.item_id = item.id
    record_finding_change(actor, SPLIT, project, finding, {"into": (into.number, None)})
    return into
