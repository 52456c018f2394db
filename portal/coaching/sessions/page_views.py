"""What the views of coaching sessions share: paths, breadcrumbs and a session's page."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, url_for

from portal.coaching.sessions import labels, policy, queries
from portal.coaching.sessions.forms import DecisionDropForm
from portal.coaching.sessions.models import Decision
from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import Trail, attachments_context, build_trail


def path_of(project: Project, number: int) -> str:
    return url_for("coaching.page", slug=project.slug, number=number)


def trail_of(project: Project, number: int | None = None) -> Trail:
    steps = [(_("Séances"), url_for("coaching.index", slug=project.slug))]
    if number is not None:
        steps.append((_("Séance %(n)s", n=number), path_of(project, number)))
    return build_trail(project, *steps)


def show_session(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The session's page; `form` is a button of the page that was refused."""
    project = get_project(actor, slug)
    session = queries.get_session(actor, project, number)
    decisions = queries.list_decisions(session.row)

    def permissions(is_allowed: Callable[[Actor, Project, Decision], bool]) -> dict[UUID, bool]:
        rows = (follow_up.row for follow_up in decisions)
        return {row.id: is_allowed(actor, project, row) for row in rows}

    return render(
        "coaching/sessions/page.html",
        fragment="discussion",
        status=status,
        project=project,
        session=session,
        row=session.row,
        form=form,
        drop_form=DecisionDropForm(formdata=None),
        decisions=decisions,
        today=clock.today(),
        can_log=policy.can_log(actor, project),
        can_change=permissions(policy.can_change),
        can_recommend=permissions(policy.can_recommend),
        can_make_item=permissions(policy.can_make_item),
        labels=labels,
        **attachments_context(project, session.row),
        **discussion_context(session.row.discussion_id),
    )
