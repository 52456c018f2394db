"""A forgotten password: asking for a letter, and choosing another by its link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, session
from flask_login import current_user, logout_user

from portal.accounts import commands, links, policy, queries, resets
from portal.accounts.forms import ForgottenForm, NewPasswordForm
from portal.accounts.models import Person
from portal.accounts.views import as_actor, passwords
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.web.actor import current_actor as actor
from portal.web.actor import find_actor
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("passwords", __name__)

GONE = 410


@bp.get("/forgotten-password")
def forgotten() -> Response:
    return _forgotten_page(ForgottenForm(formdata=None))


@bp.post("/forgotten-password")
def ask() -> Response:
    """One and the same answer, whoever has the address and whether anybody does."""
    form = ForgottenForm()
    return submit(
        form,
        lambda given: resets.ask(given["email"]),
        lambda _made: see(".asked"),
        lambda status: _forgotten_page(form, status),
    )


@bp.get("/forgotten-password/sent")
def asked() -> Response:
    return render("accounts/asked.html")


def _forgotten_page(form: ForgottenForm, status: int = 200) -> Response:
    return render("accounts/forgotten.html", status=status, form=form)


@bp.get("/new-password/<token>")
def open_link(token: str) -> Response:
    opened = links.hold(token, links.RESET)
    return see(".choose") if opened and _find(opened[1]) else _gone()


@bp.get("/new-password")
def choose() -> Response:
    held = links.held(links.RESET)
    if held is None:
        return see(".forgotten")
    person = _find(held[1])
    return _choose_page(person, NewPasswordForm(formdata=None)) if person else _gone()


@bp.post("/new-password")
def replace() -> Response:
    held = links.held(links.RESET)
    if held is None:
        return see(".forgotten")
    person, form = _find(held[1]), NewPasswordForm()
    if person is None:
        return _gone()

    def act(given: dict[str, Any]) -> None:
        resets.choose(as_actor(person), held[1], given["password"], passwords())

    def done(_made: None) -> Response:
        if find_actor():  # whoever was signed in here is not any more
            commands.sign_out(actor, queries.get_own_session(actor, current_user.session_id))
            logout_user()
        session.clear()
        flash(_("Votre mot de passe est changé. Connectez-vous avec le nouveau."))
        return see("accounts.sign_in")

    try:
        return submit(form, act, done, lambda status: _choose_page(person, form, status))
    except NotFound:  # the link served elsewhere at the same moment
        return _gone()


def _choose_page(person: Person, form: NewPasswordForm, status: int = 200) -> Response:
    return render(
        "accounts/choose_password.html",
        status=status,
        account=person,
        form=form,
        least=policy.least_password(as_actor(person)),
    )


def _gone() -> Response:
    """The link has served, or is too old, or never was one; and the way to ask for another."""
    form = ForgottenForm(formdata=None)
    form.refuse(
        _(
            "Ce lien a déjà servi, ou il a plus d’une heure. Si vous venez de changer votre mot de "
            "passe, connectez-vous ; sinon, demandez un autre lien."
        )
    )
    return _forgotten_page(form, GONE)


def _find(reset_id: UUID) -> Person | None:
    try:
        return queries.get_reset(reset_id)[1]
    except NotFound:
        return None
