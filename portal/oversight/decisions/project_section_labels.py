"""The lines about decisions on the pages of a project and of a sprint."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.coaching.clinics.queries import OPEN_COUNT
from portal.oversight.decisions.help_queries import OPEN_COUNT as OPEN_QUESTION_COUNT
from portal.oversight.decisions.queries import PROJECT_FIGURES, SPRINT_FIGURES, read_awaited_figures
from portal.oversight.decisions.rules import count_days_late
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine
from portal.sprints.sprints.closing_labels import excerpt
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import (
    ClosingSummarySource,
    SprintClosingPartKind,
    SprintPageSection,
)


def build_project_decision_lines(
    _actor: Actor, project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """What the programme owes the team, and what the team has not read."""
    total, waiting, to_read, first_due_on = values
    url = url_for("decisions.index", slug=project.slug)
    if not (total or to_read):
        return [SectionLine(_("Décisions"), _("Aucune n’est attendue."), url, True)]
    late = count_days_late(first_due_on, clock.today())
    parts = [
        ngettext("%(num)s attendue du programme", "%(num)s attendues du programme", waiting)
        if waiting
        else "",
        ngettext("en retard de %(num)s jour", "en retard de %(num)s jours", late) if late else "",
        ngettext("%(num)s réponse à lire", "%(num)s réponses à lire", to_read) if to_read else "",
    ]
    sentence = ", ".join(filter(None, parts)) or _("toutes ont leur réponse")
    brief = ngettext("%(num)s décision attendue", "%(num)s décisions attendues", waiting)
    return [SectionLine(_("Décisions"), sentence, url, brief=brief if waiting else "")]


def build_project_help_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    """How much help the team waits for, asked in sprints and by questions, and where it is followed."""
    count = 0 if project.is_over else sum(values)
    url = url_for("clinics.index", slug=project.slug)
    text = ngettext("%(num)s en cours", "%(num)s en cours", count) if count else _("Aucune n’est en cours.")
    brief = ngettext("%(num)s demande d’aide en cours", "%(num)s demandes d’aide en cours", count)
    return [SectionLine(_("Demandes d’aide"), text, url, brief=brief if count else "")]


def build_sprint_decision_lines(
    _actor: Actor, project: Project, _sprint: Sprint, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """A link to the decision that the sprint's close asked for, if any."""
    (number,) = values
    if number is None:
        return []
    url = url_for("decisions.page", slug=project.slug, number=number)
    return [SectionLine(_("Décision attendue"), _("Décision %(n)s", n=number), url)]


def describe_awaited(project: Project) -> str:
    """« une, depuis 13 jours : … » for the close of a sprint; "" where none is awaited."""
    count, first, asked_at = read_awaited_figures(project.id)
    if not count:
        return ""
    days = (clock.today() - clock.day_of(asked_at)).days
    since = ngettext("depuis %(num)s jour", "depuis %(num)s jours", days) if days else _("depuis aujourd’hui")
    total = ngettext("une attendue", "%(num)s attendues", count)
    return _("%(total)s, %(since)s : %(question)s", total=total, since=since, question=excerpt(first))


CLOSING_SUMMARY = ClosingSummarySource(SprintClosingPartKind.DECISION, describe_awaited)
PROJECT_SECTION = ProjectSection(build_project_decision_lines, PROJECT_FIGURES, ProjectFoldKind.COACHING)
HELP_SECTION = ProjectSection(
    build_project_help_lines, (OPEN_COUNT, OPEN_QUESTION_COUNT), ProjectFoldKind.COACHING
)
SPRINT_SECTION = SprintPageSection(build_sprint_decision_lines, SPRINT_FIGURES)
