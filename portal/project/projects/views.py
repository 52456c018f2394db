"""Pages of projects: the list, a project's page, file and feed, and the forms that change it."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.queries import count_unread_by_scope
from portal.collaboration.discussions.thread_queries import list_unread_comments
from portal.collaboration.discussions.views import discussion_context
from portal.people.programmes import queries as programmes
from portal.people.programmes.schedule_rules import suggest_support_end, suggest_support_start
from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_forever, render
from portal.platform.web.template_filters import day
from portal.platform.web.writes import write
from portal.project.projects import (
    commands,
    feed_queries,
    labels,
    policy,
    queries,
    work_commands,
)
from portal.project.projects.forms import EditProjectForm, NewProjectForm, ProjectStateForm
from portal.project.projects.gate_queries import list_gate_numbers_after_support_end
from portal.project.projects.models import Project, ProjectState, ProjectTransition
from portal.project.projects.page_views import show_project
from portal.project.projects.workspace_views import page_label

bp = Blueprint("projects", __name__)

PER_PAGE = 25


@bp.get("/projects")
def index() -> Response:
    total = queries.count_projects(actor)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    projects = queries.list_projects(actor, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render(
        "project/projects/index.html",
        projects=projects,
        programmes={programme.id: programme for programme in programmes.list_programmes(actor)},
        total=total,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".index", page=number),
        labels=labels,
    )


@bp.get("/programmes/<programme>/projects/new", endpoint="new")
@bp.post("/programmes/<programme>/projects/new")
def create(programme: str) -> Response:
    parent = programmes.get_programme(actor, programme)
    require(policy.can_create(actor, parent))
    tracks = programmes.list_tracks(parent.id)
    keys = [track.key for track in tracks]
    programme_days = parent.starts_on, parent.ends_on
    starts_on = suggest_support_start(programme_days, clock.today())
    ends_on = suggest_support_end(programme_days, parent.months, starts_on)
    days = {"starts_on": starts_on, "ends_on": ends_on}
    form = make_form(NewProjectForm, tracks, tracks=keys, **days)
    _warn_of_gates_after_support_end(form, parent.id)
    return write(
        form,
        lambda values: commands.create_project(actor, parent, form.details(), values["tracks"]),
        message=_("Projet créé. Invitez maintenant son équipe."),
        to=lambda project: url_for("team.index", slug=project.slug),
        page=lambda status: render("project/projects/new.html", status=status, programme=parent, form=form),
    )


def _warn_of_gates_after_support_end(form: NewProjectForm | EditProjectForm, programme_id: UUID) -> None:
    """Say beside its end which gates are planned after it; nothing of days that the form refuses."""
    first, last = form.starts_on.data, form.ends_on.data
    if not first or not last or any(map(clock.find_implausible_date_problem, (first, last))):
        return
    if late := list_gate_numbers_after_support_end(programme_id, first, last):
        form.ends_on.description = labels.gates_after_support_end_sentence(late)


@bp.get("/projects/<slug>")
def page(slug: str) -> Response:
    """The one page of a project, for each of its readers."""
    return show_project(queries.get_project(actor, slug))


@bp.get("/projects/<slug>/file")
def redirect_former_details_page(slug: str) -> Response:
    """The former page of the project's file: its folds are on the project's page."""
    project = queries.get_project(actor, slug)
    return redirect_forever(url_for(".page", slug=project.slug, _anchor="project"))


@bp.get("/projects/<slug>/edit", endpoint="edit_page")
@bp.post("/projects/<slug>/edit")
def edit(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    if request.method in SAFE_METHODS:
        work_commands.require_can_edit_project(actor, project)
    form = make_form(EditProjectForm, obj=project)
    _warn_of_gates_after_support_end(form, project.programme_id)
    return write(
        form,
        lambda values: commands.edit_project(actor, project, form.details(), values["version"]),
        message=_("Présentation enregistrée."),
        to=url_for(".page", slug=slug),
        page=lambda status: render("project/projects/edit.html", status=status, project=project, form=form),
        permission=policy.may_edit_in_some_state(actor, project),
        stored=project,
    )


@bp.get("/projects/<slug>/discussions")
def discussions(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    unread = count_unread_by_scope(actor, [project.id])[project.id]
    context = discussion_context(project.discussion_id, is_unfolded=True)
    return render(
        "project/projects/discussions.html",
        fragment="discussion",
        project=project,
        unread=unread - context["conversation"].new_on_page,  # this page is read by being shown
        **context,
    )


@bp.get("/projects/<slug>/unread")
def unread(slug: str) -> Response:
    """The comments of all pages of the project that the reader has not read."""
    project = queries.get_project(actor, slug)
    return render(
        "project/projects/unread.html",
        project=project,
        comments=list_unread_comments(actor, project.id),
        unread=count_unread_by_scope(actor, [project.id])[project.id],
        page_label=page_label,
    )


@bp.get("/projects/<slug>/activity")
def activity(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    with_reserved = policy.can_read_reserved_facts(actor, project)
    start = _read_feed_start()
    entries, before = cache_until_change(
        actor,
        ("feed", project.id, start, with_reserved),
        lambda: feed_queries.read_feed_page(project, start, with_reserved=with_reserved),
    )
    by_day = groupby(entries, key=lambda entry: day(entry.event.created_at))
    return render(
        "project/projects/activity.html",
        project=project,
        days=[(day_label, list(day_entries)) for day_label, day_entries in by_day],
        before=before,
        is_latest="before" not in request.args,
        labels=labels,
    )


def _read_feed_start() -> UUID | None:
    """Return the event id before which the page of the feed begins; None for the latest page."""
    text = request.args.get("before")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@bp.get("/projects/<slug>/state", endpoint="state_page")
@bp.post("/projects/<slug>/state")
def change_state(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    form = make_form(ProjectStateForm, learnings=project.learnings)
    return write(
        form,
        lambda values: commands.change_state(actor, project, **values),
        message=_("La décision est enregistrée, et l’équipe la voit."),
        to=url_for(".page", slug=slug),
        page=lambda status: _render_state_change_page(project, form, status),
        permission=policy.can_change_state(actor, project),
    )


def _render_state_change_page(project: Project, form: ProjectStateForm, status: int = 200) -> Response:
    form.limit_transitions(labels.MOVES_FROM[project.state])
    if project.state is ProjectState.STOPPED:
        form.reason.label.text, form.reason.description = _("Pourquoi le projet reprend"), ""
        form.reason.flags.required = True
    return render(
        "project/projects/state.html",
        status=status,
        project=project,
        form=form,
        can_stop=ProjectTransition.STOP in labels.MOVES_FROM[project.state],
        labels=labels,
    )
