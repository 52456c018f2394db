"""Lines about findings on the pages of a project, a sprint and an item."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine
from portal.sprints.backlog.models import Item
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection
from portal.user_tests.findings import labels, queries
from portal.user_tests.findings.list_queries import FIGURES, SEVERE_FILTER, UNRATED
from portal.user_tests.findings.state_queries import FindingState


def list_project_lines(_actor: Actor, project: Project, counts: Sequence[Any]) -> Sequence[SectionLine]:
    """Return the counts of findings, linked to the list filtered by the most urgent ones."""
    total, open_, severe, unrated = counts
    link_args: dict[str, Any] = {"slug": project.slug}
    if not total:
        text = _("Aucun constat n’est encore noté.")
        return [SectionLine(_("Constats"), text, url_for("findings.index", **link_args), True)]
    if severe:
        link_args["severity"] = SEVERE_FILTER
        first = ngettext("%(num)s grave ouvert", "%(num)s graves ouverts", severe)
    elif unrated:
        link_args["severity"] = UNRATED
        first = ngettext(
            "%(num)s dont la gravité n’est pas évaluée", "%(num)s dont la gravité n’est pas évaluée", unrated
        )
    else:
        first = _("aucun de grave")
    open_text = ngettext("%(num)s ouvert", "%(num)s ouverts", open_)
    text = _("%(first)s, sur %(rest)s", first=first, rest=open_text) if open_ else _("tous clos")
    brief = ngettext("%(num)s constat grave ouvert", "%(num)s constats graves ouverts", severe)
    url = url_for("findings.index", **link_args)
    return [SectionLine(_("Constats"), text, url, brief=brief if severe else "")]


PROJECT_SECTION = ProjectSection(list_project_lines, FIGURES, ProjectFoldKind.TESTS)


def list_sprint_lines(
    _actor: Actor, project: Project, _sprint: Sprint, rows: Sequence[Any]
) -> Sequence[SectionLine]:
    """Return the findings that the sprint’s items correct; nothing where there is none."""
    (corrected,) = rows
    if not corrected:
        return []
    url = url_for("findings.index", slug=project.slug, state="all")
    if len(corrected) == 1:
        url = url_for("findings.page", slug=project.slug, number=corrected[0][0])
    completed_count = sum(is_done for _number, is_done in corrected)
    to_correct = ngettext("%(num)s constat à corriger", "%(num)s constats à corriger", len(corrected))
    text = f"{to_correct}, " + ngettext("%(num)s fait", "%(num)s faits", completed_count)
    return [SectionLine(_("Constats de test"), text, url)]


SPRINT_SECTION = SprintPageSection(list_sprint_lines, (queries.SPRINT_FINDINGS,))


def list_item_lines(actor: Actor, project: Project, item: Item) -> Sequence[SectionLine]:
    """Return the finding that an item corrects, with its state."""
    return [
        SectionLine(
            _("Constat %(n)s", n=finding.number),
            _(
                "« %(what)s » : %(severity)s, %(standing)s",
                what=finding.what,
                severity=lower_first(labels.SEVERITY_LABELS[finding.severity]),
                standing=_state_label(state),
            ),
            url_for("findings.page", slug=project.slug, number=finding.number),
        )
        for finding, state in queries.list_findings_of_item(actor, project, item)
    ]


def _state_label(state: FindingState) -> str:
    return lower_first(labels.STATES[state])
