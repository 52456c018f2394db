"""All open threads of a project on one page, whatever they are about."""

from flask import Blueprint, Response

from portal.discussions.threads import list_open
from portal.projects.naming import name_page
from portal.projects.numbered import Page
from portal.projects.queries import get_project
from portal.projects.workplace import show_list
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page

bp = Blueprint("threads", __name__)


@bp.get("/projects/<slug>/threads")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = asked_page()
    rows, count = list_open(actor, project.id, page)
    found = Page(rows, count, page)
    return show_list("projects/threads.html", project, found=found, name_page=name_page)
