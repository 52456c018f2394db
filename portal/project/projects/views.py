"""Projects: the list, one project's page, and the forms that make and change it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.collaboration.discussions.queries import count_unread_by_scope, find_first_unread
from portal.collaboration.discussions.views import discussion_context
from portal.people.programmes import queries as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.template_filters import day
from portal.project.projects import (
    commands,
    labels,
    policy,
    priority_labels,
    progress_labels,
    queries,
    section_queries,
    state_rules,
)
from portal.project.projects.forms import EditProjectForm, NewProjectForm, ProjectStateForm
from portal.project.projects.labels import ProjectTransition
from portal.project.projects.models import Project

bp = Blueprint("projects", __name__)

PAGE = 25
PAGES_MAX = 10_000


@bp.get("/projects")
def index() -> Response:
    total = queries.count_projects(actor)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    projects = queries.list_projects(actor, limit=PAGE, offset=(page - 1) * PAGE)
    return render(
        "project/projects/index.html",
        projects=projects,
        programmes={each.id: each for each in programmes.list_programmes(actor)},
        total=total,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".index", page=number),
        words=labels,
    )


@bp.get("/programmes/<programme>/projects/new")
def new(programme: str) -> Response:
    within = _get_creatable_programme(programme)
    tracks = programmes.list_tracks(within.id)
    usual = {
        "tracks": [track.key for track in tracks],
        "starts_on": within.starts_on,
        "ends_on": within.ends_on,
    }
    return _new_project_page(within, NewProjectForm(tracks, formdata=None, data=usual))


@bp.post("/programmes/<programme>/projects/new")
def create(programme: str) -> Response:
    within = _get_creatable_programme(programme)
    form = NewProjectForm(programmes.list_tracks(within.id))

    def act(values: Mapping[str, Any]) -> Project:
        return commands.create_project(actor, within, form.details(), values["tracks"])

    def on_success(project: Project) -> Response:
        flash(_("Projet créé. Invitez maintenant son équipe."))
        return redirect_to("team.index", slug=project.slug)

    return submit(form, act, on_success, lambda status: _new_project_page(within, form, status))


def _get_creatable_programme(slug: str) -> Programme:
    """A programme in which the actor may create projects."""
    programme = programmes.get_programme(actor, slug)
    require(policy.can_create(actor, programme))
    return programme


def _new_project_page(programme: Programme, form: NewProjectForm, status: int = 200) -> Response:
    return render("project/projects/new.html", status=status, programme=programme, form=form)


@bp.get("/projects/<slug>")
def page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    (programme, tracks), around = (
        queries.read_programme_and_tracks(project),
        queries.read_people(project),
    )
    return render(
        "project/projects/page.html",
        project=project,
        programme=programme,
        month=programme.month_on(clock.today()),
        tracks=tracks,
        team=around.team,
        has_lead=any(policy.is_lead(holder.assignment.role) for holder in around.team),
        coaches=around.coaches,
        reviewers=around.reviewers,
        unread=count_unread_by_scope(actor, [project.id])[project.id],
        lines=section_queries.list_section_lines(actor, project),
        strip=progress_labels.get_progress(project),
        matters=priority_labels.list_priorities(actor, project),
        can_edit=policy.can_edit(actor, project),
        can_invite=policy.can_invite(actor, project),
        can_assign=policy.can_assign(actor, project),
        can_change_state=policy.can_change_state(actor, project),
        words=labels,
    )


@bp.get("/projects/<slug>/file")
def file(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    lines = section_queries.list_section_lines(actor, project)
    return render("project/projects/file.html", project=project, lines=lines)


@bp.get("/projects/<slug>/edit")
def edit_page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    state_rules.require_to_edit(actor, project)
    return _edit_project_page(project, EditProjectForm(formdata=None, obj=project))


@bp.post("/projects/<slug>/edit")
def edit(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.may_write_file(actor, project))
    form = EditProjectForm()

    def act(values: Mapping[str, Any]) -> None:
        commands.edit_project(actor, project, form.details(), values["version"])

    def on_success(_result: None) -> Response:
        flash(_("Fiche enregistrée."))
        return redirect_to(".page", slug=slug)

    return submit(
        form,
        act,
        on_success,
        lambda status: _edit_project_page(project, form, status),
        stored=project,
    )


def _edit_project_page(project: Project, form: EditProjectForm, status: int = 200) -> Response:
    return render("project/projects/edit.html", status=status, project=project, form=form)


@bp.get("/projects/<slug>/discussions")
def discussions(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    return render(
        "project/projects/discussions.html",
        fragment="discussion",
        project=project,
        **discussion_context(project.discussion_id),
    )


@bp.get("/projects/<slug>/unread")
def unread(slug: str) -> Response:
    """To the oldest comment not read yet, wherever in the project it stands."""
    project = queries.get_project(actor, slug)
    first = find_first_unread(actor, project.id)
    if first is None:
        return redirect_to(".discussions", slug=slug)
    return redirect_to("discussions.comment", comment_id=first)


@bp.get("/projects/<slug>/activity")
def activity(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    entries, before = queries.list_feed(project, _read_feed_start())
    by_day = groupby(entries, key=lambda entry: day(entry.event.created_at))
    return render(
        "project/projects/activity.html",
        project=project,
        days=[(when, list(day_entries)) for when, day_entries in by_day],
        before=before,
        is_latest="before" not in request.args,
        words=labels,
    )


def _read_feed_start() -> UUID | None:
    """Where the page of the feed begins, from the query string."""
    text = request.args.get("before")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@bp.get("/projects/<slug>/state")
def state_page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.can_change_state(actor, project))
    return _state_change_page(project, ProjectStateForm(formdata=None))


@bp.post("/projects/<slug>/state")
def change_state(slug: str) -> Response:
    project, form = queries.get_project(actor, slug), ProjectStateForm()
    require(policy.can_change_state(actor, project))

    def act(values: Mapping[str, Any]) -> None:
        move = values["move"]
        if move is ProjectTransition.STOP:
            reason, learnings = values["reason"], values["learnings"]
            commands.stop(actor, project, reason=reason, learnings=learnings)
        else:
            _STATE_COMMANDS[move](actor, project)

    def on_success(_result: None) -> Response:
        flash(_("La décision est enregistrée, et l’équipe la voit."))
        return redirect_to(".page", slug=slug)

    return submit(form, act, on_success, lambda status: _state_change_page(project, form, status))


_STATE_COMMANDS = {
    ProjectTransition.PAUSE: commands.pause,
    ProjectTransition.RESUME: commands.resume,
    ProjectTransition.FINISH: commands.finish,
}


def _state_change_page(project: Project, form: ProjectStateForm, status: int = 200) -> Response:
    form.limit_transitions(labels.MOVES_FROM[project.state])
    can_stop = ProjectTransition.STOP in labels.MOVES_FROM[project.state]
    return render(
        "project/projects/state.html",
        status=status,
        project=project,
        form=form,
        can_stop=can_stop,
        words=labels,
    )
