"""What the views of recommendations share: paths, breadcrumbs and a recommendation's page."""

from flask import Response, url_for

from portal.coaching.recommendations import labels, policy, queries
from portal.coaching.recommendations.forms import RecommendationActionForm
from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    build_trail,
    page_label,
)


def path_of(project: Project, number: int) -> str:
    return url_for("recommendations.page", slug=project.slug, number=number)


def trail_of(project: Project, number: int | None = None) -> Trail:
    steps = [(_("Recommandations"), url_for("recommendations.index", slug=project.slug))]
    if number is not None:
        steps.append((_("Recommandation %(n)s", n=number), path_of(project, number)))
    return build_trail(project, *steps)


def show_recommendation(
    slug: str, number: int, status: int = 200, form: RecommendationActionForm | None = None
) -> Response:
    """The recommendation's page; `form` is a button of the page that was refused."""
    project = get_project(actor, slug)
    detail = queries.read_recommendation(actor, project, number)
    row = detail.row
    return render(
        "coaching/recommendations/page.html",
        fragment="discussion",
        status=status,
        project=project,
        detail=detail,
        row=row,
        form=form,
        about=detail.about and page_label(detail.about),
        can_change=policy.can_change(actor, project, row),
        can_accept=policy.can_accept(actor, project, row),
        can_decline=policy.can_decline(actor, project, row),
        can_complete=policy.can_complete(actor, project, row),
        can_confirm=policy.can_confirm(actor, project, row),
        labels=labels,
        **attachments_context(project, row),
        **discussion_context(row.discussion_id),
    )
