"""The page that lists the open threads of a project, whatever page they are on."""

from flask import Blueprint, Response

from portal.collaboration.discussions.thread_queries import count_unread_of_scope, list_open_threads_and_total
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page_number
from portal.project.projects.numbered_queries import ListPage
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import page_label, render_row_list

bp = Blueprint("threads", __name__)


@bp.get("/projects/<slug>/threads")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = requested_page_number()
    rows, count = list_open_threads_and_total(actor, project.id, page)
    threads = ListPage(rows, count, page)
    return render_row_list(
        "project/projects/threads.html",
        project,
        thread_page=threads,
        page_label=page_label,
        unread=count_unread_of_scope(actor, project.id),
    )
