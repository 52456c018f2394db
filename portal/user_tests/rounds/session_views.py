"""Sessions: start, consent, results, end, withdrawal."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request

from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CONFLICT, UNPROCESSABLE, CreateForm, Form, submit
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import EntryAboveForm, FormPage, make_form
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment
from portal.platform.web.writes import write, write_page
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import (
    attachments_context,
    load_project_and_row,
    load_project_and_row_to_write,
)
from portal.user_tests.rounds import (
    policy,
    queries,
    session_commands,
    session_labels,
    session_queries,
    withdrawal_commands,
)
from portal.user_tests.rounds.page_views import (
    ROUND_PATH,
    SESSION_PATH,
    build_round_url,
    build_session_url,
    read_proposed_consents,
    trail_to_round,
)
from portal.user_tests.rounds.session_commands import SessionSaveResult
from portal.user_tests.rounds.session_entry_commands import compute_elapsed_seconds
from portal.user_tests.rounds.session_field_forms import SessionBeginForm, SessionConsentForm, SessionEndForm
from portal.user_tests.rounds.session_forms import WholeSessionForm, list_field_errors
from portal.user_tests.rounds.session_queries import SessionDetails

bp = Blueprint("test_sessions", __name__, url_prefix="/projects/<slug>/tests")


@bp.route(f"{ROUND_PATH}/sessions/new", methods=["GET", "POST"])
def begin(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    if request.method in SAFE_METHODS:
        session_commands.require_round_open(project, round_)
        session_commands.require_round_ready(project, round_)
    groups = session_queries.list_selectable_groups(round_)
    form = make_form(SessionBeginForm, groups, group=groups[0].number if groups else 0)
    page = FormPage(
        title=_("Nouvelle séance de la série %(n)s", n=number),
        lead=_("Le portail donne un code à la personne. Son nom ne s’écrit nulle part."),
        trail=trail_to_round(project, round_),
        step=_("Nouvelle séance"),
        yes=_("Donner un code"),
        changes_title=_("Avant le premier accord"),
        changes=[
            EntryAboveForm(text.note, [text._replace(note="")])
            for text in read_proposed_consents(project, round_)
        ],
    )

    return write_page(
        page,
        form,
        lambda values: session_commands.begin_session(
            actor, project, round_, form.selected_group(), is_rehearsal=values["is_rehearsal"]
        ),
        message=lambda session: _("Code %(code)s. Demandez l’accord de la personne.", code=session.code),
        to=lambda session: build_session_url(project, session),
    )


@bp.get(SESSION_PATH)
def page(slug: str, number: int) -> Response:
    project, details = load_project_and_row(slug, number, session_queries.read_session)
    return _show_session(project, WholeSessionForm(details))


def _show_session(project: Project, sheet: WholeSessionForm, status: int = 200, **overrides: Any) -> Response:
    details = sheet.details
    permissions = {
        "can_mend": policy.can_correct_sessions(actor, project),
        "can_run": policy.can_run_sessions(actor, project, details.round),
        "can_withdraw": policy.can_withdraw_session(actor, project),
    }
    context: dict[str, Any] = (
        {"refused": None, "form": None} | _build_consent_context(project, details) | overrides
    )
    files = {} if wants_fragment() else attachments_context(project, details.session)
    return render(
        "user_tests/rounds/session.html",
        fragment="parts",
        status=status,
        project=project,
        details=details,
        parts={part.key: part for part in sheet.parts},
        field_errors=list_field_errors(sheet.parts),
        scale=session_labels.scale_wording(details.round.scale),
        ease=session_labels.ease_wording(),
        elapsed=compute_elapsed_seconds,
        labels=session_labels,
        **permissions,
        **files,
        **context,
    )


def _build_consent_context(project: Project, details: SessionDetails) -> dict[str, Any]:
    """Return the consent form, the languages of the texts and those to read over first, of a session not
    started yet."""
    if details.session.started_at is not None:
        return {}
    return {
        "consent": SessionConsentForm(formdata=None, consent_on=clock.today_for_reader()),
        "languages": session_queries.list_consent_languages(details.round),
        "proposed_consents": []
        if details.session.is_rehearsal
        else read_proposed_consents(project, details.round),
    }


@bp.post(SESSION_PATH)
def save(slug: str, number: int) -> Response:
    """Save all parts, or those that `only` names; valid fields are saved even if others are not.

    Answers a fragment with 200 where anything was saved, else 409 or 422.
    """
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    sent = WholeSessionForm(details, request.form)

    def show_saved() -> Response:
        flash(_("Enregistré."))
        return redirect_to_path(f"{build_session_url(project, details.session)}#{_find_part_anchor(sent)}")

    return _save_sent_values(project, sent, show_saved)


def _save_sent_values(
    project: Project, sent: WholeSessionForm, show_saved: Callable[[], Response]
) -> Response:
    """Save the values sent; show the page again where any of them is refused, or for a fragment."""
    form = Form()

    def on_success(result: SessionSaveResult) -> Response:
        sheet = _reload_session_form(project, sent)
        is_refused = sheet.restore_refused_parts(sent, result.clashes, is_part_alone=wants_fragment())
        if not is_refused and not wants_fragment():
            return show_saved()
        if not is_refused or result.changed:
            return _show_session(project, sheet)
        return _show_session(project, sheet, CONFLICT if result.clashes else UNPROCESSABLE)

    def show_refused(status: int) -> Response:
        sent.read()
        sent.restore_sent_marks()
        return _show_session(project, sent, status, refused=form.refused_because, form=form)

    return submit(
        form,
        lambda _values: session_commands.save_session(actor, project, sent.details, sent.read()),
        on_success,
        show_refused,
    )


def _reload_session_form(project: Project, sent: WholeSessionForm) -> WholeSessionForm:
    sheet = WholeSessionForm(session_queries.read_session(actor, project, sent.details.session.number))
    keys = {part.key for part in sent.parts}
    sheet.parts = [part for part in sheet.parts if part.key in keys]
    return sheet


def _find_part_anchor(sent: WholeSessionForm) -> str:
    """Return the fragment of the part whose button was pressed."""
    name, _dash, number = request.form.get("deed", "").partition("-")
    keys = {part.key for part in sent.parts}
    return f"t{number}" if name and f"t{number}" in keys else "parts"


@bp.post(f"{SESSION_PATH}/consent")
def record_consent(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    form = SessionConsentForm()

    return write(
        form,
        lambda values: session_commands.record_consent(actor, project, details, values["consent_on"]),
        message=_("Accord noté. La séance peut commencer."),
        to=build_session_url(project, details.session),
        page=lambda status: _show_session(project, WholeSessionForm(details), status, consent=form),
    )


@bp.post(f"{SESSION_PATH}/end")
def end(slug: str, number: int) -> Response:
    """Save what the page of the session still holds, then end the session; a refused text comes back."""
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    sent = WholeSessionForm(details, request.form)
    if not sent.holds_values:
        return _end_session(project, details)
    return _save_sent_values(
        project,
        sent,
        lambda: _end_session(project, session_queries.read_session(actor, project, number)),
    )


def _end_session(project: Project, details: SessionDetails) -> Response:
    form = SessionEndForm()
    is_complete = not details.tasks_without_result and not details.missing_answer_count
    if not is_complete and details.session.ended_at is None and not form.confirmed.data:
        return ask_confirmation(_build_end_question(project, details), form)

    return write(
        form,
        lambda _values: session_commands.end_session(actor, project, details),
        message=_("Séance %(code)s terminée.", code=details.session.code),
        to=build_round_url(project, details.round),
        page=lambda status: _show_session(
            project, WholeSessionForm(details), status, refused=form.refused_because, form=form
        ),
    )


def _build_end_question(project: Project, details: SessionDetails) -> ConfirmationQuestion:
    return ConfirmationQuestion(
        title=_("Terminer la séance %(code)s ?", code=details.session.code),
        means=session_labels.missing_parts_sentences(details),
        yes=_("Terminer quand même"),
        no=_("Compléter la séance"),
        step=_("Terminer"),
        place=_("Séance %(code)s", code=details.session.code),
        back=build_session_url(project, details.session),
    )


@bp.route(f"{SESSION_PATH}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> Response:
    """Delete a session after a confirmation, in any project state."""
    project, details = load_project_and_row(slug, number, session_queries.read_session)
    withdrawal_commands.require_may_withdraw_session(actor, project)
    form = CreateForm()
    question = ConfirmationQuestion(
        title=_("Supprimer la séance %(code)s ?", code=details.session.code),
        lead=_("À faire dès que la personne le demande, sans lui demander pourquoi."),
        means=(
            _("Ses résultats, ses réponses, les notes et les fichiers sont supprimés aussitôt."),
            _("Les chiffres de la série sont recalculés sans elle."),
            _("Rien ne permet de revenir en arrière. Le code ne sera plus jamais donné."),
        ),
        yes=_("Supprimer définitivement"),
        no=_("Garder la séance"),
        step=_("Supprimer"),
        place=_("Séance %(code)s", code=details.session.code),
        back=build_session_url(project, details.session),
    )

    return write(
        form,
        lambda _values: withdrawal_commands.withdraw_session(actor, project, details),
        message=_("La séance est supprimée, et les chiffres sont recalculés."),
        to=build_round_url(project, details.round),
        page=lambda status: ask_confirmation(question, form, status),
    )
