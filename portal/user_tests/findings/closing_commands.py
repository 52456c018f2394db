"""Commands that close and reopen findings."""

from sqlalchemy import select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.projects import work_commands
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.user_tests.findings import policy
from portal.user_tests.findings.models import Finding, FindingClosingKind, Retest, RetestResult
from portal.user_tests.findings.state_queries import select_last_retest_column

SETTLED = audit.Action("finding.settled", _l("a réglé le constat %(number)s, mineur"))
ACCEPTED = audit.Action("finding.accepted", _l("a accepté de garder le constat %(number)s"))
RETESTED = audit.Action("finding.retested", _l("a clos le constat %(number)s après un nouveau test"))
REOPENED = audit.Action("finding.reopened", _l("a rouvert le constat %(number)s"))


def lock_project_findings(project: Project, *findings: Finding) -> None:
    """Lock all findings of the project until the end of the transaction, and refresh these rows."""
    lock_row(Project, project.id)
    for finding in findings:
        reload_row(finding)


def record_finding_change(
    actor: Actor,
    action: audit.Action,
    project: Project,
    finding: Finding,
    changes: audit.Changes | None = None,
) -> None:
    """Record an audit line. It holds no text typed by users, which might name a participant."""
    work_commands.record_change(actor, action, finding, changes, project=project)


def settle_finding(
    actor: Actor,
    project: Project,
    finding: Finding,
    reason: str,
    expected_version: int,
    *,
    knowingly: bool = False,
) -> None:
    """Close a minor finding without a retest. Raises `TooLate` for any other, `Conflict`, and
    `RuleBroken` on `knowingly` for text that looks like personal data until confirmed."""
    work_commands.require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    require_can_settle(actor, project, finding)
    check_version(finding, expected_version)
    require_anonymous(reason, knowingly=knowingly)
    _close_finding(actor, finding, FindingClosingKind.SETTLED, reason)
    record_finding_change(actor, SETTLED, project, finding, {"closing": (None, FindingClosingKind.SETTLED)})


def require_can_settle(actor: Actor, project: Project, finding: Finding) -> None:
    """Raise `TooLate`, with what is required, for a finding that is closed or not minor."""
    _require_open_finding(finding)
    if not policy.can_settle(actor, project, finding):
        raise TooLate(explain_settling_refusal(finding), row_path(project, finding))


def explain_settling_refusal(finding: Finding) -> str:
    """Return what is required to close a finding that is not minor."""
    if finding.severity is None:
        return _("Dites d’abord sa gravité : un constat non évalué ne se clôt pas.")
    return _(
        "Gravité %(n)s : seuls un nouveau test sur une version suivante, ou une acceptation nommée"
        " et motivée, le closent.",
        n=finding.severity,
    )


def accept_finding(
    actor: Actor,
    project: Project,
    finding: Finding,
    reason: str,
    expected_version: int,
    *,
    knowingly: bool = False,
) -> None:
    """Close a finding as accepted, with the actor’s name and a reason. Raises as `settle_finding`, and
    `RuleBroken` on `reason` without one."""
    require_can_accept(actor, project)
    lock_project_findings(project, finding)
    _require_open_finding(finding)
    if finding.severity is None:
        raise TooLate(explain_settling_refusal(finding))
    require(policy.can_accept(actor, project, finding))
    check_version(finding, expected_version)
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi : votre nom et cette raison resteront."))
    require_anonymous(reason, knowingly=knowingly)
    _close_finding(actor, finding, FindingClosingKind.ACCEPTED, reason)
    record_finding_change(actor, ACCEPTED, project, finding, {"closing": (None, FindingClosingKind.ACCEPTED)})


def require_can_accept(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` without the role, `TooLate` when the project is not active."""
    require_project_or_programme_lead(actor, project)
    if not policy.can_accept_findings(actor, project):
        raise TooLate(_("Ce projet n’est pas en cours : son équipe n’y écrit plus."))


def require_project_or_programme_lead(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, saying who may, unless the actor leads project or programme."""
    sentence = _("Seuls le porteur et la direction du programme acceptent un constat.")
    require(policy.leads_project_or_programme(actor, project), sentence)


def reopen_finding(actor: Actor, project: Project, finding: Finding) -> None:
    """Reopen a closed finding; does nothing to an open one. Raises `TooLate` for a merged one."""
    work_commands.require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    if finding.closed_at is None:
        return
    if not policy.can_reopen(actor, project, finding):
        raise TooLate(_("Il est réuni à un autre constat : défaites d’abord la réunion."))
    reopen_locked_finding(actor, project, finding)


def reopen_locked_finding(actor: Actor, project: Project, finding: Finding) -> None:
    """Reopen a closed finding whose project is locked."""
    before = finding.closing
    finding.closing = finding.closed_at = finding.closed_by_id = None
    finding.closing_reason = ""
    record_finding_change(actor, REOPENED, project, finding, {"closing": (before, None)})


def close_or_reopen_by_last_retest(actor: Actor, project: Project, finding: Finding) -> None:
    """Close or reopen a finding by its last retest.

    Closes a rated finding that the retest no longer found. Reopens one that was closed by a retest
    or settled, and is found again. An accepted one stays closed.
    """
    flush_session()
    result = find_last_retest_result(finding)
    if result is RetestResult.DISAPPEARED and finding.closed_at is None and finding.severity is not None:
        _close_finding(actor, finding, FindingClosingKind.RETESTED, "")
        record_finding_change(
            actor, RETESTED, project, finding, {"closing": (None, FindingClosingKind.RETESTED)}
        )
    elif _is_closing_contradicted(finding, result):
        reopen_locked_finding(actor, project, finding)


def _is_closing_contradicted(finding: Finding, result: RetestResult | None) -> bool:
    if finding.closing is FindingClosingKind.RETESTED:
        return result is not RetestResult.DISAPPEARED
    return finding.closing is FindingClosingKind.SETTLED and result is RetestResult.STILL_THERE


def find_last_retest_result(finding: Finding) -> RetestResult | None:
    """Return the result of the last conclusive retest, by the version tested."""
    return db.session.scalar(select(select_last_retest_column(Retest.result)).where(Finding.id == finding.id))


def _require_open_finding(finding: Finding) -> None:
    if finding.closed_at is not None:
        raise TooLate(_("Ce constat est déjà clos."))


def _close_finding(actor: Actor, finding: Finding, closing: FindingClosingKind, reason: str) -> None:
    finding.closing = closing
    finding.closed_at = clock.now()
    finding.closed_by_id = actor.person_id
    finding.closing_reason = reason
