"""All files of a project, as its page of files lists them."""

from portal.collaboration.files.queries import PER_PAGE, read_project_files_page
from portal.collaboration.files.schemas import FileSchema
from portal.collaboration.files.views import get_subject_kinds
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.queries import get_project

area = ApiArea("discussions")


@area.list("/projects/<slug>/files", FileSchema)
def list_project_files(call: ApiCall, slug: str) -> ApiPage:
    """List the files of a project, wherever they are attached: the newest first, deleted ones last."""
    project, kinds = get_project(call.actor, slug), get_subject_kinds()
    page = call.page.gather_portal_pages(
        lambda number: read_project_files_page(call.actor, kinds, project.id, number),
        PER_PAGE,
        key_by_fields("file.id"),
    )
    return ApiPage([row.file for row in page.rows], page.next_after)
