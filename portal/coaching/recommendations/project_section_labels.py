"""What a project's own page says of its recommendations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from portal.coaching.recommendations import policy
from portal.coaching.recommendations.queries import PROJECT_FIGURES, find_project
from portal.collaboration.discussions.comment_action_queries import CommentAction
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.policy import can_work
from portal.project.projects.section_queries import ProjectSection, SectionLine


def build_project_lines(
    _actor: Actor, project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    total, proposed, accepted, to_confirm = values
    place = url_for("recommendations.index", slug=project.slug)
    if not total:
        return [SectionLine(_("Recommandations"), _("Aucune pour l’instant."), place, True)]
    parts = [
        ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", proposed)
        if proposed
        else "",
        ngettext("%(num)s à faire", "%(num)s à faire", accepted) if accepted else "",
        ngettext("%(num)s à confirmer", "%(num)s à confirmer", to_confirm) if to_confirm else "",
    ]
    sentence = ", ".join(filter(None, parts)) or _("toutes ont leur réponse")
    return [SectionLine(_("Recommandations"), sentence, place)]


def list_comment_actions(actor: Actor, scope_id: UUID) -> Sequence[CommentAction]:
    """What a comment may become: advice, for whoever advises; work, for the team."""
    project = find_project(scope_id)
    if project is None:
        return []
    verbs = []
    if policy.can_recommend(actor, project):
        verbs.append(CommentAction(_("Recommander"), "from_comments.recommend", asks=True))
    if can_work(actor, project):
        verbs.append(CommentAction(_("Mettre au carnet"), "from_comments.make_item"))
    return verbs


PROJECT_SECTION = ProjectSection(build_project_lines, PROJECT_FIGURES)
