"""Pages and forms of a project's coaching sessions."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.coaching.recommendations import policy as recommendations
from portal.coaching.recommendations.labels import undo_until
from portal.coaching.sessions import commands, labels, policy, queries
from portal.coaching.sessions.calendar import list_entries_of_session
from portal.coaching.sessions.forms import (
    DeleteDecisionForm,
    EditSessionForm,
    NewDecisionForm,
    NewSessionForm,
    RewordDecisionForm,
    TrackChoices,
)
from portal.coaching.sessions.models import CoachingSession, Decision
from portal.collaboration.discussions.views import discussion_context
from portal.communication.calendar.invitation_views import INVITATION_PATH, invitation_response
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_confirmed, write_page
from portal.project.projects import policy as projects
from portal.project.projects import work_commands
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project, list_tracks
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    get_writable_project,
    render_row_list,
    section_trail,
    show_history,
)

bp = Blueprint("coaching", __name__, url_prefix="/projects/<slug>/coaching")
SESSION_RULE = "/<int(max=9999):number>"
DECISION_RULE = "/decisions/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "coaching/sessions/index.html",
        project,
        sessions=queries.read_sessions_page(actor, project, requested_page_number()),
        can_log=queries.can_log_session_today(actor, project),
        can_advise=projects.can_advise(actor, project),
        can_prepare=projects.is_project_active(project) and projects.can_advise(actor, project),
        labels=labels,
    )


@bp.get(SESSION_RULE)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The session's page; `form` is a button of the page that was refused."""
    project = get_project(actor, slug)
    session = queries.get_session(actor, project, number)
    decisions = queries.list_session_decisions(session.row)

    def list_permissions(is_allowed: Callable[[Actor, Project, Decision], bool]) -> dict[UUID, bool]:
        rows = (follow_up.row for follow_up in decisions)
        return {row.id: is_allowed(actor, project, row) for row in rows}

    return render(
        "coaching/sessions/page.html",
        fragment="discussion",
        status=status,
        project=project,
        session=session,
        row=session.row,
        form=form,
        drop_form=DeleteDecisionForm(formdata=None),
        decisions=decisions,
        today=clock.today(),
        can_log=policy.can_log_sessions(actor, project),
        can_remove=policy.can_remove_session(actor, project, session.row, len(decisions)),
        can_change=list_permissions(policy.can_change_decision),
        can_recommend=list_permissions(policy.can_recommend_from_decision),
        can_withdraw=partial(recommendations.can_withdraw, actor, project),
        undo_until=undo_until,
        can_make_item=list_permissions(policy.can_make_backlog_item_from_decision),
        labels=labels,
        **attachments_context(project, session.row),
        **discussion_context(session.row.discussion_id),
    )


@bp.get(SESSION_RULE + INVITATION_PATH)
def invitation(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    return invitation_response(
        list_entries_of_session(project, queries.get_session(actor, project, number).row)
    )


@bp.get(f"{SESSION_RULE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    session = queries.get_session(actor, project, number)
    tracks = {str(track.id): track.name for track in list_tracks(project)}
    return show_history(
        _("Historique de la séance %(n)s", n=number),
        _build_session_trail(project, session.row),
        list_revisions([session.row.id], labels.ACTION_LABELS),
        actions=labels.ACTION_LABELS,
        labels=labels.LABELS,
        format_value=labels.make_value_formatter(tracks),
    )


def _build_session_trail(project: Project, row: CoachingSession | None = None) -> Trail:
    row_label = _("Séance %(n)s", n=row.number) if row else ""
    return section_trail(project, _("Séances"), ".index", row, row_label)


def _open_project_to_log(slug: str) -> Project:
    project = get_project(actor, slug)
    work_commands.require_advisor(actor, project)
    return project


def _open_session_to_change(slug: str, number: int) -> tuple[Project, CoachingSession]:
    project = _open_project_to_log(slug)
    return project, queries.get_session(actor, project, number).row


def _list_track_choices(project: Project) -> TrackChoices:
    return [(track.id, track.name) for track in list_tracks(project)]


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = _open_project_to_log(slug)
    if request.method in SAFE_METHODS:
        commands.require_first_day_reached(project)
    tracks = _list_track_choices(project)
    form = make_form(
        NewSessionForm,
        tracks,
        held_on=clock.today_for_reader(),
        track=str(queries.find_own_track_id(actor, project) or ""),
        format="weekly_point",
        **queries.read_next_meeting_facts(actor, project, clock.today() + timedelta(days=1)),
    )
    return write_page(
        FormPage(
            title=_("Noter une séance d’accompagnement"),
            trail=_build_session_trail(project),
            step=_("Noter une séance"),
            yes=_("Enregistrer la séance"),
            focus="minutes",
            beside=(("format", "track"), ("held_on", "next_on"), ("hour", "duration", "place")),
            advice=(
                _(
                    "Seules la forme et la date sont nécessaires. L’équipe compte comme vue une fois le"
                    " compte rendu ou une décision écrits."
                ),
                _("Tous ceux qui lisent le projet lisent le compte rendu."),
                _("Ce qui ne regarde que les coachs va dans « Notes de coachs »."),
            ),
        ),
        form,
        lambda _values: commands.log_session(actor, project, form.facts(), form.decision_lines()),
        message=lambda row: labels.describe_logged_session(row, queries.count_session_decisions(row)),
        to=lambda row: row_path(project, row),
    )


@bp.route(f"{SESSION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, row = _open_session_to_change(slug, number)
    form = make_form(EditSessionForm, _list_track_choices(project), obj=row)
    return write_page(
        FormPage(
            title=_("Modifier la séance %(n)s", n=number),
            trail=_build_session_trail(project, row),
            step=_("Modifier"),
            beside=(("format", "track"), ("held_on", "next_on"), ("hour", "duration", "place")),
        ),
        form,
        lambda values: commands.change_session(actor, project, row, form.facts(), values["version"]),
        message=_("Séance enregistrée."),
        stored=row,
    )


@bp.route(f"{SESSION_RULE}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int) -> Response:
    project, row = _open_session_to_change(slug, number)
    commands.require_removable_session(actor, project, row)
    question = ConfirmationQuestion(
        title=_("Supprimer la séance %(n)s ?", n=number),
        lead=_("Pour une séance notée par erreur, dont rien n’est écrit."),
        means=(
            _("Elle ne compte plus comme un contact avec l’équipe."),
            _("Le journal garde ce qu’elle était, et qui l’a supprimée."),
        ),
        yes=_("Supprimer la séance"),
        no=_("Garder la séance"),
        step=_("Supprimer"),
        place=_("Séance %(n)s", n=number),
        back=row_path(project, row),
    )
    return write_confirmed(
        question,
        CreateForm(),
        lambda: commands.remove_session(actor, project, row),
        message=_("Séance %(n)s supprimée.", n=number),
        to=url_for(".index", slug=slug),
    )


@bp.route(f"{SESSION_RULE}/decisions/new", methods=["GET", "POST"])
def add_decision(slug: str, number: int) -> Response:
    project, row = _open_session_to_change(slug, number)
    return write_page(
        FormPage(
            title=_("Ajouter une décision à la séance %(n)s", n=number),
            trail=_build_session_trail(project, row),
            step=_("Ajouter une décision"),
            yes=_("Ajouter"),
        ),
        make_form(NewDecisionForm),
        lambda values: commands.add_decision(actor, project, row, values["what"]),
        message=_("Décision ajoutée."),
    )


@bp.route(f"{DECISION_RULE}/edit", methods=["GET", "POST"])
def reword_decision(slug: str, number: int) -> Response:
    project = _open_project_to_log(slug)
    decision, row = queries.get_decision_and_session(actor, project, number)
    return write_page(
        FormPage(
            title=_("Reformuler une décision"), trail=_build_session_trail(project, row), step=_("Reformuler")
        ),
        make_form(RewordDecisionForm, obj=decision),
        lambda values: commands.reword_decision(
            actor, project, (decision, row), values["what"], values["version"]
        ),
        message=_("Décision reformulée."),
        stored=decision,
    )


@bp.post(f"{DECISION_RULE}/drop")
def delete_decision(slug: str, number: int) -> Response:
    project = _open_project_to_log(slug)
    form = DeleteDecisionForm()
    return _act_on_decision(project, number, commands.delete_decision, _("Décision retirée."), form)


@bp.post(f"{DECISION_RULE}/recommend")
def recommend_from_decision(slug: str, number: int) -> Response:
    """One click; stays at the decision, which leads to the recommendation and undoes it."""
    project, command = _open_project_to_log(slug), commands.make_recommendation_of_decision
    return _act_on_decision(project, number, command, _("Recommandation proposée à l’équipe."))


@bp.post(f"{DECISION_RULE}/recommend/undo")
def undo_recommendation(slug: str, number: int) -> Response:
    command = commands.undo_recommendation_of_decision
    return _act_on_decision(_open_project_to_log(slug), number, command, _("Recommandation retirée."))


@bp.post(f"{DECISION_RULE}/item")
def make_item_of_decision(slug: str, number: int) -> Response:
    command, message = commands.make_backlog_item_of_decision, _("Décision mise au carnet.")
    return _act_on_decision(get_writable_project(slug), number, command, message)


def _act_on_decision(
    project: Project, number: int, command: Callable[..., Any], message: str, form: Form | None = None
) -> Response:
    decision, row = queries.get_decision_and_session(actor, project, number)
    return write_button(
        lambda: command(actor, project, (decision, row)),
        message=message,
        to=f"{row_path(project, row)}#decisions",
        page=partial(page, project.slug, row.number),
        form=form,
    )
