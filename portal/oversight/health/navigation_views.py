"""What the pages of health share: the way back, and where each signal leads."""

from flask import url_for

from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.signal_rules import Signal
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail

_LISTS = {
    SignalCode.HIGH_RISK: "risks.index",
    SignalCode.USER_SESSION: "rounds.index",
    SignalCode.NO_SPRINT: "sprints.index",
    SignalCode.GOALS_MISSED: "sprints.index",
    SignalCode.NO_CONTACT: "coaching.index",
    SignalCode.ADVICE: "recommendations.index",
    SignalCode.KEY_ROLE: "team.index",
}


def trail_of(project: Project) -> Trail:
    return build_trail(project, (_("Santé"), url_for("project_health.index", slug=project.slug)))


def url_of(slug: str, signal: Signal) -> str:
    """The page that shows what a signal speaks of, and lets it be mended."""
    if signal.code is SignalCode.FINDINGS:
        return url_for("findings.index", slug=slug, severity="severe")
    if signal.code in _LISTS:
        return url_for(_LISTS[signal.code], slug=slug)
    gates = [
        reference.partition("/")[2]
        for reference in signal.references
        if reference.startswith("gate/")
    ]
    if gates:
        return url_for("gates.page", slug=slug, gate=int(gates[0]))
    return url_for("gates.index", slug=slug)
