"""One item: what it says, what happened to it, what is said beside it, and its verbs."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, request, url_for

from portal.backlog import chapters, commands, moves, policy, queries, states, words
from portal.backlog.flow import State
from portal.backlog.forms import (
    BOTTOM,
    ActForm,
    BlockForm,
    DropItemForm,
    EditItemForm,
    Handle,
    MoveForm,
    SplitForm,
    StateForm,
)
from portal.backlog.journal import Seen
from portal.backlog.models import Item
from portal.backlog.order import Place
from portal.backlog.views import iteration_for, people_of, tell_conflict
from portal.discussions.views import beside
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import files_of
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question, ask
from portal.web.forms import CONFLICT, EditForm, submit
from portal.web.render import render, see

bp = Blueprint("items", __name__, url_prefix="/projects/<slug>/backlog")
ONE = "/<int(max=99999):number>"
AnyEdit = TypeVar("AnyEdit", bound=EditForm)
Act = Callable[[Project, Seen, dict[str, Any]], str]


def open_item(slug: str, number: int) -> tuple[Project, Item]:
    """The project and its item, if this person may see them."""
    project = get_project(actor, slug)
    return project, queries.get_item(actor, project, number)


def open_to_write(slug: str, number: int) -> tuple[Project, Item]:
    """The same for whoever may write in the team's name; asked before any form is looked at."""
    project, item = open_item(slug, number)
    commands.require_writer(actor, project)
    return project, item


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return _page(*open_item(slug, number))


def _page(
    project: Project, item: Item, status: int = 200, form: EditForm | None = None
) -> Response:
    home = queries.find_iteration(item.iteration_id)
    in_active = home is not None and home.is_active
    move_form = form if isinstance(form, MoveForm) else MoveForm(formdata=None, to="")
    move_form.offer(queries.list_open_iterations(project))
    return render(
        "backlog/item.html",
        fragment="discussion",
        status=status,
        project=project,
        item=item,
        home=home,
        in_active=in_active,
        assignee=dict(people_of(project)).get(item.assignee_id) if item.assignee_id else None,
        mine=item.assignee_id == actor.person_id,
        form=form,
        move_form=move_form,
        states=[state for state in State if state is not item.state],
        can_edit=policy.can_edit(actor, project, item),
        can_move=policy.can_move(actor, project, item),
        can_set_state=policy.can_set_state(actor, project, item, in_active=in_active),
        can_take_back=policy.can_take_back(actor, project, item, in_active=in_active),
        origins=chapters.tell(actor, project, item),
        changes=queries.list_changes(item),
        words=words,
        **files_of(project, item),
        **beside(item.discussion_id),
    )


def _do(slug: str, number: int, form: EditForm, act: Act) -> Response:
    """A verb of the item's page: done and said, or refused there with what happened meanwhile."""
    project, item = open_to_write(slug, number)

    def acted(values: dict[str, Any]) -> str:
        return act(project, Seen(item, values["version"]), values)

    def done(said: str) -> Response:
        flash(said)
        return see(".page", slug=slug, number=number)

    def again(status: int) -> Response:
        return _page(project, item, status, _told(project, item, form, status))

    return submit(form, acted, done, again)


@bp.post(f"{ONE}/state")
def set_state(slug: str, number: int) -> Response:
    def act(project: Project, seen: Seen, values: dict[str, Any]) -> str:
        states.set_state(actor, project, seen, State(values["state"]))
        return _("« %(title)s » : %(state)s.", title=seen.item.title, state=_state(seen.item))

    return _do(slug, number, StateForm(), act)


def _state(item: Item) -> str:
    return str(words.STATES[item.state]).lower()


@bp.post(f"{ONE}/move")
def move(slug: str, number: int) -> Response:
    form = MoveForm()
    form.offer(queries.list_open_iterations(get_project(actor, slug)))

    def act(project: Project, seen: Seen, values: dict[str, Any]) -> str:
        to = iteration_for(project, values["to"])
        place = Place.BOTTOM if values["to"] == BOTTOM else Place.TOP
        moves.move_items(actor, project, [seen], to, place=place)
        return _("Élément déplacé.")

    return _do(slug, number, form, act)


@bp.post(f"{ONE}/take")
def take(slug: str, number: int) -> Response:
    def act(project: Project, seen: Seen, _values: dict[str, Any]) -> str:
        commands.assign_item(actor, project, seen, actor.person_id)
        return _("Vous vous en occupez.")

    return _do(slug, number, ActForm(), act)


@bp.post(f"{ONE}/take-back")
def take_back(slug: str, number: int) -> Response:
    def act(project: Project, seen: Seen, _values: dict[str, Any]) -> str:
        commands.take_back(actor, project, seen)
        return _("Élément repris : il est le premier du carnet.")

    return _do(slug, number, ActForm(), act)


@bp.get(f"{ONE}/edit")
def edit_page(slug: str, number: int) -> Response:
    project, item = open_item(slug, number)
    commands.require_to_edit(actor, project, item)
    form = EditItemForm.for_team(people_of(project))(formdata=None, obj=item)
    return _form("edit", project, item, form)


@bp.post(f"{ONE}/edit")
def edit(slug: str, number: int) -> Response:
    project, item = open_to_write(slug, number)
    form = EditItemForm.for_team(people_of(project))()

    def act(values: dict[str, Any]) -> None:
        commands.edit_item(actor, project, Seen(item, values["version"]), form.text())

    def done(_made: None) -> Response:
        flash(_("Élément enregistré."))
        return see(".page", slug=slug, number=number)

    return submit(
        form, act, done, lambda status: _form("edit", project, item, form, status), stored=item
    )


def _form(name: str, project: Project, item: Item, form: EditForm, status: int = 200) -> Response:
    return render(
        f"backlog/{name}.html",
        fragment="form",
        status=status,
        project=project,
        item=item,
        form=form,
    )


@bp.get(f"{ONE}/block")
def block_page(slug: str, number: int) -> Response:
    project, item = open_item(slug, number)
    commands.require_to_move(actor, project, item)
    form = BlockForm(formdata=None, version=item.version, reason=item.block_reason)
    return _form("block", project, item, form)


@bp.post(f"{ONE}/block")
def block(slug: str, number: int) -> Response:
    project, item = open_to_write(slug, number)
    form = BlockForm()

    def act(values: dict[str, Any]) -> None:
        seen = Seen(item, values["version"])
        states.set_state(actor, project, seen, State.BLOCKED, values["reason"])

    def done(_made: None) -> Response:
        flash(_("Blocage signalé : « %(title)s ».", title=item.title))
        return _back(project, item)

    def again(status: int) -> Response:
        return _form("block", project, item, _told(project, item, form, status), status)

    return submit(form, act, done, again)


def _told(project: Project, item: Item, form: AnyEdit, status: int) -> AnyEdit:
    """The form, with what somebody else did meanwhile; its next sending is a knowing one."""
    if status == CONFLICT:
        seen = Handle(item.number, form.version.data or 0)
        form.form_errors = [tell_conflict(actor, project, [seen])]
        form.version.process(None, item.version)
        form.version.raw_data = None
    return form


def _back(project: Project, item: Item) -> Response:
    if "board" in request.args:  # whoever came from there goes on there
        return see("sprint_board.page", slug=project.slug, moved=item.number)
    return see(".page", slug=project.slug, number=item.number)


@bp.get(f"{ONE}/split")
def split_page(slug: str, number: int) -> Response:
    project, item = open_item(slug, number)
    commands.require_to_move(actor, project, item)
    form = SplitForm(formdata=None, version=item.version, points=item.points)
    return _form("split", project, item, form)


@bp.post(f"{ONE}/split")
def split(slug: str, number: int) -> Response:
    project, item = open_to_write(slug, number)
    form = SplitForm()

    def act(values: dict[str, Any]) -> list[Item]:
        seen = Seen(item, values["version"])
        return commands.split_item(actor, project, seen, form.texts(), values["points"])

    def done(made: list[Item]) -> Response:
        flash(ngettext("%(num)s élément détaché.", "%(num)s éléments détachés.", len(made)))
        return _back(project, item)

    def again(status: int) -> Response:
        return _form("split", project, item, _told(project, item, form, status), status)

    return submit(form, act, done, again)


@bp.get(f"{ONE}/drop")
def drop_page(slug: str, number: int) -> Response:
    project, item = open_item(slug, number)
    commands.require_to_move(actor, project, item)
    return _drop(project, item, DropItemForm(formdata=None, version=item.version))


@bp.post(f"{ONE}/drop")
def drop(slug: str, number: int) -> Response:
    project, item = open_to_write(slug, number)
    form = DropItemForm()

    def act(values: dict[str, Any]) -> None:
        commands.drop_item(actor, project, Seen(item, values["version"]))

    def done(_made: None) -> Response:
        flash(_("Élément abandonné. Sa page reste, il peut être repris."))
        return see("backlog.index", slug=slug)

    def again(status: int) -> Response:
        return _drop(project, item, _told(project, item, form, status), status)

    return submit(form, act, done, again)


def _drop(project: Project, item: Item, form: DropItemForm, status: int = 200) -> Response:
    question = Question(
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
    return ask(question, form, status)
