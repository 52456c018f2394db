"""The section on framing on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.framing.queries import FIGURES, FramingSummary
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine


def list_section_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    framing = FramingSummary(*values)
    audiences, interviews, open_count = _groups_text(framing), framing.interviews, framing.open_assumptions
    metrics = ngettext("%(num)s indicateur", "%(num)s indicateurs", framing.metrics)
    to_settle = ngettext("%(num)s hypothèse à trancher", "%(num)s hypothèses à trancher", open_count)
    sections = (
        ("groups", _("Publics visés"), audiences, framing.agents + framing.citizens, audiences),
        ("assumptions", _("Hypothèses"), _assumptions_text(framing), framing.assumptions, to_settle),
        ("interviews", _("Entretiens"), _interviews_text(framing), interviews, ""),
        ("impact", _("Impact"), _metrics_text(framing), framing.metrics, metrics),
    )
    return [
        SectionLine(
            title, text, url_for(f"{blueprint}.index", slug=project.slug), not count, brief if count else ""
        )
        for blueprint, title, text, count, brief in sections
    ]


def _groups_text(framing: FramingSummary) -> str:
    parts = []
    if framing.agents:
        parts.append(ngettext("%(num)s public d’agents", "%(num)s publics d’agents", framing.agents))
    if framing.citizens:
        citizens = framing.citizens
        parts.append(ngettext("%(num)s public d’usagers", "%(num)s publics d’usagers", citizens))
    return ", ".join(parts) or _("Pas encore dit pour qui.")


def _assumptions_text(framing: FramingSummary) -> str:
    if not framing.assumptions:
        return _("Aucune hypothèse posée.")
    if not framing.open_assumptions:
        n = framing.assumptions
        return ngettext("%(num)s hypothèse, tranchée", "%(num)s hypothèses, toutes tranchées", n)
    return ngettext(
        "%(num)s hypothèse à trancher : « %(riskiest)s »",
        "%(num)s hypothèses à trancher, d’abord : « %(riskiest)s »",
        framing.open_assumptions,
        riskiest=framing.riskiest,
    )


def _interviews_text(framing: FramingSummary) -> str:
    n = framing.interviews
    if not n:
        return _("Aucun entretien noté.")
    return ngettext("%(num)s entretien noté", "%(num)s entretiens notés", n)


def _metrics_text(framing: FramingSummary) -> str:
    if not framing.metrics:
        return _("Rien ne dit encore ce qui doit changer.")
    return ngettext(
        "%(num)s indicateur, dont %(ready)s avec départ et cible",
        "%(num)s indicateurs, dont %(ready)s avec départ et cible",
        framing.metrics,
        ready=framing.metrics_ready,
    )


SECTION = ProjectSection(list_section_lines, FIGURES, ProjectFoldKind.FRAMING)
