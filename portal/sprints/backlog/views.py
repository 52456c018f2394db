"""A project's backlog: the list with its filters, fast entry, and the order."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, submit
from portal.platform.web.rendering import redirect_to, render, wants_fragment
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_team_choices
from portal.project.projects.work_commands import require_team_member
from portal.sprints.backlog import commands, labels, move_commands, policy, queries
from portal.sprints.backlog.filter_schemas import read_filters
from portal.sprints.backlog.forms import (
    BOTTOM,
    AddForm,
    ArrangeForm,
    ItemHandle,
    list_target_choices,
    parse_target_sprint,
)
from portal.sprints.backlog.item_list_queries import BacklogFilters, BacklogTab, read_backlog_page
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, Iteration
from portal.sprints.backlog.order_commands import ItemPosition

bp = Blueprint("backlog", __name__, url_prefix="/projects/<slug>/backlog")
ENTRY_FLASH_CATEGORY = "entry"  # this message stands beside the field of fast entry


@bp.get("")
def index(slug: str) -> Response:
    return _render_index(get_project(actor, slug))


def _read_filters(project: Project) -> BacklogFilters:
    return read_filters(request.args, [id_ for id_, _name in list_team_choices(project)])[0]


def _render_index(
    project: Project,
    status: int = 200,
    *,
    add_form: AddForm | None = None,
    arrange_form: ArrangeForm | None = None,
) -> Response:
    if arrange_form and status == CONFLICT:
        handles = [arrange_form.parse_place()[0]] if arrange_form.place.data else arrange_form.items.handles
        arrange_form.form_errors = [describe_conflict(actor, project, handles)]
    open_iterations, team = cache_until_change(
        actor,
        ("backlog", project.id),
        lambda: (queries.list_open_iterations(project), list_team_choices(project)),
    )
    filters, ignored = read_filters(request.args, [id_ for id_, _name in team])
    can_work = policy.can_add_and_order_items(actor, project)
    targets = list_target_choices(open_iterations)
    asked_target = next((value for value, _name in targets if value == request.args.get("to")), None)
    return render(
        "sprints/backlog/index.html",
        fragment="items",
        status=status,
        project=project,
        listing=cache_until_change(
            actor, ("items", project.id, filters), lambda: read_backlog_page(project.id, filters)
        ),
        filters=filters,
        ignored=[str(labels.FILTERS[name]).rstrip(" ?") for name in ignored],
        people=((BacklogFilters.NOBODY, _("Personne")), *((str(id_), name) for id_, name in team)),
        tabs=[
            (name, url_for(".index", slug=project.slug, where=where), where is filters.where)
            for where, name in labels.TAB_LABELS.items()
        ],
        targets=targets,
        can_work=can_work,
        can_pick=can_work and filters.where in {BacklogTab.BACKLOG, BacklogTab.SPRINTS},
        can_order=can_work and filters.where is BacklogTab.BACKLOG,
        add_form=_set_form_targets(
            add_form or AddForm(formdata=None, to=asked_target or BOTTOM), open_iterations
        ),
        asked_target=asked_target,
        arrange_form=arrange_form,
        is_fragment=wants_fragment(),
        add_url=url_for(".add", slug=project.slug, to=asked_target, **filters.query),
        arrange_url=url_for(".arrange", slug=project.slug, **filters.query),
        page_url=lambda page: url_for(".index", slug=project.slug, **filters.on_page(page).query),
        labels=labels,
    )


def _set_form_targets(form: AddForm, iterations: Sequence[Iteration]) -> AddForm:
    form.set_target_choices(iterations)
    return form


@bp.post("")
def add(slug: str) -> Response:
    project = get_project(actor, slug)
    require_team_member(actor, project)
    filters, form = _read_filters(project), AddForm()
    form.set_target_choices(queries.list_open_iterations(project))

    def add_items(values: dict[str, Any]) -> list[Item]:
        to = find_target_iteration(project, values["to"])
        on_top = values["to"] == ItemPosition.TOP
        return commands.add_items(actor, project, form.item_texts(), to, on_top=on_top)

    def redirect_to_list(added_items: list[Item]) -> Response:
        """Back to the list; to the items of a sprint where they were asked for and went."""
        number = parse_target_sprint(form.to.data)
        is_asked = number is not None and form.to.data == request.args.get("to")
        size = sum(item.points or 0 for item in added_items)
        flash(
            _(
                "%(items)s, %(points)s.",
                items=ngettext("%(num)s élément ajouté", "%(num)s éléments ajoutés", len(added_items)),
                points=labels.format_points(size),
            ),
            "message" if is_asked else ENTRY_FLASH_CATEGORY,
        )
        if is_asked:
            return redirect_to("sprint_scope.page", slug=slug, number=number)
        return redirect_to(".index", slug=slug, **filters.query)

    return submit(
        form,
        add_items,
        redirect_to_list,
        lambda status: _render_index(project, status, add_form=form),
    )


def find_target_iteration(project: Project, target: str) -> Iteration | None:
    """The iteration that a choice names; None for the backlog. Raises `RuleBroken` on `to`."""
    number = parse_target_sprint(target)
    if number is None:
        return None
    iteration = queries.find_open_iteration(project, number)
    if iteration is None:
        raise RuleBroken("to", _("Le sprint %(number)s ne prend plus d’élément.", number=number))
    return iteration


@bp.post("/arrange")
def arrange(slug: str) -> Response:
    project = get_project(actor, slug)
    require_team_member(actor, project)
    filters, form = _read_filters(project), ArrangeForm()
    form.set_target_choices(queries.list_open_iterations(project))
    return write(
        form,
        lambda values: (
            _place_item_and_describe(project, form)
            if values["place"]
            else _move_items_and_describe(project, form, values["to"])
        ),
        message=lambda message: message,
        to=url_for(".index", slug=slug, **filters.query),
        page=lambda status: _render_index(project, status, arrange_form=form),
    )


def describe_conflict(actor: Actor, project: Project, handles: Sequence[ItemHandle]) -> str:
    """What somebody else did to the items of a form since the page was read."""
    versions = {handle.number: handle.version for handle in handles}
    items = queries.get_items(actor, project, list(versions))
    changed = [item for item in items if item.version != versions[item.number]]
    return labels.describe_latest_events(changed, queries.map_latest_events_with_authors_by_item(changed))


def get_items_at_versions(project: Project, handles: Sequence[ItemHandle]) -> list[ItemAtVersion]:
    """The items of a form with the versions that it read. Raises `NotFound`."""
    versions = {handle.number: handle.version for handle in handles}
    items = queries.get_items(actor, project, list(versions))
    return [ItemAtVersion(item, versions[item.number]) for item in items]


def _place_item_and_describe(project: Project, form: ArrangeForm) -> str:
    handle, place, other_number = form.parse_place()
    (item_at_version,) = get_items_at_versions(project, [handle])
    other = None if other_number is None else queries.get_item(actor, project, other_number)
    move_commands.place_item(actor, project, item_at_version, place, other)
    return _("« %(title)s » a changé de place.", title=item_at_version.item.title)


def _move_items_and_describe(project: Project, form: ArrangeForm, target: str) -> str:
    to = find_target_iteration(project, target)
    place = ItemPosition.BOTTOM if target == BOTTOM else ItemPosition.TOP
    moved = move_commands.move_items(
        actor, project, get_items_at_versions(project, form.items.handles), to, place=place
    )
    count = ngettext("%(num)s élément", "%(num)s éléments", len(moved))
    if to is None:
        return _("%(count)s au carnet.", count=count)
    return _("%(count)s dans le sprint %(number)s.", count=count, number=to.number)
