"""The page that lists all files of a project, whatever they are attached to, and their storage."""

from flask import Blueprint, Response, url_for

from portal.collaboration.files.models import Attachment
from portal.collaboration.files.queries import read_project_files_page
from portal.collaboration.files.views import (
    AttachmentsBlock,
    get_subject_kinds,
    get_upload_intake,
    read_files_page_cached,
)
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render
from portal.project.projects import policy
from portal.project.projects.attachment_queries import PROJECT_FILES
from portal.project.projects.file_section_views import read_storage_quota
from portal.project.projects.queries import get_project

bp = Blueprint("project_files", __name__, url_prefix="/projects/<slug>/files")


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    kinds, number = get_subject_kinds(), requested_page_number()
    key = "project files", project.id, actor.person_id, number
    shelf = read_files_page_cached(
        actor, key, lambda: read_project_files_page(actor, kinds, project.id, number)
    )
    attached = AttachmentsBlock(PROJECT_FILES.place(actor, project), shelf, get_upload_intake().largest)

    def place_of(file: Attachment) -> str:
        return kinds[file.subject].called(file.number)

    return render(
        "project/projects/files.html",
        fragment="list",
        project=project,
        can_work=policy.can_write_team_work(actor, project),
        attached=attached,
        can_remove=lambda file: file.subject == PROJECT_FILES.name and attached.can_remove(file),
        shelf=shelf,
        storage=read_storage_quota(project),
        place_of=place_of,
        page_url=lambda number: url_for(".index", slug=slug, page=number),
    )
