"""What the pages of coaching sessions share: the way back, the page of a session."""

from flask import Response, url_for

from portal.coaching import policy, queries, words
from portal.coaching.forms import DropForm
from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import Trail, files_of, trail
from portal.web.actor import current_actor as actor
from portal.web.forms import Form
from portal.web.render import render


def path_of(project: Project, number: int) -> str:
    return url_for("coaching.page", slug=project.slug, number=number)


def trail_of(project: Project, number: int | None = None) -> Trail:
    steps = [(_("Séances"), url_for("coaching.index", slug=project.slug))]
    if number is not None:
        steps.append((_("Séance %(n)s", n=number), path_of(project, number)))
    return trail(project, *steps)


def show_session(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """Its page; `form` is a verb of the page that was refused."""
    project = get_project(actor, slug)
    held = queries.get_session(actor, project, number)
    decided = queries.list_decisions(held.row)
    return render(
        "coaching/page.html",
        fragment="discussion",
        status=status,
        project=project,
        held=held,
        row=held.row,
        form=form,
        drop_form=DropForm(formdata=None),
        decided=decided,
        today=clock.today(),
        can_log=policy.can_log(actor, project),
        can_change={one.row.id: policy.can_change(actor, project, one.row) for one in decided},
        can_recommend={
            one.row.id: policy.can_recommend(actor, project, one.row) for one in decided
        },
        can_make_item={
            one.row.id: policy.can_make_item(actor, project, one.row) for one in decided
        },
        words=words,
        **files_of(project, held.row),
        **beside(held.row.discussion_id),
    )
