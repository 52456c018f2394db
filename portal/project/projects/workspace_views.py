"""What the pages of a project's file share: who may write there, lists, the way back, files."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from flask import Response, request, url_for

from portal.collaboration.files.queries import count_files_by_subject
from portal.collaboration.files.views import files_context, get_subject_kinds
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import LazyString
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects import work_commands
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

Trail = list[tuple[str, str]]


def get_writable_project(slug: str) -> Project:
    """A project in whose file the actor writes.

    A page that asks is refused when nobody writes there any more; what was typed comes back with
    the command's own refusal.
    """
    project = get_project(actor, slug)
    work_commands.require_writer(actor, project)
    if request.method in SAFE_METHODS:
        work_commands.require_work(actor, project)
    return project


def show_list(
    template: str, project: Project, *, fragment: str = "list", **context: Any
) -> Response:
    """A page that lists a kind of a project's facts, a page at a time (`page_url`)."""
    endpoint, view_args = str(request.endpoint), request.view_args or {}

    def page_url(number: int) -> str:
        return url_for(endpoint, **view_args | {"page": number})

    return render(template, fragment=fragment, project=project, page_url=page_url, **context)


def build_trail(project: Project, *steps: tuple[str | LazyString, str]) -> Trail:
    """From the project down: (words, endpoint or address) of each step."""
    first = (project.short_name, url_for("projects.page", slug=project.slug))
    return [first, *((str(words), address) for words, address in steps)]


def attachments_context(project: Project, row: Any, number: int | None = None) -> dict[str, Any]:
    """What a page needs to show the files of something of a project (`collaboration/files/block.html`).

    `number`: what people call it by, where it has none of its own.
    """
    kind = cast(ProjectAttachmentKind, get_subject_kinds()[row.__tablename__])
    of = row.number if number is None else number
    return files_context(kind.place(actor, project, row.id, of))


def count_files(rows: Iterable[Any]) -> Mapping[UUID, int]:
    """How many files are attached to each of several things of one kind that has any."""
    listed = list(rows)
    return (
        count_files_by_subject(listed[0].__tablename__, [row.id for row in listed])
        if listed
        else {}
    )
