"""Forms of one item: edit, block, split and drop. `item_views` adds its page and buttons."""

from typing import TypeVar

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, EditForm
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_writer
from portal.sprints.backlog import commands, queries, state_commands
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.forms import BlockForm, DropItemForm, EditItemForm, Handle, SplitForm
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.views import describe_conflict, list_assignees

bp = Blueprint("items", __name__, url_prefix="/projects/<slug>/backlog")
ITEM_PATH = "/<int(max=99999):number>"
AnyEdit = TypeVar("AnyEdit", bound=EditForm)


def load_item(slug: str, number: int) -> tuple[Project, Item]:
    """The project and its item. Raises `NotFound` for whoever may not see them."""
    project = get_project(actor, slug)
    return project, queries.get_item(actor, project, number)


def load_item_to_write(slug: str, number: int) -> tuple[Project, Item]:
    """The same for the team; raises `NotAllowed` before any form is read."""
    project, item = load_item(slug, number)
    require_writer(actor, project)
    return project, item


@bp.get(f"{ITEM_PATH}/edit")
def edit_page(slug: str, number: int) -> Response:
    project, item = load_item(slug, number)
    commands.require_to_edit(actor, project, item)
    form = EditItemForm.for_team(list_assignees(project))(formdata=None, obj=item)
    return _render_form("edit", project, item, form)


@bp.post(f"{ITEM_PATH}/edit")
def edit(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = EditItemForm.for_team(list_assignees(project))()
    return write(
        form,
        lambda values: commands.edit_item(
            actor, project, ItemAtVersion(item, values["version"]), form.item_text()
        ),
        message=_("Élément enregistré."),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_form("edit", project, item, form, status),
        stored=item,
    )


def _render_form(
    name: str, project: Project, item: Item, form: EditForm, status: int = 200
) -> Response:
    return render(
        f"sprints/backlog/{name}.html",
        fragment="form",
        status=status,
        project=project,
        item=item,
        form=form,
    )


@bp.get(f"{ITEM_PATH}/block")
def block_page(slug: str, number: int) -> Response:
    project, item = load_item(slug, number)
    commands.require_to_move(actor, project, item)
    form = BlockForm(formdata=None, version=item.version, reason=item.block_reason)
    return _render_form("block", project, item, form)


@bp.post(f"{ITEM_PATH}/block")
def block(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = BlockForm()
    return write(
        form,
        lambda values: state_commands.set_state(
            actor,
            project,
            ItemAtVersion(item, values["version"]),
            ItemState.BLOCKED,
            values["reason"],
        ),
        message=lambda _result: _("Blocage signalé : « %(title)s ».", title=item.title),
        to=_return_path(project, item),
        page=lambda status: _render_form(
            "block", project, item, explain_conflict(project, item, form, status), status
        ),
    )


def explain_conflict(project: Project, item: Item, form: AnyEdit, status: int) -> AnyEdit:
    """The form; after a conflict with what somebody else did, and with the current version."""
    if status == CONFLICT:
        handle = Handle(item.number, form.version.data or 0)
        form.form_errors = [describe_conflict(actor, project, [handle])]
        form.version.process(None, item.version)
        form.version.raw_data = None
    return form


def _return_path(project: Project, item: Item) -> str:
    """The board when the form was opened there, else the item's page."""
    if "board" in request.args:
        return url_for("sprint_board.page", slug=project.slug, moved=item.number)
    return url_for(".page", slug=project.slug, number=item.number)


@bp.get(f"{ITEM_PATH}/split")
def split_page(slug: str, number: int) -> Response:
    project, item = load_item(slug, number)
    commands.require_to_move(actor, project, item)
    form = SplitForm(formdata=None, version=item.version, points=item.points)
    return _render_form("split", project, item, form)


@bp.post(f"{ITEM_PATH}/split")
def split(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = SplitForm()
    return write(
        form,
        lambda values: commands.split_item(
            actor,
            project,
            ItemAtVersion(item, values["version"]),
            form.item_texts(),
            values["points"],
        ),
        message=lambda parts: ngettext(
            "%(num)s élément détaché.", "%(num)s éléments détachés.", len(parts)
        ),
        to=_return_path(project, item),
        page=lambda status: _render_form(
            "split", project, item, explain_conflict(project, item, form, status), status
        ),
    )


@bp.get(f"{ITEM_PATH}/drop")
def drop_page(slug: str, number: int) -> Response:
    project, item = load_item(slug, number)
    commands.require_to_move(actor, project, item)
    return _render_drop(project, item, DropItemForm(formdata=None, version=item.version))


@bp.post(f"{ITEM_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = DropItemForm()
    return write(
        form,
        lambda values: commands.drop_item(actor, project, ItemAtVersion(item, values["version"])),
        message=_("Élément abandonné. Sa page reste, il peut être repris."),
        to=url_for("backlog.index", slug=slug),
        page=lambda status: _render_drop(
            project, item, explain_conflict(project, item, form, status), status
        ),
    )


def _render_drop(project: Project, item: Item, form: DropItemForm, status: int = 200) -> Response:
    question = ConfirmationQuestion(
        title=_("Abandonner « %(title)s » ?", title=item.title),
        means=[
            _("L’élément quitte le carnet ou le sprint où il se trouve."),
            _("Sa page, son historique et sa discussion restent ; il peut être repris."),
        ],
        yes=_("Abandonner l’élément"),
        no=_("Le garder"),
        step=_("Abandonner"),
        place=item.title,
        back=url_for(".page", slug=project.slug, number=item.number),
    )
    return ask_confirmation(question, form, status)
