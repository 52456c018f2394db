"""Running sessions: begin one, read the consent, type what happens, end it, forget it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web import confirmation
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, UNPROCESSABLE, Form, submit
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import attachments_context, get_writable_project
from portal.user_tests.rounds import policy, session_commands, session_queries, withdrawal_commands
from portal.user_tests.rounds import session_labels as words
from portal.user_tests.rounds.page_views import (
    ROUND_PATH,
    SESSION_PATH,
    session_url,
    trail_to_round,
)
from portal.user_tests.rounds.session_commands import SessionSaveResult
from portal.user_tests.rounds.session_entry_commands import elapsed_seconds
from portal.user_tests.rounds.session_field_forms import (
    PlainForm,
    SessionBeginForm,
    SessionConsentForm,
)
from portal.user_tests.rounds.session_forms import SessionSheet, list_field_errors
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.session_queries import SessionDetails

bp = Blueprint("test_sessions", __name__, url_prefix="/projects/<slug>/tests")


@bp.route(f"{ROUND_PATH}/sessions/new", methods=["GET", "POST"])
def begin(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    round_ = session_queries.get_round(actor, project, number)
    if request.method in SAFE_METHODS:
        session_commands.require_open(project, round_)
        session_commands.require_ready(project, round_)
    groups = session_queries.list_group_choices(round_)
    form = make_form(SessionBeginForm, groups, group=groups[0].number if groups else 0)
    page = FormPage(
        title=_("Nouvelle séance de la série %(n)s", n=number),
        lead=_("Le portail donne un code à la personne. Son nom ne s’écrit nulle part."),
        trail=trail_to_round(project, round_),
        step=_("Nouvelle séance"),
        yes=_("Donner un code"),
    )

    def act(values: dict[str, Any]) -> TestSession:
        is_rehearsal = values["is_rehearsal"]
        return session_commands.begin_session(
            actor, project, round_, form.selected_group(), is_rehearsal=is_rehearsal
        )

    def on_success(session: TestSession) -> tuple[str, str]:
        return _(
            "Code %(code)s. Demandez l’accord de la personne.", code=session.code
        ), session_url(project, session)

    return answer_form(page, form, act, on_success)


@bp.get(SESSION_PATH)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    details = session_queries.read_session(actor, project, number)
    return _show(project, SessionSheet(details))


def _show(project: Project, sheet: SessionSheet, status: int = 200, **overrides: Any) -> Response:
    details = sheet.details
    may = {
        "can_mend": policy.can_correct_sessions(actor, project),
        "can_run": policy.can_run_sessions(actor, project, details.round),
        "can_withdraw": policy.can_withdraw(actor, project),
    }
    context: dict[str, Any] = {"refused": None, "form": None} | _to_consent(details) | overrides
    around = {} if wants_fragment() else attachments_context(project, details.session)
    return render(
        "user_tests/rounds/session.html",
        fragment="parts",
        status=status,
        project=project,
        held=details,
        sheet=sheet,
        parts={part.key: part for part in sheet.parts},
        faults=list_field_errors(sheet.parts),
        scale=words.scale_words(details.round.scale),
        ease=words.ease_words(),
        elapsed=elapsed_seconds,
        words=words,
        **may,
        **around,
        **context,
    )


def _to_consent(details: SessionDetails) -> dict[str, Any]:
    """What is asked before anything else: the form, and the texts to read."""
    if details.session.started_at is not None:
        return {}
    return {
        "consent": SessionConsentForm(formdata=None, consent_on=clock.today_here()),
        "languages": session_queries.list_consent_languages(details.round),
    }


@bp.post(SESSION_PATH)
def save(slug: str, number: int) -> Response:
    """All that was typed, or the parts that `only` names. What is right is kept whatever else is
    not: 200 where something was, else 409 or 422."""
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    sent = SessionSheet(details, request.form)
    form = Form()

    def act(_values: dict[str, Any]) -> SessionSaveResult:
        return session_commands.save_session(actor, project, details, sent.read())

    def on_success(result: SessionSaveResult) -> Response:
        now = _as_it_is(project, sent)
        is_refused = now.restore_refused(sent, result.clashes)
        if not is_refused and not wants_fragment():
            flash(_("Enregistré."))
            return redirect_to_path(f"{session_url(project, details.session)}#{_place(sent)}")
        if not is_refused or result.changed:
            return _show(project, now)
        return _show(project, now, CONFLICT if result.clashes else UNPROCESSABLE)

    def again(status: int) -> Response:
        sent.read()
        return _show(project, sent, status, refused=form.refused_because, form=form)

    return submit(form, act, on_success, again)


def _as_it_is(project: Project, sent: SessionSheet) -> SessionSheet:
    now = SessionSheet(session_queries.read_session(actor, project, sent.details.session.number))
    keys = {part.key for part in sent.parts}
    now.parts = [part for part in now.parts if part.key in keys]
    return now


def _place(sent: SessionSheet) -> str:
    """Where on the page whoever pressed a button was."""
    name, _dash, number = request.form.get("deed", "").partition("-")
    keys = {part.key for part in sent.parts}
    return f"t{number}" if name and f"t{number}" in keys else "parts"


@bp.post(f"{SESSION_PATH}/consent")
def agree(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    form = SessionConsentForm()

    def act(values: dict[str, Any]) -> None:
        session_commands.record_consent(actor, project, details, values["consent_on"])

    def on_success(_result: None) -> Response:
        flash(_("Accord noté. La séance peut commencer."))
        return redirect_to_path(session_url(project, details.session))

    def again(status: int) -> Response:
        return _show(project, SessionSheet(details), status, consent=form)

    return submit(form, act, on_success, again)


@bp.post(f"{SESSION_PATH}/end")
def end(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: dict[str, Any]) -> None:
        session_commands.end_session(actor, project, details)

    def on_success(_result: None) -> Response:
        flash(_("Séance %(code)s terminée.", code=details.session.code))
        return redirect_to_path(session_url(project, details.session))

    def again(status: int) -> Response:
        return _show(
            project, SessionSheet(details), status, refused=form.refused_because, form=form
        )

    return submit(form, act, on_success, again)


@bp.route(f"{SESSION_PATH}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> Response:
    """In any state of the project: it is the participant's right."""
    project = get_project(actor, slug)
    details = session_queries.read_session(actor, project, number)
    withdrawal_commands.require_to_withdraw(actor, project)
    form = PlainForm()
    back = session_url(project, details.session)
    question = ConfirmationQuestion(
        title=_("Effacer la séance %(code)s ?", code=details.session.code),
        lead=_("À faire dès que la personne le demande, sans lui demander pourquoi."),
        means=(
            _("Ses résultats, ses réponses, les notes et les fichiers sont effacés aussitôt."),
            _("Les chiffres de la série sont recalculés sans elle."),
            _("Rien ne permet de revenir en arrière. Le code ne sera plus jamais donné."),
        ),
        yes=_("Effacer définitivement"),
        no=_("Garder la séance"),
        step=_("Effacer"),
        place=_("Séance %(code)s", code=details.session.code),
        back=back,
    )

    def again(status: int = 200) -> Response:
        return confirmation.ask_confirmation(question, form, status)

    def act(_values: dict[str, Any]) -> None:
        withdrawal_commands.withdraw_session(actor, project, details)

    def on_success(_result: None) -> Response:
        flash(_("La séance est effacée, et les chiffres sont recalculés."))
        return redirect_to_path(url_for("rounds.page", slug=slug, number=details.round.number))

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, on_success, again)
