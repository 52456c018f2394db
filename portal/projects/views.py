"""Projects: the list, one project's page, and the forms that make and change it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.discussions.queries import count_unread_by_scope, find_first_unread
from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.access import require
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.programmes import queries as programmes
from portal.programmes.models import Programme
from portal.projects import chapters, commands, matters, policy, progress, queries, timing, words
from portal.projects.forms import EditProjectForm, NewProjectForm, StateForm
from portal.projects.models import Project
from portal.projects.words import Move
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see
from portal.web.show import day

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
        "projects/index.html",
        projects=projects,
        programmes={each.id: each for each in programmes.list_programmes(actor)},
        total=total,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".index", page=number),
        words=words,
    )


@bp.get("/programmes/<programme>/projects/new")
def new(programme: str) -> Response:
    within = _to_fill(programme)
    tracks = programmes.list_tracks(within.id)
    usual = {
        "tracks": [track.key for track in tracks],
        "starts_on": within.starts_on,
        "ends_on": within.ends_on,
    }
    return _new(within, NewProjectForm(tracks, formdata=None, data=usual))


@bp.post("/programmes/<programme>/projects/new")
def create(programme: str) -> Response:
    within = _to_fill(programme)
    form = NewProjectForm(programmes.list_tracks(within.id))

    def act(given: Mapping[str, Any]) -> Project:
        return commands.create_project(actor, within, form.file(), given["tracks"])

    def done(project: Project) -> Response:
        flash(_("Projet créé. Invitez maintenant son équipe."))
        return see("team.index", slug=project.slug)

    return submit(form, act, done, lambda status: _new(within, form, status))


def _to_fill(slug: str) -> Programme:
    """A programme in which the actor may create projects."""
    programme = programmes.get_programme(actor, slug)
    require(policy.can_create(actor, programme))
    return programme


def _new(programme: Programme, form: NewProjectForm, status: int = 200) -> Response:
    return render("projects/new.html", status=status, programme=programme, form=form)


@bp.get("/projects/<slug>")
def page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    (programme, tracks), around = queries.read_setting(project), queries.read_around(project)
    return render(
        "projects/page.html",
        project=project,
        programme=programme,
        month=programme.month_on(clock.today()),
        tracks=tracks,
        team=around.team,
        has_lead=any(policy.is_lead(holder.assignment.role) for holder in around.team),
        coaches=around.coaches,
        reviewers=around.reviewers,
        unread=count_unread_by_scope(actor, [project.id])[project.id],
        lines=chapters.tell(actor, project),
        strip=progress.tell(project),
        matters=matters.tell(actor, project),
        can_edit=policy.can_edit(actor, project),
        can_invite=policy.can_invite(actor, project),
        can_assign=policy.can_assign(actor, project),
        can_change_state=policy.can_change_state(actor, project),
        words=words,
    )


@bp.get("/projects/<slug>/file")
def file(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    lines = chapters.tell(actor, project)
    return render("projects/file.html", project=project, lines=lines)


@bp.get("/projects/<slug>/edit")
def edit_page(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    timing.require_to_edit(actor, project)
    return _edit(project, EditProjectForm(formdata=None, obj=project))


@bp.post("/projects/<slug>/edit")
def edit(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    require(policy.may_write_file(actor, project))
    form = EditProjectForm()

    def act(given: Mapping[str, Any]) -> None:
        commands.edit_project(actor, project, form.file(), given["version"])

    def done(_made: None) -> Response:
        flash(_("Fiche enregistrée."))
        return see(".page", slug=slug)

    return submit(form, act, done, lambda status: _edit(project, form, status), stored=project)


def _edit(project: Project, form: EditProjectForm, status: int = 200) -> Response:
    return render("projects/edit.html", status=status, project=project, form=form)


@bp.get("/projects/<slug>/discussions")
def discussions(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    return render(
        "projects/discussions.html",
        fragment="discussion",
        project=project,
        **beside(project.discussion_id),
    )


@bp.get("/projects/<slug>/unread")
def unread(slug: str) -> Response:
    """To the oldest comment not read yet, wherever in the project it stands."""
    project = queries.get_project(actor, slug)
    first = find_first_unread(actor, project.id)
    if first is None:
        return see(".discussions", slug=slug)
    return see("discussions.comment", comment_id=first)


@bp.get("/projects/<slug>/activity")
def activity(slug: str) -> Response:
    project = queries.get_project(actor, slug)
    deeds, before = queries.list_deeds(project, _seen_up_to())
    by_day = groupby(deeds, key=lambda deed: day(deed.event.created_at))
    return render(
        "projects/activity.html",
        project=project,
        days=[(when, list(done)) for when, done in by_day],
        before=before,
        is_latest="before" not in request.args,
        words=words,
    )


def _seen_up_to() -> UUID | None:
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
    return _state(project, StateForm(formdata=None))


@bp.post("/projects/<slug>/state")
def change_state(slug: str) -> Response:
    project, form = queries.get_project(actor, slug), StateForm()
    require(policy.can_change_state(actor, project))

    def act(given: Mapping[str, Any]) -> None:
        move = given["move"]
        if move is Move.STOP:
            reason, learnings = given["reason"], given["learnings"]
            commands.stop(actor, project, reason=reason, learnings=learnings)
        else:
            _VERBS[move](actor, project)

    def done(_made: None) -> Response:
        flash(_("La décision est enregistrée, et l’équipe la voit."))
        return see(".page", slug=slug)

    return submit(form, act, done, lambda status: _state(project, form, status))


_VERBS = {Move.PAUSE: commands.pause, Move.RESUME: commands.resume, Move.FINISH: commands.finish}


def _state(project: Project, form: StateForm, status: int = 200) -> Response:
    form.offer(words.MOVES_FROM[project.state])
    can_stop = Move.STOP in words.MOVES_FROM[project.state]
    return render(
        "projects/state.html",
        status=status,
        project=project,
        form=form,
        can_stop=can_stop,
        words=words,
    )
