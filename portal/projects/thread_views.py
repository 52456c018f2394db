"""All open threads of a project on one page, whatever they are about."""

from flask import Blueprint, Response

from portal.collaboration.discussions.thread_queries import list_open_threads
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page
from portal.projects.naming import page_label
from portal.projects.numbered import ListPage
from portal.projects.queries import get_project
from portal.projects.workplace import show_list

bp = Blueprint("threads", __name__)


@bp.get("/projects/<slug>/threads")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = requested_page()
    rows, count = list_open_threads(actor, project.id, page)
    threads = ListPage(rows, count, page)
    return show_list("projects/threads.html", project, found=threads, name_page=page_label)
