"""Lines about risks on the pages of a project and of a finding."""

from collections.abc import Sequence

from flask import url_for

from portal.ethics.risks import labels, policy, queries
from portal.ethics.risks.models import Risk
from portal.ethics.risks.register_queries import PROJECT_FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first, ngettext
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, SectionLine, build_count_section
from portal.user_tests.findings.models import Finding


def describe_risk_counts(_total: int, open_: int, high: int, late: int) -> str:
    """Late mitigations first, then open and high risks."""
    if not open_:
        return _("tous clos")
    summary = ngettext("%(num)s risque ouvert", "%(num)s risques ouverts", open_)
    if high:
        summary += ", " + ngettext("%(num)s élevé", "%(num)s élevés", high)
    return labels.late_mitigations_label(late) + ", " + summary if late else summary


CHAPTER = build_count_section(
    _l("Risques"),
    "/risks",
    PROJECT_FIGURES,
    describe_risk_counts,
    empty=_l("Aucun risque n’est encore inscrit."),
    fold=ProjectFoldKind.ETHICS,
)


def list_risk_lines_of_finding(actor: Actor, project: Project, finding: Finding) -> Sequence[SectionLine]:
    """The risks that a finding showed; for a possible harm without any, a link to add one."""
    lines = [
        SectionLine(
            _("Risque %(n)s", n=risk.number),
            _("« %(what)s » : %(level)s", what=risk.what, level=_describe_level_or_closed(risk)),
            url_for("risks.page", slug=project.slug, number=risk.number),
        )
        for risk in queries.list_risks_of_finding(actor, project, finding)
    ]
    if lines or not finding.is_harm or not policy.can_write(actor, project):
        return lines
    url = url_for("risks.add", slug=project.slug, finding=finding.number)
    sentence = _("Ce constat dit un préjudice possible, et aucun risque n’en répond encore.")
    return [SectionLine(_("Inscrire un risque"), sentence, url, True)]


def _describe_level_or_closed(risk: Risk) -> str:
    if risk.closed_at is not None:
        return _("clos")
    return lower_first(labels.LEVELS[risk.level])
