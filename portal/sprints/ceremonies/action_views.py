"""The actions of retrospectives: the project's list, and changing or settling an action."""

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import redirect_to_path, wants_fragment
from portal.platform.web.writes import refusal_text_of, write, write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_team_choices
from portal.project.projects.workspace_views import (
    build_trail,
    load_project_and_row_to_write,
    render_row_list,
)
from portal.sprints.ceremonies import action_commands as commands
from portal.sprints.ceremonies import action_queries as queries
from portal.sprints.ceremonies import labels, policy
from portal.sprints.ceremonies.forms import EditActionForm, SettleActionForm
from portal.sprints.ceremonies.models import RetroAction

bp = Blueprint("actions", __name__, url_prefix="/projects/<slug>/actions")
ACTION_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    return _render_list(get_project(actor, slug))


def _render_list(project: Project, status: int = 200, refused: str | None = None) -> Response:
    return render_row_list(
        "sprints/ceremonies/actions.html",
        project,
        status=status,
        refused=refused,
        listing=queries.read_project_actions_page(actor, project, requested_page_number()),
        can_write=policy.can_write(actor, project),
        is_fragment=wants_fragment(),
        labels=labels,
    )


@bp.get(ACTION_PATH)
def page(slug: str, number: int) -> Response:
    """Redirect to the action on the page of its retrospective."""
    project = get_project(actor, slug)
    return redirect_to_path(
        _build_action_path(project, queries.get_action_detail(actor, project, number).sprint, number)
    )


def _build_action_path(project: Project, sprint: int, number: int) -> str:
    return f"{url_for('retrospectives.page', slug=project.slug, number=sprint)}#action-{number}"


@bp.route(f"{ACTION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, detail = load_project_and_row_to_write(slug, number, queries.get_action_detail)
    people = list_team_choices(project)
    if detail.action.owner_id not in dict(people):
        people.append((detail.action.owner_id, labels.owner_label(detail)))
    form = make_form(EditActionForm, people, obj=detail.action)
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
    return write_page(
        form_page,
        form,
        lambda values: commands.change_action(actor, project, detail.action, form.facts(), values["version"]),
        message=_("Action enregistrée."),
        stored=detail.action,
    )


@bp.post(f"{ACTION_PATH}/settle")
def settle(slug: str, number: int) -> Response:
    """Settle or reopen an action; back to the list, or to the retrospective of a sprint."""
    project, action = load_project_and_row_to_write(slug, number, queries.get_action)
    form = SettleActionForm()
    return write(
        form,
        lambda _values: commands.settle_action(actor, project, action, form.settlement()),
        message=lambda _result: _describe_settlement(action),
        to=lambda _result: _build_path_after_settling(slug, form.back.data),
        page=lambda status: _render_list(project, status, refusal_text_of(form)),
    )


def _build_path_after_settling(slug: str, sprint: int | None) -> str:
    if not sprint:
        return url_for(".index", slug=slug)
    return f"{url_for('retrospectives.page', slug=slug, number=sprint)}#actions"


def _describe_settlement(action: RetroAction) -> str:
    if action.settlement is None:
        return _("«\u00a0%(what)s\u00a0»\u00a0: action rouverte.", what=action.what)
    settlement_label = lower_first(labels.SETTLEMENT_LABELS[action.settlement])
    return _("«\u00a0%(what)s\u00a0»\u00a0: %(state)s.", what=action.what, state=settlement_label)


@bp.post(f"{ACTION_PATH}/item")
def make_item(slug: str, number: int) -> Response:
    """Make an item of the backlog and open it; a second click opens the same item."""
    project, action = load_project_and_row_to_write(slug, number, queries.get_action)
    form = Form()
    return write(
        form,
        lambda _values: commands.create_backlog_item(actor, project, action),
        message="",
        to=lambda item: url_for("items.page", slug=slug, number=item.number),
        page=lambda status: _render_list(project, status, refusal_text_of(form)),
    )
