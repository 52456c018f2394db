"""One item: its page with history and discussion, and the buttons of that page."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import EditForm
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import list_team_choices
from portal.project.projects.workspace_views import (
    attachments_context,
    load_project_and_row,
    load_project_and_row_to_write,
)
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
from portal.sprints.backlog.forms import BOTTOM, ItemActionForm, ItemStateForm, MoveItemForm
from portal.sprints.backlog.item_form_views import ITEM_PATH, bp, refresh_form_after_conflict
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.order_commands import ItemPosition
from portal.sprints.backlog.views import find_target_iteration

ItemAction = Callable[[ItemAtVersion, dict[str, Any]], None]


__all__ = ["bp"]  # the blueprint of both files, with the routes of this one


@bp.get(ITEM_PATH)
def page(slug: str, number: int) -> Response:
    return _render_page(*load_project_and_row(slug, number, queries.get_item))


def _render_page(project: Project, item: Item, status: int = 200, form: EditForm | None = None) -> Response:
    iteration = queries.find_iteration(item.iteration_id)
    in_active = iteration is not None and iteration.is_active
    move_form = form if isinstance(form, MoveItemForm) else MoveItemForm(formdata=None, to="")
    move_form.set_target_choices(queries.list_open_iterations(project))
    return render(
        "sprints/backlog/item.html",
        fragment="discussion",
        status=status,
        project=project,
        item=item,
        iteration=iteration,
        in_active=in_active,
        assignee=dict(list_team_choices(project)).get(item.assignee_id) if item.assignee_id else None,
        is_own=item.assignee_id == actor.person_id,
        form=form,
        move_form=move_form,
        states=[state for state in ItemState if state is not item.state],
        can_edit=policy.can_edit(actor, project, item),
        can_move=policy.can_move(actor, project, item),
        can_set_state=policy.can_set_state(actor, project, item, in_active=in_active),
        can_take_back=policy.can_take_back(actor, project, item, in_active=in_active),
        origins=origin_views.list_origin_lines(actor, project, item),
        changes=queries.list_item_changes(item),
        labels=labels,
        **attachments_context(project, item),
        **discussion_context(item.discussion_id),
    )


def _submit_action(
    project: Project, item: Item, form: EditForm, action: ItemAction, message: str | Callable[[object], str]
) -> Response:
    """Answer a button of the item's page; a conflict shows there what somebody else changed."""
    return write(
        form,
        lambda values: action(ItemAtVersion(item, values["version"]), values),
        message=message,
        to=url_for(".page", slug=project.slug, number=item.number),
        page=lambda status: _render_page(
            project, item, status, refresh_form_after_conflict(project, item, form, status)
        ),
    )


@bp.post(f"{ITEM_PATH}/state")
def set_state(slug: str, number: int) -> Response:
    project, item = load_project_and_row_to_write(slug, number, queries.get_item)

    def set_item_state(item_at_version: ItemAtVersion, values: dict[str, Any]) -> None:
        state_commands.set_item_state(actor, project, item_at_version, ItemState(values["state"]))

    return _submit_action(
        project, item, ItemStateForm(), set_item_state, lambda _result: labels.state_message(item)
    )


@bp.post(f"{ITEM_PATH}/move")
def move(slug: str, number: int) -> Response:
    project, item = load_project_and_row_to_write(slug, number, queries.get_item)
    form = MoveItemForm()
    form.set_target_choices(queries.list_open_iterations(project))

    def move_item(item_at_version: ItemAtVersion, values: dict[str, Any]) -> None:
        to = find_target_iteration(project, values["to"])
        place = ItemPosition.BOTTOM if values["to"] == BOTTOM else ItemPosition.TOP
        move_commands.move_items(actor, project, [item_at_version], to, place=place)

    return _submit_action(project, item, form, move_item, _("Élément déplacé."))


@bp.post(f"{ITEM_PATH}/take")
def assign_to_self(slug: str, number: int) -> Response:
    project, item = load_project_and_row_to_write(slug, number, queries.get_item)

    def assign_to_oneself(item_at_version: ItemAtVersion, _values: dict[str, Any]) -> None:
        commands.assign_item(actor, project, item_at_version, actor.person_id)

    message = _("Vous vous en occupez.")
    return _submit_action(project, item, ItemActionForm(), assign_to_oneself, message)


@bp.post(f"{ITEM_PATH}/take-back")
def take_back(slug: str, number: int) -> Response:
    project, item = load_project_and_row_to_write(slug, number, queries.get_item)

    def take_item_back(item_at_version: ItemAtVersion, _values: dict[str, Any]) -> None:
        commands.take_back_item(actor, project, item_at_version)

    message = _("Élément repris : il est le premier du carnet.")
    return _submit_action(project, item, ItemActionForm(), take_item_back, message)
