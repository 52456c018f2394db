"""What is said in a whole project: its open threads, and what one has not read."""

from portal.collaboration.discussions.schemas import UnreadCommentSchema, UnresolvedThreadSchema
from portal.collaboration.discussions.thread_queries import list_unread_comments, slice_open_threads_and_total
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.queries import get_project

area = ApiArea("discussions")


@area.list("/projects/<slug>/threads", UnresolvedThreadSchema)
def list_open_threads(call: ApiCall, slug: str) -> ApiPage:
    """List the open threads of a project, wherever they are: those with something new first."""
    project = get_project(call.actor, slug)
    return call.page.read_page_slice(
        lambda first, limit: slice_open_threads_and_total(call.actor, project.id, first, limit)[0],
        key_by_fields("thread_id"),
    )


@area.list("/projects/<slug>/unread-comments", UnreadCommentSchema)
def list_unread_project_comments(call: ApiCall, slug: str) -> ApiPage:
    """List the comments of a project that one has not read, the oldest first."""
    project = get_project(call.actor, slug)
    return call.page.cut_whole_list(list_unread_comments(call.actor, project.id), key_by_fields("comment_id"))
