"""Forms of one item: edit, block, split and drop. `item_views` adds its page and buttons."""

from typing import TypeVar

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, EditForm
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import list_team_choices
from portal.project.projects.workspace_views import load_project_and_row_for_team_form
from portal.sprints.backlog import commands, queries, state_commands
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.forms import BlockForm, DropItemForm, EditItemForm, ItemHandle, SplitForm
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.views import describe_conflict

bp = Blueprint("items", __name__, url_prefix="/projects/<slug>/backlog")
ITEM_PATH = "/<int(max=99999):number>"
AnyEdit = TypeVar("AnyEdit", bound=EditForm)


@bp.get(f"{ITEM_PATH}/edit", endpoint="edit_page")
@bp.post(f"{ITEM_PATH}/edit")
def edit(slug: str, number: int) -> Response:
    project, item = load_project_and_row_for_team_form(
        slug, number, queries.get_item, commands.require_to_edit
    )
    form = make_form(EditItemForm.build_form_class_for_team(list_team_choices(project)), obj=item)
    return write(
        form,
        lambda values: commands.edit_item(
            actor, project, ItemAtVersion(item, values["version"]), form.item_facts()
        ),
        message=_("Élément enregistré."),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_form("edit", project, item, form, status),
        stored=item,
    )


def _render_form(name: str, project: Project, item: Item, form: EditForm, status: int = 200) -> Response:
    return render(
        f"sprints/backlog/{name}.html", fragment="form", status=status, project=project, item=item, form=form
    )


@bp.get(f"{ITEM_PATH}/block", endpoint="block_page")
@bp.post(f"{ITEM_PATH}/block")
def block(slug: str, number: int) -> Response:
    project, item = load_project_and_row_for_team_form(
        slug, number, queries.get_item, commands.require_to_move
    )
    form = make_form(BlockForm, version=item.version, reason=item.block_reason)
    return write(
        form,
        lambda values: state_commands.set_item_state(
            actor, project, ItemAtVersion(item, values["version"]), ItemState.BLOCKED, values["reason"]
        ),
        message=lambda _result: _("Blocage signalé : « %(title)s ».", title=item.title),
        to=_find_return_path(project, item),
        page=lambda status: _render_form(
            "block", project, item, refresh_form_after_conflict(project, item, form, status), status
        ),
    )


def refresh_form_after_conflict(project: Project, item: Item, form: AnyEdit, status: int) -> AnyEdit:
    """The form; after a conflict with what somebody else did, and with the current version."""
    if status == CONFLICT:
        handle = ItemHandle(item.number, form.version.data or 0)
        form.form_errors = [describe_conflict(actor, project, [handle])]
        form.version.process(None, item.version)
        form.version.raw_data = None
    return form


def _find_return_path(project: Project, item: Item) -> str:
    """The board when the form was opened there, else the item's page."""
    if "board" in request.args:
        return url_for("sprint_board.page", slug=project.slug, moved=item.number)
    return url_for(".page", slug=project.slug, number=item.number)


@bp.get(f"{ITEM_PATH}/split", endpoint="split_page")
@bp.post(f"{ITEM_PATH}/split")
def split(slug: str, number: int) -> Response:
    project, item = load_project_and_row_for_team_form(
        slug, number, queries.get_item, commands.require_to_move
    )
    form = make_form(SplitForm, version=item.version, points=item.points)
    return write(
        form,
        lambda values: commands.split_item(
            actor, project, ItemAtVersion(item, values["version"]), form.item_texts(), values["points"]
        ),
        message=lambda parts: ngettext("%(num)s élément détaché.", "%(num)s éléments détachés.", len(parts)),
        to=_find_return_path(project, item),
        page=lambda status: _render_form(
            "split", project, item, refresh_form_after_conflict(project, item, form, status), status
        ),
    )


@bp.get(f"{ITEM_PATH}/drop", endpoint="drop_page")
@bp.post(f"{ITEM_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, item = load_project_and_row_for_team_form(
        slug, number, queries.get_item, commands.require_to_move
    )
    form = make_form(DropItemForm, version=item.version)
    return write(
        form,
        lambda values: commands.drop_item(actor, project, ItemAtVersion(item, values["version"])),
        message=_("Élément abandonné. Sa page reste, il peut être repris."),
        to=url_for("backlog.index", slug=slug),
        page=lambda status: _ask_drop_confirmation(
            project, item, refresh_form_after_conflict(project, item, form, status), status
        ),
    )


def _ask_drop_confirmation(project: Project, item: Item, form: DropItemForm, status: int = 200) -> Response:
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
