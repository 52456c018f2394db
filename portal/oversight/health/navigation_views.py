"""Shared by pages that show health: breadcrumbs, and the URL of each signal."""

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
    """Return the breadcrumbs from the project to its health."""
    return build_trail(project, (_("Santé"), url_for("project_health.index", slug=project.slug)))


def url_of(slug: str, signal: Signal) -> str:
    """Return the URL of the page where the cause of a signal can be fixed."""
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
