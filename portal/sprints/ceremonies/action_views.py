"""What retrospectives decided: the project's list, and what one does with an action."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.platform.web.rendering import redirect_to_path, wants_fragment
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, get_team_names
from portal.project.projects.workspace_views import build_trail, get_writable_project, show_list
from portal.sprints.backlog.models import Item
from portal.sprints.ceremonies import action_commands as commands
from portal.sprints.ceremonies import labels, policy, queries
from portal.sprints.ceremonies.forms import ActionForm, SettleActionForm, ToBacklogForm
from portal.sprints.ceremonies.models import RetroAction

bp = Blueprint("actions", __name__, url_prefix="/projects/<slug>/actions")
ACTION_PATH = "/<int(max=9999):number>"


def list_owners(project: Project) -> Sequence[tuple[UUID, str]]:
    """Who may see to an action, once each."""
    return list(get_team_names(project).items())


@bp.get("")
def index(slug: str) -> Response:
    return _render_list(get_project(actor, slug))


def _render_list(project: Project, status: int = 200, refused: str | None = None) -> Response:
    return show_list(
        "sprints/ceremonies/actions.html",
        project,
        status=status,
        refused=refused,
        found=queries.list_project_actions(actor, project, requested_page()),
        can_write=policy.can_write(actor, project),
        announced=wants_fragment(),
        words=labels,
    )


@bp.get(ACTION_PATH)
def page(slug: str, number: int) -> Response:
    """Where an action is read: among those that its retrospective decided."""
    project = get_project(actor, slug)
    return redirect_to_path(
        _action_path(project, queries.get_action_detail(actor, project, number).sprint, number)
    )


def _action_path(project: Project, sprint: int, number: int) -> str:
    return f"{url_for('retrospectives.page', slug=project.slug, number=sprint)}#action-{number}"


@bp.route(f"{ACTION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    detail = queries.get_action_detail(actor, project, number)
    people = list(list_owners(project))
    if detail.action.owner_id not in dict(people):
        people.append((detail.action.owner_id, labels.owner_label(detail)))
    form = make_form(ActionForm, people, obj=detail.action)
    retrospective = url_for("retrospectives.page", slug=slug, number=detail.sprint)
    form_page = FormPage(
        title=_("Modifier l’action %(n)s", n=number),
        trail=build_trail(
            project,
            (_("Actions"), url_for(".index", slug=slug)),
            (_("Rétrospective du sprint %(n)s", n=detail.sprint), retrospective),
        ),
        step=_("Modifier"),
        beside=(("owner", "due_on"),),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change_action(actor, project, detail.action, form.facts(), values["version"])

    return answer_form(form_page, form, act, _("Action enregistrée."), stored=detail.action)


@bp.post(f"{ACTION_PATH}/settle")
def settle(slug: str, number: int) -> Response:
    """Done, dropped or open again; then back to the list, or to the retrospective of a sprint."""
    project, action = _load_to_write(slug, number)
    form = SettleActionForm()

    def act(_values: dict[str, Any]) -> None:
        commands.settle_action(actor, project, action, form.settlement())

    def on_success(_result: None) -> Response:
        flash(_settlement_message(action))
        back = form.back.data
        if not back:
            return redirect_to_path(url_for(".index", slug=slug))
        return redirect_to_path(f"{url_for('retrospectives.page', slug=slug, number=back)}#actions")

    return submit(
        form, act, on_success, lambda status: _render_list(project, status, _refusal_reason(form))
    )


def _settlement_message(action: RetroAction) -> str:
    if action.settlement is None:
        return _("Action %(n)s rouverte.", n=action.number)
    settlement_label = str(labels.SETTLEMENT_LABELS[action.settlement]).lower()
    return _("Action %(n)s : %(said)s.", n=action.number, said=settlement_label)


def _refusal_reason(form: SettleActionForm | ToBacklogForm) -> str:
    """What was refused, whichever field it stands at."""
    faults = [str(error) for field in form for error in field.errors]
    return form.refused_because or " ".join(faults)


@bp.post(f"{ACTION_PATH}/item")
def make_item(slug: str, number: int) -> Response:
    """To the backlog, in one click; a second one finds the item."""
    project, action = _load_to_write(slug, number)
    form = ToBacklogForm()

    def on_success(item: Item) -> Response:
        return redirect_to_path(url_for("items.page", slug=slug, number=item.number))

    def act(_values: dict[str, Any]) -> Item:
        return commands.create_backlog_item(actor, project, action)

    return submit(
        form, act, on_success, lambda status: _render_list(project, status, _refusal_reason(form))
    )


def _load_to_write(slug: str, number: int) -> tuple[Project, RetroAction]:
    project = get_writable_project(slug)
    return project, queries.get_action(actor, project, number)
