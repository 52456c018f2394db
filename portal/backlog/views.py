"""A project's backlog: the list with its filters, fast entry, and the order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.backlog import commands, moves, policy, queries, words
from portal.backlog.filters import read_filters
from portal.backlog.forms import (
    BOTTOM,
    AddForm,
    ArrangeForm,
    Handle,
    sprint_of,
    targets,
)
from portal.backlog.journal import Seen
from portal.backlog.listing import Filters, Where, list_items
from portal.backlog.models import Item, Iteration
from portal.backlog.order import Place
from portal.kernel.access import Actor
from portal.kernel.errors import RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.models import Project
from portal.projects.queries import get_project, name_team
from portal.web.actor import current_actor as actor
from portal.web.forms import CONFLICT, submit
from portal.web.render import render, see, wants_fragment

bp = Blueprint("backlog", __name__, url_prefix="/projects/<slug>/backlog")
ENTRY = "entry"  # where it is told what was added: beside the field that is ready for more


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return _index(project, _filters(project)[0])


def people_of(project: Project) -> Sequence[tuple[UUID, str]]:
    """Whom an item may be given to, once each."""
    return list(name_team(project).items())


def _filters(project: Project) -> tuple[Filters, Sequence[str]]:
    return read_filters(request.args, [id_ for id_, _name in people_of(project)])


def _index(
    project: Project,
    filters: Filters,
    status: int = 200,
    *,
    add_form: AddForm | None = None,
    arrange_form: ArrangeForm | None = None,
) -> Response:
    open_ = queries.list_open_iterations(project)
    team = people_of(project)
    _known, ignored = read_filters(request.args, [id_ for id_, _name in team])
    can_work = policy.can_work(actor, project)
    return render(
        "backlog/index.html",
        fragment="items",
        status=status,
        project=project,
        listing=list_items(project.id, filters),
        filters=filters,
        ignored=[str(words.FILTERS[name]).rstrip(" ?") for name in ignored],
        people=[(Filters.NOBODY, _("Personne")), *((str(id_), name) for id_, name in team)],
        tabs=[
            (name, url_for(".index", slug=project.slug, where=where), where is filters.where)
            for where, name in words.PLACES.items()
        ],
        active=next((one for one in open_ if one.is_active), None),
        targets=targets(open_),
        can_work=can_work,
        can_pick=can_work and filters.where in {Where.BACKLOG, Where.SPRINTS},
        can_order=can_work and filters.where is Where.BACKLOG,
        add_form=_offered(add_form or AddForm(formdata=None), open_),
        arrange_form=arrange_form,
        fragment_shown=wants_fragment(),
        here=lambda: url_for(".add", slug=project.slug, **filters.query),
        arrange_url=url_for(".arrange", slug=project.slug, **filters.query),
        page_url=lambda page: url_for(".index", slug=project.slug, **filters.on_page(page).query),
        words=words,
    )


def _offered(form: Any, open_: Sequence[Iteration]) -> Any:
    form.offer(open_)
    return form


@bp.post("")
def add(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_writer(actor, project)
    filters, form = _filters(project)[0], AddForm()
    form.offer(queries.list_open_iterations(project))

    def act(values: dict[str, Any]) -> list[Item]:
        to = iteration_for(project, values["to"])
        on_top = values["to"] == Place.TOP
        return commands.add_items(actor, project, form.texts(), to, on_top=on_top)

    def done(made: list[Item]) -> Response:
        size = sum(item.points or 0 for item in made)
        flash(
            _(
                "%(items)s, %(points)s.",
                items=ngettext("%(num)s élément ajouté", "%(num)s éléments ajoutés", len(made)),
                points=words.points(size),
            ),
            ENTRY,
        )
        return see(".index", slug=slug, **filters.query)

    return submit(form, act, done, lambda status: _index(project, filters, status, add_form=form))


def iteration_for(project: Project, target: str) -> Iteration | None:
    """The sprint that a form's choice names, if any. Raises `RuleBroken` on `to`."""
    number = sprint_of(target)
    if number is None:
        return None
    found = queries.find_open_iteration(project, number)
    if found is None:
        raise RuleBroken("to", _("Le sprint %(number)s ne prend plus d’élément.", number=number))
    return found


@bp.post("/arrange")
def arrange(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_writer(actor, project)
    filters, form = _filters(project)[0], ArrangeForm()
    form.offer(queries.list_open_iterations(project))

    def act(values: dict[str, Any]) -> str:
        return _place(project, form) if values["place"] else _move(project, form, values["to"])

    def done(said: str) -> Response:
        flash(said)
        return see(".index", slug=slug, **filters.query)

    def again(status: int) -> Response:
        if status == CONFLICT:
            seen = [form.read_place()[0]] if form.place.data else form.items.handles
            form.form_errors = [tell_conflict(actor, project, seen)]
        return _index(project, filters, status, arrange_form=form)

    return submit(form, act, done, again)


def tell_conflict(actor: Actor, project: Project, seen: Sequence[Handle]) -> str:
    """What somebody else did meanwhile to the items that a form named."""
    versions = {handle.number: handle.version for handle in seen}
    items = queries.get_items(actor, project, list(versions))
    changed = [item for item in items if item.version != versions[item.number]]
    return words.what_happened(changed, queries.latest_deeds(changed))


def seen_by(project: Project, handles: Sequence[Handle]) -> list[Seen]:
    """The items that a form names, with the versions it had read. Raises `NotFound`."""
    versions = {handle.number: handle.version for handle in handles}
    items = queries.get_items(actor, project, list(versions))
    return [Seen(item, versions[item.number]) for item in items]


def _place(project: Project, form: ArrangeForm) -> str:
    handle, place, beside = form.read_place()
    (seen,) = seen_by(project, [handle])
    other = queries.get_item(actor, project, beside) if beside is not None else None
    moves.place_item(actor, project, seen, place, other)
    return _("« %(title)s » a changé de place.", title=seen.item.title)


def _move(project: Project, form: ArrangeForm, target: str) -> str:
    to = iteration_for(project, target)
    place = Place.BOTTOM if target == BOTTOM else Place.TOP
    moved = moves.move_items(actor, project, seen_by(project, form.items.handles), to, place=place)
    count = ngettext("%(num)s élément", "%(num)s éléments", len(moved))
    if to is None:
        return _("%(count)s au carnet.", count=count)
    return _("%(count)s dans le sprint %(number)s.", count=count, number=to.number)
