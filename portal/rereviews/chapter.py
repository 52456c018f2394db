"""What a project's own pages, and those of its reviews, say of what has them looked at again."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.matters import Matter, Point
from portal.projects.models import Project
from portal.rereviews import queries, words
from portal.rereviews.models import Trigger
from portal.reviews.models import Review


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    """Nothing before a first one: a project need not know the word."""
    to_answer, to_confirm, total = found
    if not total:
        return []
    place = url_for("rereviews.index", slug=project.slug)
    if not to_answer and not to_confirm:
        return [Line(_("Réexamens"), _("tous traités"), place)]
    return [Line(_("Réexamens"), _waiting(to_answer, to_confirm), place)]


CHAPTER = Chapter(tell, queries.FIGURES)


def _waiting(to_answer: int, to_confirm: int) -> str:
    said = []
    if to_answer:
        told = ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", to_answer)
        said.append(told)
    if to_confirm:
        told = ngettext(
            "%(num)s attend d’être confirmé", "%(num)s attendent d’être confirmés", to_confirm
        )
        said.append(told)
    return ", ".join(said)


def matters_of(project: Project, to_answer: int, to_confirm: int) -> Sequence[Matter]:
    """On the team's home, and nothing while nothing waits."""
    if not to_answer and not to_confirm:
        return []
    n, url = to_answer + to_confirm, url_for("rereviews.index", slug=project.slug)
    said = ngettext(
        "%(num)s changement depuis la décision", "%(num)s changements depuis la décision", n
    )
    point = Point(said=said, url=url, note=_waiting(to_answer, to_confirm))
    return [Matter(title=_("Revues à réexaminer"), points=[point])]


def tell_of_review(actor: Actor, project: Project, review: Review | None) -> Sequence[Line]:
    """Those that wait, and the way to those that do not."""
    lines = [line_of(project, one) for one in queries.list_open(actor, project, review)]
    if n := queries.count_settled(actor, project, review):
        said = ngettext("%(num)s traité", "%(num)s traités", n)
        lines.append(Line(_("Réexamens"), said, url_for("rereviews.index", slug=project.slug)))
    return lines


def line_of(project: Project, trigger: Trigger) -> Line:
    url = url_for("rereviews.page", slug=project.slug, number=trigger.number)
    said = f"{words.title(trigger)} ({str(words.WAITS[trigger.waits]).lower()})"
    return Line(_("Réexamen %(n)s", n=trigger.number), said, url, is_missing=True)
