"""What retrospectives decided: the project's list, and what one does with an action."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.backlog.models import Item
from portal.ceremonies import action_commands as commands
from portal.ceremonies import policy, queries, words
from portal.ceremonies.forms import ActionForm, SettleForm, ToBacklogForm
from portal.ceremonies.models import RetroAction
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project, name_team
from portal.projects.workplace import open_to_write, show_list, trail
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.forms import submit
from portal.web.render import see_path, wants_fragment

bp = Blueprint("actions", __name__, url_prefix="/projects/<slug>/actions")
ONE = "/<int(max=9999):number>"


def people_of(project: Project) -> Sequence[tuple[UUID, str]]:
    """Who may see to an action, once each."""
    return list(name_team(project).items())


@bp.get("")
def index(slug: str) -> Response:
    return _list(get_project(actor, slug))


def _list(project: Project, status: int = 200, refused: str | None = None) -> Response:
    return show_list(
        "ceremonies/actions.html",
        project,
        status=status,
        refused=refused,
        found=queries.read_actions(actor, project, asked_page()),
        can_write=policy.can_write(actor, project),
        announced=wants_fragment(),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    """Where an action is read: among those that its retrospective decided."""
    project = get_project(actor, slug)
    return see_path(_path(project, queries.read_action(actor, project, number).sprint, number))


def _path(project: Project, sprint: int, number: int) -> str:
    return f"{url_for('retrospectives.page', slug=project.slug, number=sprint)}#action-{number}"


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    told = queries.read_action(actor, project, number)
    people = list(people_of(project))
    if told.action.owner_id not in dict(people):
        people.append((told.action.owner_id, words.owner(told)))
    form = fresh(ActionForm, people, obj=told.action)
    retrospective = url_for("retrospectives.page", slug=slug, number=told.sprint)
    asked = FormPage(
        title=_("Modifier l’action %(n)s", n=number),
        trail=trail(
            project,
            (_("Actions"), url_for(".index", slug=slug)),
            (_("Rétrospective du sprint %(n)s", n=told.sprint), retrospective),
        ),
        step=_("Modifier"),
        beside=(("owner", "due_on"),),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change_action(actor, project, told.action, form.facts(), values["version"])

    return ask(asked, form, act, _("Action enregistrée."), stored=told.action)


@bp.post(f"{ONE}/settle")
def settle(slug: str, number: int) -> Response:
    """Done, dropped or open again; then back to the list, or to the retrospective of a sprint."""
    project, action = _to_write(slug, number)
    form = SettleForm()

    def act(_values: dict[str, Any]) -> None:
        commands.settle_action(actor, project, action, form.settlement())

    def done(_made: None) -> Response:
        flash(_settled(action))
        back = form.back.data
        if not back:
            return see_path(url_for(".index", slug=slug))
        return see_path(f"{url_for('retrospectives.page', slug=slug, number=back)}#actions")

    return submit(form, act, done, lambda status: _list(project, status, _why(form)))


def _settled(action: RetroAction) -> str:
    if action.settlement is None:
        return _("Action %(n)s rouverte.", n=action.number)
    said = str(words.SETTLED[action.settlement]).lower()
    return _("Action %(n)s : %(said)s.", n=action.number, said=said)


def _why(form: SettleForm | ToBacklogForm) -> str:
    """What was refused, whichever field it stands at."""
    faults = [str(error) for field in form for error in field.errors]
    return form.refused_because or " ".join(faults)


@bp.post(f"{ONE}/item")
def make_item(slug: str, number: int) -> Response:
    """To the backlog, in one click; a second one finds the item."""
    project, action = _to_write(slug, number)
    form = ToBacklogForm()

    def done(item: Item) -> Response:
        return see_path(url_for("items.page", slug=slug, number=item.number))

    def act(_values: dict[str, Any]) -> Item:
        return commands.make_item(actor, project, action)

    return submit(form, act, done, lambda status: _list(project, status, _why(form)))


def _to_write(slug: str, number: int) -> tuple[Project, RetroAction]:
    project = open_to_write(slug)
    return project, queries.get_action(actor, project, number)
