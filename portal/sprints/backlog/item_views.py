"""One item: its page with history and discussion, its buttons, and its forms."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.views import discussion_context
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
from portal.project.projects.workspace_views import attachments_context
from portal.sprints.backlog import (
    commands,
    labels,
    move_commands,
    origin_views,
    policy,
    queries,
    state_commands,
)
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.forms import (
    BOTTOM,
    BlockForm,
    DropItemForm,
    EditItemForm,
    Handle,
    ItemActionForm,
    ItemStateForm,
    MoveItemForm,
    SplitForm,
)
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.order_commands import ItemPosition
from portal.sprints.backlog.views import describe_conflict, get_target_iteration, list_assignees

bp = Blueprint("items", __name__, url_prefix="/projects/<slug>/backlog")
ITEM_PATH = "/<int(max=99999):number>"
AnyEdit = TypeVar("AnyEdit", bound=EditForm)
ItemAction = Callable[[ItemAtVersion, dict[str, Any]], None]


def load_item(slug: str, number: int) -> tuple[Project, Item]:
    """The project and its item. Raises `NotFound` for whoever may not see them."""
    project = get_project(actor, slug)
    return project, queries.get_item(actor, project, number)


def load_item_to_write(slug: str, number: int) -> tuple[Project, Item]:
    """The same for the team; raises `NotAllowed` before any form is read."""
    project, item = load_item(slug, number)
    require_writer(actor, project)
    return project, item


@bp.get(ITEM_PATH)
def page(slug: str, number: int) -> Response:
    return _render_page(*load_item(slug, number))


def _render_page(
    project: Project, item: Item, status: int = 200, form: EditForm | None = None
) -> Response:
    iteration = queries.find_iteration(item.iteration_id)
    in_active = iteration is not None and iteration.is_active
    move_form = form if isinstance(form, MoveItemForm) else MoveItemForm(formdata=None, to="")
    move_form.set_targets(queries.list_open_iterations(project))
    return render(
        "sprints/backlog/item.html",
        fragment="discussion",
        status=status,
        project=project,
        item=item,
        iteration=iteration,
        in_active=in_active,
        assignee=dict(list_assignees(project)).get(item.assignee_id) if item.assignee_id else None,
        is_own=item.assignee_id == actor.person_id,
        form=form,
        move_form=move_form,
        states=[state for state in ItemState if state is not item.state],
        can_edit=policy.can_edit(actor, project, item),
        can_move=policy.can_move(actor, project, item),
        can_set_state=policy.can_set_state(actor, project, item, in_active=in_active),
        can_take_back=policy.can_take_back(actor, project, item, in_active=in_active),
        origins=origin_views.list_origin_lines(actor, project, item),
        changes=queries.list_changes(item),
        labels=labels,
        **attachments_context(project, item),
        **discussion_context(item.discussion_id),
    )


def _submit_action(
    project: Project,
    item: Item,
    form: EditForm,
    action: ItemAction,
    message: str | Callable[[object], str],
) -> Response:
    """Answer a button of the item's page; a conflict shows there what somebody else changed."""
    return write(
        form,
        lambda values: action(ItemAtVersion(item, values["version"]), values),
        message=message,
        to=url_for(".page", slug=project.slug, number=item.number),
        page=lambda status: _render_page(
            project, item, status, _explain_conflict(project, item, form, status)
        ),
    )


@bp.post(f"{ITEM_PATH}/state")
def set_state(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)

    def set_item_state(item_at_version: ItemAtVersion, values: dict[str, Any]) -> None:
        state_commands.set_state(actor, project, item_at_version, ItemState(values["state"]))

    return _submit_action(
        project, item, ItemStateForm(), set_item_state, lambda _result: labels.state_message(item)
    )


@bp.post(f"{ITEM_PATH}/move")
def move(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = MoveItemForm()
    form.set_targets(queries.list_open_iterations(project))

    def move_item(item_at_version: ItemAtVersion, values: dict[str, Any]) -> None:
        to = get_target_iteration(project, values["to"])
        place = ItemPosition.BOTTOM if values["to"] == BOTTOM else ItemPosition.TOP
        move_commands.move_items(actor, project, [item_at_version], to, place=place)

    return _submit_action(project, item, form, move_item, _("Élément déplacé."))


@bp.post(f"{ITEM_PATH}/take")
def take(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)

    def assign_to_oneself(item_at_version: ItemAtVersion, _values: dict[str, Any]) -> None:
        commands.assign_item(actor, project, item_at_version, actor.person_id)

    message = _("Vous vous en occupez.")
    return _submit_action(project, item, ItemActionForm(), assign_to_oneself, message)


@bp.post(f"{ITEM_PATH}/take-back")
def take_back(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)

    def take_item_back(item_at_version: ItemAtVersion, _values: dict[str, Any]) -> None:
        commands.take_back_item(actor, project, item_at_version)

    message = _("Élément repris : il est le premier du carnet.")
    return _submit_action(project, item, ItemActionForm(), take_item_back, message)


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
            "block", project, item, _explain_conflict(project, item, form, status), status
        ),
    )


def _explain_conflict(project: Project, item: Item, form: AnyEdit, status: int) -> AnyEdit:
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
            "split", project, item, _explain_conflict(project, item, form, status), status
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
            project, item, _explain_conflict(project, item, form, status), status
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
