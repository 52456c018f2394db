"""What a project's own page says of its recommendations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from portal.discussions.verbs import Verb
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.projects.policy import can_work
from portal.recommendations import policy
from portal.recommendations.queries import FIGURES, find_project


def tell(_actor: Actor, project: Project, found: Sequence[Any]) -> Sequence[Line]:
    total, proposed, accepted, done = found
    place = url_for("recommendations.index", slug=project.slug)
    if not total:
        return [Line(_("Recommandations"), _("Aucune pour l’instant."), place, True)]
    parts = [
        ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", proposed)
        if proposed
        else "",
        ngettext("%(num)s à faire", "%(num)s à faire", accepted) if accepted else "",
        ngettext("%(num)s à confirmer", "%(num)s à confirmer", done) if done else "",
    ]
    said = ", ".join(filter(None, parts)) or _("toutes ont leur réponse")
    return [Line(_("Recommandations"), said, place)]


def offer(actor: Actor, scope_id: UUID) -> Sequence[Verb]:
    """What a comment may become: advice, for whoever advises; work, for the team."""
    project = find_project(scope_id)
    if project is None:
        return []
    verbs = []
    if policy.can_recommend(actor, project):
        verbs.append(Verb(_("Recommander"), "from_comments.recommend", asks=True))
    if can_work(actor, project):
        verbs.append(Verb(_("Mettre au carnet"), "from_comments.make_item"))
    return verbs


CHAPTER = Chapter(tell, FIGURES)
