"""What a sprint's own page says of its demonstrations and its retrospective."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.ceremonies import policy, words
from portal.ceremonies.queries import FIGURES, Ceremonies, Held
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Line
from portal.projects.models import Project
from portal.sprints.chapters import Chapter
from portal.sprints.models import Sprint
from portal.web.show import day


def tell_of_sprint(
    actor: Actor, project: Project, sprint: Sprint, found: Sequence[Any]
) -> Sequence[Line]:
    told = Ceremonies(*found)
    held = told.held
    lines = [_demonstration(project, one) for one in held]
    if policy.can_hold(actor, project, sprint):
        url = url_for("demonstrations.note", slug=project.slug, sprint=sprint.number)
        said = _("En noter une autre.") if held else _("Noter ce qui a été montré, et à qui.")
        lines.append(Line(_("Démonstration"), said, url, is_missing=True))
    elif not held:
        url = url_for("demonstrations.index", slug=project.slug)
        lines.append(Line(_("Démonstration"), _("aucune de notée"), url, is_missing=True))
    return [*lines, _retrospective(project, sprint, told)]


def _demonstration(project: Project, one: Held) -> Line:
    told = [day(one.held_on), words.who_came(one)]
    if one.version:
        told.insert(1, _("version %(n)s", n=one.version))
    url = url_for("demonstrations.page", slug=project.slug, number=one.number)
    return Line(_("Démonstration %(n)s", n=one.number), ", ".join(told), url)


def _retrospective(project: Project, sprint: Sprint, told: Ceremonies) -> Line:
    url = url_for("retrospectives.page", slug=project.slug, number=sprint.number)
    if not told.is_written:
        return Line(_("Rétrospective"), _("pas encore écrite"), url, is_missing=True)
    if not told.actions:
        return Line(_("Rétrospective"), _("écrite, sans action"), url)
    said = ngettext("%(num)s action décidée", "%(num)s actions décidées", told.actions)
    still = ngettext("%(num)s encore ouverte", "%(num)s encore ouvertes", told.still_open)
    return Line(_("Rétrospective"), f"{said}, {still}", url)


OF_SPRINT = Chapter(tell_of_sprint, FIGURES)
