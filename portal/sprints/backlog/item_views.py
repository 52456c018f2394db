"""One item: what it says, what happened to it, what is said beside it, and its verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, EditForm, submit
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.rendering import redirect_to, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
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
ItemAction = Callable[[Project, ItemAtVersion, dict[str, Any]], str]


def load_item(slug: str, number: int) -> tuple[Project, Item]:
    """The project and its item, if this person may see them."""
    project = get_project(actor, slug)
    return project, queries.get_item(actor, project, number)


def load_item_to_write(slug: str, number: int) -> tuple[Project, Item]:
    """The same for whoever may write in the team's name; asked before any form is looked at."""
    project, item = load_item(slug, number)
    commands.require_writer(actor, project)
    return project, item


@bp.get(ITEM_PATH)
def page(slug: str, number: int) -> Response:
    return _render_page(*load_item(slug, number))


def _render_page(
    project: Project, item: Item, status: int = 200, form: EditForm | None = None
) -> Response:
    home = queries.find_iteration(item.iteration_id)
    in_active = home is not None and home.is_active
    move_form = form if isinstance(form, MoveItemForm) else MoveItemForm(formdata=None, to="")
    move_form.set_targets(queries.list_open_iterations(project))
    return render(
        "sprints/backlog/item.html",
        fragment="discussion",
        status=status,
        project=project,
        item=item,
        home=home,
        in_active=in_active,
        assignee=dict(list_assignees(project)).get(item.assignee_id) if item.assignee_id else None,
        mine=item.assignee_id == actor.person_id,
        form=form,
        move_form=move_form,
        states=[state for state in ItemState if state is not item.state],
        can_edit=policy.can_edit(actor, project, item),
        can_move=policy.can_move(actor, project, item),
        can_set_state=policy.can_set_state(actor, project, item, in_active=in_active),
        can_take_back=policy.can_take_back(actor, project, item, in_active=in_active),
        origins=origin_views.list_origin_lines(actor, project, item),
        changes=queries.list_changes(item),
        words=labels,
        **attachments_context(project, item),
        **discussion_context(item.discussion_id),
    )


def _submit_action(slug: str, number: int, form: EditForm, act: ItemAction) -> Response:
    """A verb of the item's page: done and said, or refused there with what happened meanwhile."""
    project, item = load_item_to_write(slug, number)

    def acted(values: dict[str, Any]) -> str:
        return act(project, ItemAtVersion(item, values["version"]), values)

    def on_success(message: str) -> Response:
        flash(message)
        return redirect_to(".page", slug=slug, number=number)

    def again(status: int) -> Response:
        return _render_page(project, item, status, _explain_conflict(project, item, form, status))

    return submit(form, acted, on_success, again)


@bp.post(f"{ITEM_PATH}/state")
def set_state(slug: str, number: int) -> Response:
    def act(project: Project, item_at_version: ItemAtVersion, values: dict[str, Any]) -> str:
        state_commands.set_state(actor, project, item_at_version, ItemState(values["state"]))
        return _(
            "« %(title)s » : %(state)s.",
            title=item_at_version.item.title,
            state=_state_label(item_at_version.item),
        )

    return _submit_action(slug, number, ItemStateForm(), act)


def _state_label(item: Item) -> str:
    return str(labels.STATES[item.state]).lower()


@bp.post(f"{ITEM_PATH}/move")
def move(slug: str, number: int) -> Response:
    form = MoveItemForm()
    form.set_targets(queries.list_open_iterations(get_project(actor, slug)))

    def act(project: Project, item_at_version: ItemAtVersion, values: dict[str, Any]) -> str:
        to = get_target_iteration(project, values["to"])
        place = ItemPosition.BOTTOM if values["to"] == BOTTOM else ItemPosition.TOP
        move_commands.move_items(actor, project, [item_at_version], to, place=place)
        return _("Élément déplacé.")

    return _submit_action(slug, number, form, act)


@bp.post(f"{ITEM_PATH}/take")
def take(slug: str, number: int) -> Response:
    def act(project: Project, item_at_version: ItemAtVersion, _values: dict[str, Any]) -> str:
        commands.assign_item(actor, project, item_at_version, actor.person_id)
        return _("Vous vous en occupez.")

    return _submit_action(slug, number, ItemActionForm(), act)


@bp.post(f"{ITEM_PATH}/take-back")
def take_back(slug: str, number: int) -> Response:
    def act(project: Project, item_at_version: ItemAtVersion, _values: dict[str, Any]) -> str:
        commands.take_back_item(actor, project, item_at_version)
        return _("Élément repris : il est le premier du carnet.")

    return _submit_action(slug, number, ItemActionForm(), act)


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

    def act(values: dict[str, Any]) -> None:
        commands.edit_item(actor, project, ItemAtVersion(item, values["version"]), form.item_text())

    def on_success(_result: None) -> Response:
        flash(_("Élément enregistré."))
        return redirect_to(".page", slug=slug, number=number)

    return submit(
        form,
        act,
        on_success,
        lambda status: _render_form("edit", project, item, form, status),
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

    def act(values: dict[str, Any]) -> None:
        item_at_version = ItemAtVersion(item, values["version"])
        state_commands.set_state(
            actor, project, item_at_version, ItemState.BLOCKED, values["reason"]
        )

    def on_success(_result: None) -> Response:
        flash(_("Blocage signalé : « %(title)s ».", title=item.title))
        return _redirect_back(project, item)

    def again(status: int) -> Response:
        return _render_form(
            "block", project, item, _explain_conflict(project, item, form, status), status
        )

    return submit(form, act, on_success, again)


def _explain_conflict(project: Project, item: Item, form: AnyEdit, status: int) -> AnyEdit:
    """The form, with what somebody else did meanwhile; its next sending is a knowing one."""
    if status == CONFLICT:
        handle = Handle(item.number, form.version.data or 0)
        form.form_errors = [describe_conflict(actor, project, [handle])]
        form.version.process(None, item.version)
        form.version.raw_data = None
    return form


def _redirect_back(project: Project, item: Item) -> Response:
    if "board" in request.args:  # whoever came from there goes on there
        return redirect_to("sprint_board.page", slug=project.slug, moved=item.number)
    return redirect_to(".page", slug=project.slug, number=item.number)


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

    def act(values: dict[str, Any]) -> list[Item]:
        item_at_version = ItemAtVersion(item, values["version"])
        return commands.split_item(
            actor, project, item_at_version, form.item_texts(), values["points"]
        )

    def on_success(parts: list[Item]) -> Response:
        flash(ngettext("%(num)s élément détaché.", "%(num)s éléments détachés.", len(parts)))
        return _redirect_back(project, item)

    def again(status: int) -> Response:
        return _render_form(
            "split", project, item, _explain_conflict(project, item, form, status), status
        )

    return submit(form, act, on_success, again)


@bp.get(f"{ITEM_PATH}/drop")
def drop_page(slug: str, number: int) -> Response:
    project, item = load_item(slug, number)
    commands.require_to_move(actor, project, item)
    return _render_drop(project, item, DropItemForm(formdata=None, version=item.version))


@bp.post(f"{ITEM_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, item = load_item_to_write(slug, number)
    form = DropItemForm()

    def act(values: dict[str, Any]) -> None:
        commands.drop_item(actor, project, ItemAtVersion(item, values["version"]))

    def on_success(_result: None) -> Response:
        flash(_("Élément abandonné. Sa page reste, il peut être repris."))
        return redirect_to("backlog.index", slug=slug)

    def again(status: int) -> Response:
        return _render_drop(project, item, _explain_conflict(project, item, form, status), status)

    return submit(form, act, on_success, again)


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
