"""Shared parts of the pages of a project: write access, list pages, breadcrumb trails, files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from portal.collaboration.files.queries import count_files_by_subject
from portal.collaboration.files.views import files_context, get_subject_kinds
from portal.platform.kernel.access import Actor
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects import work_commands
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.project.projects.models import Numbered, Project
from portal.project.projects.numbered_queries import ListPage
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import AuditRevision

Row = TypeVar("Row")
Trail = list[tuple[str, str]]
Getter = Callable[[Actor, Project, int], Row]  # by number


def get_writable_project(slug: str) -> Project:
    """Return a project whose team includes the actor, else raise `NotFound` or `NotAllowed`.

    A GET also raises `TooLate` once the project is not active. A POST does not: the command raises
    it, and the form then shows what was typed.
    """
    project = get_project(actor, slug)
    work_commands.require_team_member(actor, project)
    if request.method in SAFE_METHODS:
        work_commands.require_team_may_write(actor, project)
    return project


def load_project_and_row(slug: str, number: int, get: Getter[Row]) -> tuple[Project, Row]:
    """Return a project and the row that `get` finds in it. Raises `NotFound` for strangers."""
    project = get_project(actor, slug)
    return project, get(actor, project, number)


def load_project_and_row_to_write(
    slug: str, number: int, get: Getter[Row], check: Callable[[Actor, Project, Row], None] | None = None
) -> tuple[Project, Row]:
    """The same, of a project that the actor may write as `get_writable_project` says.

    `check` raises on a GET what the command would raise on the POST.
    """
    project = get_writable_project(slug)
    row = get(actor, project, number)
    if check is not None and request.method in SAFE_METHODS:
        check(actor, project, row)
    return project, row


def load_project_and_row_for_team_form(
    slug: str, number: int, get: Getter[Row], check: Callable[[Actor, Project, Row], None]
) -> tuple[Project, Row]:
    """Return a project and its row for the page of a form and for its POST.

    On a GET `check` says who sees the form; a POST raises `NotAllowed` for whoever is not on the
    team before any field is read, and leaves the rest to the command.
    """
    project, row = load_project_and_row(slug, number, get)
    if request.method in SAFE_METHODS:
        check(actor, project, row)
    else:
        work_commands.require_team_member(actor, project)
    return project, row


def render_row_list(template: str, project: Project, *, fragment: str = "list", **context: Any) -> Response:
    """Render a page that lists rows of a project.

    Its template also gets `page_url(number)` for the pages of the list, and `has_rows`: whether the
    `ListPage` in the context has any.
    """
    endpoint, view_args = str(request.endpoint), request.view_args or {}

    def page_url(number: int) -> str:
        return url_for(endpoint, **view_args | {"page": number})

    has_rows = any(value.count for value in context.values() if isinstance(value, ListPage))
    return render(
        template, fragment=fragment, project=project, page_url=page_url, has_rows=has_rows, **context
    )


def build_trail(project: Project, *steps: tuple[str | LazyString, str]) -> Trail:
    """Return the breadcrumb trail from the project down: (label, URL) of each step."""
    first = (project.short_name, url_for("projects.page", slug=project.slug))
    return [first, *((str(label), url) for label, url in steps)]


def section_trail(
    project: Project,
    label: str | LazyString,
    endpoint: str,
    row: Numbered | None = None,
    row_label: str | LazyString = "",
) -> Trail:
    """Return the trail to the list of a section and, given a row, to the row's own page.

    `endpoint` shows the list, such as ".index" of the view's own blueprint.
    """
    steps = [(label, url_for(endpoint, slug=project.slug))]
    if row is not None:
        steps.append((row_label, row_path(project, row)))
    return build_trail(project, *steps)


def show_history(
    title: str,
    trail: Trail,
    revisions: Sequence[AuditRevision],
    *,
    actions: Mapping[str, Any],
    labels: Mapping[str, Any],
    format_value: Callable[[str, Any], str],
    lead: str = "",
) -> Response:
    """Render revisions of rows: `actions` and `labels` name their actions and fields by code.

    `format_value(field, value)` formats a recorded value.
    """
    return render(
        "project/projects/history.html",
        title=title,
        lead=lead or _("Qui a fait quoi, du plus récent au plus ancien."),
        trail=trail,
        revisions=revisions,
        labels=labels,
        words={"ACTION_LABELS": actions, "format_value": format_value},
    )


def page_label(path: str) -> str:
    """Return the name of the page at a path, such as “Sprint 3”: attachment kinds name their pages.

    “Discussion” where no kind does.
    """
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RoutingException):
        return _("Discussion")
    for kind in get_subject_kinds().values():
        if isinstance(kind, ProjectAttachmentKind) and kind.is_row_page_endpoint(endpoint):
            return kind.called(values["number"])
    return _("Tout le projet") if endpoint == "projects.discussions" else _("Discussion")


def attachments_context(project: Project, row: Any, number: int | None = None) -> dict[str, Any]:
    """Return the context of `collaboration/files/block.html`, which shows the files of a row.

    `number` is needed only for a row without a number of its own.
    """
    kind = cast(ProjectAttachmentKind, get_subject_kinds()[row.__tablename__])
    return files_context(kind.place(actor, project, row.id, row.number if number is None else number))


def count_files_by_row(rows: Iterable[Any]) -> Mapping[UUID, int]:
    """Return the number of files of each row of one model that has any, by row id."""
    all_rows = list(rows)
    if not all_rows:
        return {}
    return count_files_by_subject(all_rows[0].__tablename__, [row.id for row in all_rows])
