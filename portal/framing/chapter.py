"""What a project's own pages say of its framing."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.framing.queries import FIGURES, Framing
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project


def tell(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[Line]:
    found = Framing(*values)
    told = (
        ("groups", _("Publics visés"), _groups(found), not found.agents + found.citizens),
        ("assumptions", _("Hypothèses"), _assumptions(found), not found.assumptions),
        ("interviews", _("Entretiens"), _interviews(found), not found.interviews),
        ("impact", _("Impact"), _metrics(found), not found.metrics),
    )
    return [
        Line(title, said, url_for(f"{place}.index", slug=project.slug), missing)
        for place, title, said, missing in told
    ]


def _groups(found: Framing) -> str:
    told = []
    if found.agents:
        told.append(ngettext("%(num)s public d’agents", "%(num)s publics d’agents", found.agents))
    if found.citizens:
        citizens = found.citizens
        told.append(ngettext("%(num)s public d’usagers", "%(num)s publics d’usagers", citizens))
    return ", ".join(told) or _("Pas encore dit pour qui.")


def _assumptions(found: Framing) -> str:
    if not found.assumptions:
        return _("Aucune hypothèse posée.")
    if not found.open_assumptions:
        n = found.assumptions
        return ngettext("%(num)s hypothèse, tranchée", "%(num)s hypothèses, toutes tranchées", n)
    return ngettext(
        "%(num)s hypothèse à trancher : « %(riskiest)s »",
        "%(num)s hypothèses à trancher, d’abord : « %(riskiest)s »",
        found.open_assumptions,
        riskiest=found.riskiest,
    )


def _interviews(found: Framing) -> str:
    n = found.interviews
    if not n:
        return _("Aucun entretien noté.")
    return ngettext("%(num)s entretien noté", "%(num)s entretiens notés", n)


def _metrics(found: Framing) -> str:
    if not found.metrics:
        return _("Rien ne dit encore ce qui doit changer.")
    return ngettext(
        "%(num)s indicateur, dont %(ready)s avec départ et cible",
        "%(num)s indicateurs, dont %(ready)s avec départ et cible",
        found.metrics,
        ready=found.metrics_ready,
    )


CHAPTER = Chapter(tell, FIGURES)
