"""Pages and forms of a project's coaching sessions."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, url_for

from portal.coaching.sessions import commands, labels, policy, queries
from portal.coaching.sessions.calendar import entries_of
from portal.coaching.sessions.forms import (
    CoachingActionForm,
    DecisionDropForm,
    DecisionForm,
    NewDecisionForm,
    NewSessionForm,
    SessionForm,
    TrackChoices,
)
from portal.coaching.sessions.models import CoachingSession
from portal.coaching.sessions.page_views import path_of, show_session, trail_of
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.project.projects import policy as projects
from portal.project.projects import work_commands
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_tracks
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import get_writable_project, show_list

bp = Blueprint("coaching", __name__, url_prefix="/projects/<slug>/coaching")
SESSION_RULE = "/<int(max=9999):number>"
DECISION_RULE = "/decisions/<int(max=9999):number>"
Result = TypeVar("Result")


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "coaching/sessions/index.html",
        project,
        sessions=queries.list_sessions(actor, project, requested_page()),
        can_log=policy.can_log(actor, project),
        can_advise=projects.can_advise(actor, project),
        labels=labels,
    )


@bp.get(SESSION_RULE)
def page(slug: str, number: int) -> Response:
    return show_session(slug, number)


@bp.get(SESSION_RULE + INVITATION_PATH)
def invitation(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    return invitation_response(entries_of(project, queries.get_session(actor, project, number).row))


@bp.get(f"{SESSION_RULE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    session = queries.get_session(actor, project, number)
    tracks = {str(track.id): track.name for track in list_tracks(project)}
    return render(
        "coaching/sessions/history.html",
        title=_("Historique de la séance %(n)s", n=number),
        trail=trail_of(project, number),
        revisions=list_revisions([session.row.id], labels.ACTION_LABELS),
        labels=labels.LABELS,
        words={"ACTION_LABELS": labels.ACTION_LABELS, "tell": labels.make_formatter(tracks)},
    )


def _open_to_log(slug: str) -> Project:
    project = get_project(actor, slug)
    work_commands.require_advisor(actor, project)
    return project


def _tracks(project: Project) -> TrackChoices:
    return [(track.id, track.name) for track in list_tracks(project)]


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open_to_log(slug)
    tracks = _tracks(project)
    form = make_form(
        NewSessionForm,
        tracks,
        held_on=clock.today_here(),
        track=str(queries.find_own_track(actor, project) or ""),
        format="weekly_point",
    )
    form_page = FormPage(
        title=_("Noter une séance d’accompagnement"),
        trail=trail_of(project),
        step=_("Noter une séance"),
        yes=_("Enregistrer la séance"),
        beside=(("format", "track"), ("held_on", "next_on"), ("hour", "duration", "place")),
        advice=(
            _("Seules la forme et la date sont nécessaires ; le reste peut venir après."),
            _("Tous ceux qui lisent le projet lisent le compte rendu."),
            _("Ce qui ne regarde que les coachs va dans « Notes de coachs »."),
        ),
    )

    return write_page(
        form_page,
        form,
        lambda _values: commands.log_session(actor, project, form.facts(), form.decision_lines()),
        message=_("Séance enregistrée."),
        to=lambda row: path_of(project, row.number),
    )


@bp.route(f"{SESSION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    row = queries.get_session(actor, project, number).row
    form = make_form(SessionForm, _tracks(project), obj=row)
    form_page = FormPage(
        title=_("Modifier la séance %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Modifier"),
        beside=(("format", "track"), ("held_on", "next_on"), ("hour", "duration", "place")),
    )

    return write_page(
        form_page,
        form,
        lambda values: commands.change_session(
            actor, project, row, form.facts(), values["version"]
        ),
        message=_("Séance enregistrée."),
        stored=row,
    )


@bp.route(f"{SESSION_RULE}/decisions/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    row = queries.get_session(actor, project, number).row
    form_page = FormPage(
        title=_("Ajouter une décision à la séance %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Ajouter une décision"),
        yes=_("Ajouter"),
    )

    return write_page(
        form_page,
        make_form(NewDecisionForm),
        lambda values: commands.add_decision(actor, project, row, values["what"]),
        message=_("Décision ajoutée."),
    )


@bp.route(f"{DECISION_RULE}/edit", methods=["GET", "POST"])
def change_decision(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    decision, row = queries.get_decision(actor, project, number)
    form_page = FormPage(
        title=_("Reformuler une décision"),
        trail=trail_of(project, row.number),
        step=_("Reformuler"),
    )

    return write_page(
        form_page,
        make_form(DecisionForm, obj=decision),
        lambda values: commands.change_decision(
            actor, project, (decision, row), values["what"], values["version"]
        ),
        message=_("Décision reformulée."),
        stored=decision,
    )


@bp.post(f"{DECISION_RULE}/drop")
def drop_decision(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    decision, row = queries.get_decision(actor, project, number)
    return _write_action(
        project,
        row,
        lambda: commands.drop_decision(actor, project, (decision, row)),
        message=_("Décision retirée."),
        to=path_of(project, row.number),
        form=DecisionDropForm(),
    )


@bp.post(f"{DECISION_RULE}/recommend")
def recommend(slug: str, number: int) -> Response:
    """One click; leads to the new recommendation, where its author may reword it."""
    project = _open_to_log(slug)
    decision, row = queries.get_decision(actor, project, number)
    return _write_action(
        project,
        row,
        lambda: commands.make_recommendation(actor, project, (decision, row)),
        message=lambda advice: _("Recommandation %(n)s proposée à l’équipe.", n=advice.number),
        to=lambda advice: url_for("recommendations.page", slug=slug, number=advice.number),
    )


@bp.post(f"{DECISION_RULE}/item")
def make_item(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    decision, row = queries.get_decision(actor, project, number)
    return _write_action(
        project,
        row,
        lambda: commands.make_item(actor, project, (decision, row)),
        message=lambda item: _("Élément %(n)s ajouté au carnet.", n=item.number),
        to=path_of(project, row.number),
    )


def _write_action(
    project: Project,
    row: CoachingSession,
    command: Callable[[], Result],
    *,
    message: str | Callable[[Result], str],
    to: str | Callable[[Result], str],
    form: Form | None = None,
) -> Response:
    """Answer a button of a session's page; a refusal shows that page again."""
    form = form or CoachingActionForm()
    return write(
        form,
        lambda _values: command(),
        message=message,
        to=to,
        page=lambda status: show_session(project.slug, row.number, status, form),
    )
