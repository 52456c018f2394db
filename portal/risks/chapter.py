"""What a project's own pages say of its risks, and the page of a finding of those it showed."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.findings.models import Finding
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.risks import policy, queries, words
from portal.risks.listing import FIGURES


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    """What is late and what is high come first."""
    total, open_, high, late = found
    place = url_for("risks.index", slug=project.slug)
    if not total:
        return [Line(_("Risques"), _("Aucun risque n’est encore inscrit."), place, True)]
    if not open_:
        return [Line(_("Risques"), _("tous clos"), place)]
    said = ngettext("%(num)s risque ouvert", "%(num)s risques ouverts", open_)
    if high:
        said += ", " + ngettext("%(num)s élevé", "%(num)s élevés", high)
    if late:
        said = words.late(late) + ", " + said
    return [Line(_("Risques"), said, place)]


CHAPTER = Chapter(tell, FIGURES)


def tell_of_finding(actor: Actor, project: Project, finding: Finding) -> Sequence[Line]:
    """The risks that a finding showed; for one that may harm somebody, the way to note one."""
    known = [
        Line(
            _("Risque %(n)s", n=risk.number),
            _("« %(what)s » : %(level)s", what=risk.what, level=_standing(risk)),
            url_for("risks.page", slug=project.slug, number=risk.number),
        )
        for risk in queries.list_of_finding(actor, project, finding)
    ]
    if known or not finding.is_harm or not policy.can_write(actor, project):
        return known
    url = url_for("risks.add", slug=project.slug, finding=finding.number)
    said = _("Ce constat dit un préjudice possible, et aucun risque n’en répond encore.")
    return [Line(_("Inscrire un risque"), said, url, True)]


def _standing(risk: Any) -> str:
    if risk.closed_at is not None:
        return _("clos")
    return str(words.LEVELS[risk.level]).lower()
