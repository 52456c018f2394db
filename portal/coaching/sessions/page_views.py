"""What the views of coaching sessions share: paths, breadcrumbs and a session's page."""

from flask import Response, url_for

from portal.coaching.sessions import labels, policy, queries
from portal.coaching.sessions.forms import DecisionDropForm
from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
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
        can_change={
            follow_up.row.id: policy.can_change(actor, project, follow_up.row)
            for follow_up in decisions
        },
        can_recommend={
            follow_up.row.id: policy.can_recommend(actor, project, follow_up.row)
            for follow_up in decisions
        },
        can_make_item={
            follow_up.row.id: policy.can_make_item(actor, project, follow_up.row)
            for follow_up in decisions
        },
        labels=labels,
        **attachments_context(project, session.row),
        **discussion_context(session.row.discussion_id),
    )
