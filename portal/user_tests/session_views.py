"""Running sessions: begin one, read the consent, type what happens, end it, forget it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import files_of, open_to_write
from portal.user_tests import policy, session_commands, session_queries, withdrawal
from portal.user_tests import session_words as words
from portal.user_tests.pen import elapsed
from portal.user_tests.session_commands import Kept
from portal.user_tests.session_fields import BeginForm, ConsentForm, PlainForm
from portal.user_tests.session_forms import SessionSheet, faults
from portal.user_tests.session_queries import Held
from portal.user_tests.sessions import TestSession
from portal.user_tests.workplace import ONE_ROUND, ONE_SESSION, address, trail_to_round
from portal.web import confirm
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import CONFLICT, UNPROCESSABLE, Form, submit
from portal.web.render import render, see_path, wants_fragment

bp = Blueprint("test_sessions", __name__, url_prefix="/projects/<slug>/tests")


@bp.route(f"{ONE_ROUND}/sessions/new", methods=["GET", "POST"])
def begin(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    round_ = session_queries.get_round(actor, project, number)
    if request.method in SAFE_METHODS:
        session_commands.require_open(project, round_)
        session_commands.require_ready(project, round_)
    groups = session_queries.list_choices(round_)
    form = fresh(BeginForm, groups, group=groups[0].number if groups else 0)
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
            actor, project, round_, form.chosen(), is_rehearsal=is_rehearsal
        )

    def done(made: TestSession) -> tuple[str, str]:
        return _("Code %(code)s. Demandez l’accord de la personne.", code=made.code), address(
            project, made
        )

    return ask(page, form, act, done)


@bp.get(ONE_SESSION)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    held = session_queries.read_session(actor, project, number)
    return _show(project, SessionSheet(held))


def _show(project: Project, sheet: SessionSheet, status: int = 200, **given: Any) -> Response:
    held = sheet.held
    may = {
        "can_mend": policy.can_mend(actor, project),
        "can_run": policy.can_run(actor, project, held.round),
        "can_withdraw": policy.can_withdraw(actor, project),
    }
    shown: dict[str, Any] = {"refused": None, "form": None} | _to_consent(held) | given
    around = {} if wants_fragment() else files_of(project, held.session)
    return render(
        "user_tests/session.html",
        fragment="parts",
        status=status,
        project=project,
        held=held,
        sheet=sheet,
        parts={one.key: one for one in sheet.parts},
        faults=faults(sheet.parts),
        scale=words.scale_words(held.round.scale),
        ease=words.ease_words(),
        elapsed=elapsed,
        words=words,
        **may,
        **around,
        **shown,
    )


def _to_consent(held: Held) -> dict[str, Any]:
    """What is asked before anything else: the form, and the texts to read."""
    if held.session.started_at is not None:
        return {}
    return {
        "consent": ConsentForm(formdata=None, consent_on=clock.today_here()),
        "languages": session_queries.list_consent_languages(held.round),
    }


@bp.post(ONE_SESSION)
def save(slug: str, number: int) -> Response:
    """All that was typed, or the parts that `only` names. What is right is kept whatever else is
    not: 200 where something was, else 409 or 422."""
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    sent = SessionSheet(held, request.form)
    form = Form()

    def act(_values: dict[str, Any]) -> Kept:
        return session_commands.save_session(actor, project, held, sent.read())

    def done(kept: Kept) -> Response:
        now = _as_it_is(project, sent)
        is_refused = now.give_back(sent, kept.clashes)
        if not is_refused and not wants_fragment():
            flash(_("Enregistré."))
            return see_path(f"{address(project, held.session)}#{_place(sent)}")
        if not is_refused or kept.changed:
            return _show(project, now)
        return _show(project, now, CONFLICT if kept.clashes else UNPROCESSABLE)

    def again(status: int) -> Response:
        sent.read()
        return _show(project, sent, status, refused=form.refused_because, form=form)

    return submit(form, act, done, again)


def _as_it_is(project: Project, sent: SessionSheet) -> SessionSheet:
    now = SessionSheet(session_queries.read_session(actor, project, sent.held.session.number))
    keys = {one.key for one in sent.parts}
    now.parts = [one for one in now.parts if one.key in keys]
    return now


def _place(sent: SessionSheet) -> str:
    """Where on the page whoever pressed a button was."""
    name, _dash, number = request.form.get("deed", "").partition("-")
    keys = {one.key for one in sent.parts}
    return f"t{number}" if name and f"t{number}" in keys else "parts"


@bp.post(f"{ONE_SESSION}/consent")
def agree(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    form = ConsentForm()

    def act(values: dict[str, Any]) -> None:
        session_commands.give_consent(actor, project, held, values["consent_on"])

    def done(_made: None) -> Response:
        flash(_("Accord noté. La séance peut commencer."))
        return see_path(address(project, held.session))

    def again(status: int) -> Response:
        return _show(project, SessionSheet(held), status, consent=form)

    return submit(form, act, done, again)


@bp.post(f"{ONE_SESSION}/end")
def end(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: dict[str, Any]) -> None:
        session_commands.end_session(actor, project, held)

    def done(_made: None) -> Response:
        flash(_("Séance %(code)s terminée.", code=held.session.code))
        return see_path(address(project, held.session))

    def again(status: int) -> Response:
        return _show(project, SessionSheet(held), status, refused=form.refused_because, form=form)

    return submit(form, act, done, again)


@bp.route(f"{ONE_SESSION}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> Response:
    """In any state of the project: it is the participant's right."""
    project = get_project(actor, slug)
    held = session_queries.read_session(actor, project, number)
    withdrawal.require_to_withdraw(actor, project)
    form = PlainForm()
    back = address(project, held.session)
    question = Question(
        title=_("Effacer la séance %(code)s ?", code=held.session.code),
        lead=_("À faire dès que la personne le demande, sans lui demander pourquoi."),
        means=(
            _("Ses résultats, ses réponses, les notes et les fichiers sont effacés aussitôt."),
            _("Les chiffres de la série sont recalculés sans elle."),
            _("Rien ne permet de revenir en arrière. Le code ne sera plus jamais donné."),
        ),
        yes=_("Effacer définitivement"),
        no=_("Garder la séance"),
        step=_("Effacer"),
        place=_("Séance %(code)s", code=held.session.code),
        back=back,
    )

    def again(status: int = 200) -> Response:
        return confirm.ask(question, form, status)

    def act(_values: dict[str, Any]) -> None:
        withdrawal.withdraw(actor, project, held)

    def done(_made: None) -> Response:
        flash(_("La séance est effacée, et les chiffres sont recalculés."))
        return see_path(url_for("rounds.page", slug=slug, number=held.round.number))

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, done, again)
