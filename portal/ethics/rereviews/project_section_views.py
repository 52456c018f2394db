"""Lines about triggers on the pages of a project, of its reviews, and on the team's home."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from portal.ethics.rereviews import labels, queries
from portal.ethics.rereviews.fact_queries import find_fact_of_source_change
from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.trigger_projections import raise_triggers_of_transaction
from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.project.projects.models import Project
from portal.project.projects.rereview_queries import OpenedRereviewReader
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine


def list_project_lines(_actor: Actor, project: Project, figures: Sequence[Any]) -> Sequence[SectionLine]:
    """The project's line; none before its first trigger."""
    to_answer, to_confirm, total = figures
    if not total:
        return []
    url = url_for("rereviews.index", slug=project.slug)
    if not to_answer and not to_confirm:
        return [SectionLine(_("Réexamens"), _("tous traités"), url)]
    brief = ngettext("%(num)s réexamen ouvert", "%(num)s réexamens ouverts", to_answer + to_confirm)
    return [SectionLine(_("Réexamens"), _describe_waiting_triggers(to_answer, to_confirm), url, brief=brief)]


CHAPTER = ProjectSection(list_project_lines, queries.PROJECT_FIGURES, ProjectFoldKind.ETHICS)


def _describe_waiting_triggers(to_answer: int, to_confirm: int) -> str:
    parts = []
    if to_answer:
        parts.append(ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", to_answer))
    if to_confirm:
        parts.append(
            ngettext("%(num)s attend d’être confirmé", "%(num)s attendent d’être confirmés", to_confirm)
        )
    return ", ".join(parts)


def list_rereview_lines(actor: Actor, project: Project, review: Review | None) -> Sequence[SectionLine]:
    """A line per trigger that waits, and one for the settled ones."""
    lines = [
        make_trigger_line(project, trigger) for trigger in queries.list_open_triggers(actor, project, review)
    ]
    if n := queries.count_settled_triggers(actor, project, review):
        sentence = ngettext("%(num)s traité", "%(num)s traités", n)
        lines.append(SectionLine(_("Réexamens"), sentence, url_for("rereviews.index", slug=project.slug)))
    return lines


def make_trigger_line(project: Project, trigger: Trigger) -> SectionLine:
    """The line of one trigger, with its link."""
    url = url_for("rereviews.page", slug=project.slug, number=trigger.number)
    sentence = f"{labels.title(trigger)} ({lower_first(labels.WAITS[trigger.waits])})"
    return SectionLine(_("Réexamen %(n)s", n=trigger.number), sentence, url, is_missing=True)


def describe_opened_rereviews(project: Project, source_number: int | None) -> str:
    """Which re-reviews the transaction under way opens, raising them now; else which are open about a
    data source; "" for none."""
    raised = raise_triggers_of_transaction(project.id)
    if opened := [trigger for trigger in raised if trigger.happened_by_id]:  # others came with time
        return ngettext(
            "Cela ouvre le réexamen éthique %(numbers)s\u00a0: la revue acceptée n’en savait rien.",
            "Cela ouvre les réexamens éthiques %(numbers)s\u00a0: la revue acceptée n’en savait rien.",
            len(opened),
            numbers=_join_numbers(opened),
        )
    about_source = [] if source_number is None else queries.list_open_source_triggers(project, source_number)
    if not about_source:
        return ""
    return ngettext(
        "Le réexamen éthique %(numbers)s, déjà ouvert, porte sur elle.",
        "Les réexamens éthiques %(numbers)s, déjà ouverts, portent sur elle.",
        len(about_source),
        numbers=_join_numbers(about_source),
    )


def describe_rereview_of_source_change(project: Project, source_id: UUID | None, purpose: str) -> str:
    """That another purpose of a data source than the present one, or a further source, without an id, opens
    a re-review; "" where none does."""
    fact = find_fact_of_source_change(project, source_id, purpose)
    if fact is None:
        return ""
    if source_id is None:
        return _("Une source de plus ouvrira un réexamen éthique : la revue acceptée n’en sait rien.")
    if purpose:
        return _(
            "Changer sa finalité ouvrira un réexamen éthique : la revue acceptée parlait d’un autre usage."
        )
    if "is_first" not in fact.details:  # the former one was taken away
        return _(
            "Écrire une autre finalité que celle qui a été retirée ouvrira un réexamen éthique :"
            " la revue acceptée n’en parlait pas."
        )
    return _(
        "Écrire sa finalité ouvrira un réexamen éthique :"
        " la revue acceptée ne savait pas à quoi cette source servirait."
    )


def _join_numbers(triggers: Sequence[Trigger]) -> str:
    return ", ".join(str(trigger.number) for trigger in triggers)


OPENED_REREVIEWS = OpenedRereviewReader(describe_opened_rereviews, describe_rereview_of_source_change)
