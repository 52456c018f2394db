"""What the pages of a project, of a sprint and of an item say of findings."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.backlog.models import Item
from portal.findings import queries, words
from portal.findings.listing import FIGURES, SEVERE_ONES, UNRATED
from portal.findings.standing import Standing
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.sprints import chapters as sprints
from portal.sprints.models import Sprint


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    """What is severe comes first, and leads to it."""
    total, open_, severe, unrated = found
    place: dict[str, Any] = {"slug": project.slug}
    if not total:
        said = _("Aucun constat n’est encore noté.")
        return [Line(_("Constats"), said, url_for("findings.index", **place), True)]
    if severe:
        place["severity"] = SEVERE_ONES
        first = ngettext("%(num)s grave ouvert", "%(num)s graves ouverts", severe)
    elif unrated:
        place["severity"] = UNRATED
        first = ngettext(
            "%(num)s dont la gravité n’est pas évaluée",
            "%(num)s dont la gravité n’est pas évaluée",
            unrated,
        )
    else:
        first = _("aucun de grave")
    rest = ngettext("%(num)s ouvert", "%(num)s ouverts", open_)
    said = _("%(first)s, sur %(rest)s", first=first, rest=rest) if open_ else _("tous clos")
    return [Line(_("Constats"), said, url_for("findings.index", **place))]


CHAPTER = Chapter(tell, FIGURES)


def tell_of_sprint(
    _actor: Actor, project: Project, _sprint: Sprint, found: Sequence[Any]
) -> Sequence[Line]:
    """The findings whose correction stands in it; nothing where there is none."""
    (corrected,) = found
    if not corrected:
        return []
    url = url_for("findings.index", slug=project.slug, state="all")
    if len(corrected) == 1:
        url = url_for("findings.page", slug=project.slug, number=corrected[0][0])
    done = sum(is_done for _number, is_done in corrected)
    said = ngettext(
        "%(num)s constat à corriger, %(done)s fait",
        "%(num)s constats à corriger, %(done)s faits",
        len(corrected),
        done=done,
    )
    return [Line(_("Constats de test"), said, url)]


OF_SPRINT = sprints.Chapter(tell_of_sprint, (queries.OF_SPRINT,))


def tell_of_item(actor: Actor, project: Project, item: Item) -> Sequence[Line]:
    """The finding that an item is to correct, and how it stands."""
    return [
        Line(
            _("Constat %(n)s", n=finding.number),
            _(
                "« %(what)s » : %(severity)s, %(standing)s",
                what=finding.what,
                severity=str(words.IN_SHORT[finding.severity]).lower(),
                standing=_standing(standing),
            ),
            url_for("findings.page", slug=project.slug, number=finding.number),
        )
        for finding, standing in queries.find_of_item(actor, project, item)
    ]


def _standing(standing: Standing) -> str:
    return str(words.STANDINGS[standing]).lower()
