"""What the pages of health share: the way back, and where each signal leads."""

from flask import url_for

from portal.health.definition import Code
from portal.health.signals import Signal
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.workplace import Trail, trail

_LISTS = {
    Code.HIGH_RISK: "risks.index",
    Code.USER_SESSION: "rounds.index",
    Code.NO_SPRINT: "sprints.index",
    Code.GOALS_MISSED: "sprints.index",
    Code.NO_CONTACT: "coaching.index",
    Code.ADVICE: "recommendations.index",
    Code.KEY_ROLE: "team.index",
}


def trail_of(project: Project) -> Trail:
    return trail(project, (_("Santé"), url_for("project_health.index", slug=project.slug)))


def url_of(slug: str, signal: Signal) -> str:
    """The page that shows what a signal speaks of, and lets it be mended."""
    if signal.code is Code.FINDINGS:
        return url_for("findings.index", slug=slug, severity="severe")
    if signal.code in _LISTS:
        return url_for(_LISTS[signal.code], slug=slug)
    gates = [one.partition("/")[2] for one in signal.seen if one.startswith("gate/")]
    if gates:
        return url_for("gates.page", slug=slug, gate=int(gates[0]))
    return url_for("gates.index", slug=slug)
