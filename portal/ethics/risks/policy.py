"""Who may do what with a project's risks. No other file decides this."""

from portal.ethics.risks.level_rules import RiskLevel
from portal.ethics.risks.models import Mitigation, MitigationProgress, Risk
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """The register is the team's, while it works."""
    return projects.can_work(actor, project)


def can_change(actor: Actor, project: Project, risk: Risk) -> bool:
    """Mend it, say what is left of it, do something about it: while it is open."""
    return risk.closed_at is None and can_write(actor, project)


def can_close(actor: Actor, project: Project, risk: Risk) -> bool:
    """Say that it is a risk no more. Whoever carries the project closes what is still high."""
    return can_change(actor, project, risk) and may_close(actor, project, risk)


def may_close(actor: Actor, project: Project, risk: Risk) -> bool:
    """The same in some state of the risk and of the project."""
    return risk.level is not RiskLevel.HIGH or projects.can_lead_team(actor, project)


def can_reopen(actor: Actor, project: Project, risk: Risk) -> bool:
    return risk.closed_at is not None and can_write(actor, project)


def can_follow(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    """Mend a mitigation, begin it, prove it, give it up: while it and its risk are open."""
    return mitigation.progress.is_open and can_change(actor, project, risk)


def can_begin(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    waits = mitigation.progress is MitigationProgress.PLANNED
    return waits and can_follow(actor, project, risk, mitigation)


def can_resume(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    """Take an end back."""
    return not mitigation.progress.is_open and can_change(actor, project, risk)
