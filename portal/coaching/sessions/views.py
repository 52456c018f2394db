"""Coaching sessions: a project's, one with its minutes and decisions, and the forms."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, url_for

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
from portal.coaching.sessions.models import CoachingSession, Decision
from portal.coaching.sessions.page_views import path_of, show_session, trail_of
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects import policy as projects
from portal.project.projects import work_commands
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, list_tracks
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import get_writable_project, show_list

bp = Blueprint("coaching", __name__, url_prefix="/projects/<slug>/coaching")
SESSION_RULE = "/<int(max=9999):number>"
DECISION_RULE = "/decisions/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "coaching/sessions/index.html",
        project,
        found=queries.list_sessions(actor, project, requested_page()),
        can_log=policy.can_log(actor, project),
        can_advise=projects.can_advise(actor, project),
        words=labels,
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
    usual = queries.find_own_track(actor, project)
    form = make_form(
        NewSessionForm,
        tracks,
        held_on=clock.today_here(),
        track=str(usual or ""),
        format="weekly_point",
    )
    form_page = FormPage(
        title=_("Noter une séance d’accompagnement"),
        trail=trail_of(project),
        step=_("Noter une séance"),
        yes=_("Enregistrer la séance"),
        beside=(("format", "track"), ("held_on", "next_on")),
        advice=(
            _("Seules la forme et la date sont nécessaires ; le reste peut venir après."),
            _("Tous ceux qui lisent le projet lisent le compte rendu."),
            _("Ce qui ne regarde que les coachs va dans « Notes de coachs »."),
        ),
    )

    def act(_values: dict[str, Any]) -> CoachingSession:
        return commands.log_session(actor, project, form.facts(), form.decision_lines())

    def on_success(row: CoachingSession) -> tuple[str, str]:
        return _("Séance enregistrée."), path_of(project, row.number)

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{SESSION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    row = queries.get_session(actor, project, number).row
    form = make_form(SessionForm, _tracks(project), obj=row)
    form_page = FormPage(
        title=_("Modifier la séance %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Modifier"),
        beside=(("format", "track"), ("held_on", "next_on")),
    )

    def act(values: dict[str, Any]) -> None:
        commands.change_session(actor, project, row, form.facts(), values["version"])

    return answer_form(form_page, form, act, _("Séance enregistrée."), stored=row)


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

    def act(values: dict[str, Any]) -> Decision:
        return commands.add_decision(actor, project, row, values["what"])

    return answer_form(
        form_page,
        make_form(NewDecisionForm),
        act,
        lambda _decision: (_("Décision ajoutée."), path_of(project, number)),
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

    def act(values: dict[str, Any]) -> None:
        of, version = (decision, row), values["version"]
        commands.change_decision(actor, project, of, values["what"], version)

    form = make_form(DecisionForm, obj=decision)
    return answer_form(form_page, form, act, _("Décision reformulée."), stored=decision)


@bp.post(f"{DECISION_RULE}/drop")
def drop_decision(slug: str, number: int) -> Response:
    project = _open_to_log(slug)
    of = queries.get_decision(actor, project, number)

    def on_success(_result: object) -> tuple[str, str]:
        return _("Décision retirée."), path_of(project, of[1].number)

    command = partial(commands.drop_decision, actor, project, of)
    return _submit_action(project, of[1], command, on_success, DecisionDropForm())


@bp.post(f"{DECISION_RULE}/recommend")
def recommend(slug: str, number: int) -> Response:
    """One click; on to the recommendation, which its author may then say better."""
    project = _open_to_log(slug)
    of = queries.get_decision(actor, project, number)

    def on_success(recommendation: Any) -> tuple[str, str]:
        place = url_for("recommendations.page", slug=slug, number=recommendation.number)
        return _("Recommandation %(n)s proposée à l’équipe.", n=recommendation.number), place

    return _submit_action(
        project, of[1], lambda: commands.make_recommendation(actor, project, of), on_success
    )


@bp.post(f"{DECISION_RULE}/item")
def make_item(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    of = queries.get_decision(actor, project, number)

    def on_success(item: Any) -> tuple[str, str]:
        return _("Élément %(n)s ajouté au carnet.", n=item.number), path_of(project, of[1].number)

    return _submit_action(
        project, of[1], lambda: commands.make_item(actor, project, of), on_success
    )


def _submit_action(
    project: Project,
    row: CoachingSession,
    command: Callable[[], object],
    describe_result: Callable[[object], tuple[str, str]],
    form: Form | None = None,
) -> Response:
    form = form or CoachingActionForm()

    def on_success(result: object) -> Response:
        message, path = describe_result(result)
        flash(message)
        return redirect_to_path(path)

    def again(status: int) -> Response:
        return show_session(project.slug, row.number, status, form)

    return submit(form, lambda _values: command(), on_success, again)
