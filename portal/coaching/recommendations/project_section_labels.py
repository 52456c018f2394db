"""The line about recommendations on a project's page; what a comment may be turned into."""

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
    url = url_for("recommendations.index", slug=project.slug)
    if not total:
        return [SectionLine(_("Recommandations"), _("Aucune pour l’instant."), url, True)]
    parts = [
        ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", proposed)
        if proposed
        else "",
        ngettext("%(num)s à faire", "%(num)s à faire", accepted) if accepted else "",
        ngettext("%(num)s à confirmer", "%(num)s à confirmer", to_confirm) if to_confirm else "",
    ]
    sentence = ", ".join(filter(None, parts)) or _("toutes ont leur réponse")
    return [SectionLine(_("Recommandations"), sentence, url)]


def list_comment_actions(actor: Actor, scope_id: UUID) -> Sequence[CommentAction]:
    """Buttons of a comment: recommend, for advisors; add to the backlog, for the team."""
    project = find_project(scope_id)
    if project is None:
        return []
    actions = []
    if policy.can_recommend(actor, project):
        actions.append(CommentAction(_("Recommander"), "from_comments.recommend", has_page=True))
    if can_work(actor, project):
        actions.append(CommentAction(_("Mettre au carnet"), "from_comments.make_item"))
    return actions


PROJECT_SECTION = ProjectSection(build_project_lines, PROJECT_FIGURES)
