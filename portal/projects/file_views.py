"""All the files of a project, wherever they are attached, and the room that they take."""

from flask import Blueprint, Response, url_for

from portal.files.models import Attachment
from portal.files.queries import read_all
from portal.files.views import kinds
from portal.projects.files import room_of
from portal.projects.queries import get_project
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page
from portal.web.render import render

bp = Blueprint("project_files", __name__, url_prefix="/projects/<slug>/files")


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    of_kind = kinds()

    def place_of(file: Attachment) -> str:
        return of_kind[file.subject].called(file.number)

    return render(
        "projects/files.html",
        fragment="list",
        project=project,
        shelf=read_all(actor, of_kind, project.id, asked_page()),
        room=room_of(project),
        place_of=place_of,
        page_url=lambda number: url_for(".index", slug=slug, page=number),
    )
