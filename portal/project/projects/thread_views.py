"""All open threads of a project on one page, whatever they are about."""

from flask import Blueprint, Response

from portal.collaboration.discussions.thread_queries import list_open_threads
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page
from portal.project.projects.numbered_queries import ListPage
from portal.project.projects.page_name_labels import page_label
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import show_list

bp = Blueprint("threads", __name__)


@bp.get("/projects/<slug>/threads")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = requested_page()
    rows, count = list_open_threads(actor, project.id, page)
    threads = ListPage(rows, count, page)
    return show_list("project/projects/threads.html", project, found=threads, name_page=page_label)
