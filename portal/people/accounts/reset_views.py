"""Pages of forgotten passwords: request a letter, and choose a password by its link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, session, url_for
from flask_login import current_user, logout_user

from portal.people.accounts import commands, link_views, policy, queries, reset_commands
from portal.people.accounts.access_commands import list_access_beside_password
from portal.people.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from portal.people.accounts.models import Person
from portal.people.accounts.views import get_password_hasher, make_actor_of_person
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write

bp = Blueprint("passwords", __name__)

HTTP_GONE = 410


@bp.get("/forgotten-password", endpoint="forgotten")
@bp.post("/forgotten-password")
def ask() -> Response:
    """Answer alike whether or not the address has an account."""
    form = make_form(ForgottenPasswordForm)
    return write(
        form,
        lambda values: reset_commands.request_password_reset(values["email"]),
        message="",
        to=url_for(".asked"),
        page=lambda status: _render_forgotten_page(form, status),
    )


@bp.get("/forgotten-password/sent")
def asked() -> Response:
    return render("people/accounts/asked.html")


def _render_forgotten_page(form: ForgottenPasswordForm, status: int) -> Response:
    return render("people/accounts/forgotten.html", status=status, form=form)


@bp.get("/new-password/<token>")
def open_link(token: str) -> Response:
    opened = link_views.unseal_and_remember_mail_link(token, link_views.RESET_PURPOSE)
    return (
        redirect_to(".choose") if opened and _find_person_to_reset(opened[1]) else _render_link_expired_page()
    )


@bp.get("/new-password", endpoint="choose")
@bp.post("/new-password")
def choose_password() -> Response:
    opened_link = link_views.find_opened_link(link_views.RESET_PURPOSE)
    if opened_link is None:
        return redirect_to(".forgotten")
    person, form = _find_person_to_reset(opened_link[1]), make_form(NewPasswordForm)
    if person is None:
        return _render_link_expired_page()
    if request.method in SAFE_METHODS:
        return _render_new_password_page(person, form)

    def act(values: dict[str, Any]) -> None:
        reset_commands.reset_password_by_link(
            make_actor_of_person(person), opened_link[1], values["password"], get_password_hasher()
        )

    def on_success(_result: None) -> Response:
        if find_actor():  # end the session that was open in this browser
            commands.sign_out(actor, queries.get_own_session(actor, current_user.session_id))
            logout_user()
        session.clear()
        flash(_("Votre mot de passe est changé. Connectez-vous avec le nouveau."))
        return redirect_to("accounts.sign_in")

    try:
        return submit(form, act, on_success, lambda status: _render_new_password_page(person, form, status))
    except NotFound:  # the link was used elsewhere at the same moment
        return _render_link_expired_page()


def _render_new_password_page(person: Person, form: NewPasswordForm, status: int = 200) -> Response:
    return render(
        "people/accounts/choose_password.html",
        status=status,
        account=person,
        form=form,
        least=policy.min_password_length(make_actor_of_person(person)),
        lasting_ways=list_access_beside_password(person),
    )


def _render_link_expired_page() -> Response:
    """Render the form for another letter, because the link was used, is too old or is invalid."""
    form = ForgottenPasswordForm(formdata=None)
    form.refuse(
        _(
            "Ce lien a déjà servi, ou il a plus d’une heure. Si vous venez de changer votre mot de "
            "passe, connectez-vous ; sinon, demandez un autre lien."
        )
    )
    return _render_forgotten_page(form, HTTP_GONE)


def _find_person_to_reset(reset_id: UUID) -> Person | None:
    try:
        return queries.get_reset_and_person(reset_id)[1]
    except NotFound:
        return None
