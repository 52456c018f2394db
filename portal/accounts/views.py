"""Signing in and out, one's own profile, and the language of the pages."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, flash, request, session, url_for
from flask_login import current_user, login_user, logout_user

from portal.accounts import commands, devices, links, policy, queries, resets
from portal.accounts.commands import Profile
from portal.accounts.devices import Device
from portal.accounts.forms import ButtonForm, LanguageForm, PasswordForm, ProfileForm, SignInForm
from portal.accounts.models import (
    PASSWORD_MIN_ADMINISTRATOR,
    PasswordReset,
    Person,
    SignedIn,
)
from portal.accounts.passwords import Passwords
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.web import kept
from portal.web.actor import Reader, be, find_actor
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.kept import KeptText
from portal.web.render import render, see, see_path
from portal.web.shell import keep_language, stand_alone
from portal.web.urls import own_or

bp = Blueprint("accounts", __name__)


def passwords() -> Passwords:
    """The installation's way of hashing, made once by the roof."""
    made: Passwords = current_app.extensions["passwords"]
    return made


def this_device() -> Device:
    return devices.read(request.user_agent.string)


def become(signed_in: SignedIn) -> None:
    """Make this browser theirs: a new session, nothing kept of the one before."""
    session.clear()
    login_user(signed_in)
    session.permanent = True


@bp.get("/sign-in")
def sign_in() -> Response:
    if find_actor():
        return see_path(own_or(request.args.get("next"), url_for("home.index")))
    return _sign_in_page(SignInForm(formdata=None, next=request.args.get("next", "")))


@bp.post("/sign-in")
def open_session() -> Response:
    form = SignInForm()

    def act(given: dict[str, str]) -> SignedIn | PasswordReset | None:
        signed_in = commands.sign_in(given["email"], given["password"], passwords(), this_device())
        if signed_in and _is_too_short(given["password"], signed_in.person):
            return resets.demand(signed_in)
        if signed_in and find_actor():  # whoever was signed in here is not any more
            commands.sign_out(actor, queries.get_own_session(actor, current_user.session_id))
        return signed_in

    def done(signed_in: SignedIn | PasswordReset | None) -> Response:
        if signed_in is None:
            form.refuse(_("Cette adresse et ce mot de passe ne vont pas ensemble."))
            return _sign_in_page(form, 422)
        if isinstance(signed_in, PasswordReset):
            links.keep(links.RESET, signed_in.id)
            flash(_("Votre mot de passe est trop court pour votre rôle. Choisissez-en un autre."))
            return see("passwords.choose")
        become(signed_in)
        back = own_or(form.next.data, url_for("home.index"))
        texts = kept.read_carried()
        response = _give_back(texts, back, signed_in.person) if texts else see_path(back)
        keep_language(response, signed_in.person.locale)
        return response

    return submit(form, act, done, lambda status: _sign_in_page(form, status))


def as_actor(person: Person) -> Actor:
    """Somebody who is not signed in, with their roles, which a floor above knows."""
    made: Actor = current_app.extensions["actor_for"](person.id)
    return made


def _is_too_short(password: str, person: Person) -> bool:
    """Who became an administrator after choosing it."""
    longest = PASSWORD_MIN_ADMINISTRATOR
    return len(password) < longest and len(password) < policy.least_password(as_actor(person))


def ask_again(texts: Sequence[KeptText]) -> Response:
    """Who sent a form after their session ended signs in, with what they typed before them."""
    form = SignInForm(formdata=None, next=kept.where_typed(url_for("home.index")))
    return _sign_in_page(form, 401, texts)


def _give_back(texts: Sequence[KeptText], back: str, person: Person) -> Response:
    """What came along through the sign-in, for whoever is signed in by this very request."""
    be(Actor(person.id, {}), Reader(person.name, person.locale, person.time_zone))
    stand_alone()
    return render("accounts/kept.html", texts=texts, back=back)


def _sign_in_page(
    form: SignInForm, status: int = 200, texts: Sequence[KeptText] | None = None
) -> Response:
    if not queries.has_people():
        return render("accounts/first_steps.html", status=status)
    texts = kept.read_carried() if texts is None else texts
    return render("accounts/sign_in.html", status=status, form=form, texts=texts)


@bp.post("/sign-out")
def sign_out() -> Response:
    commands.sign_out(actor, queries.get_own_session(actor, current_user.session_id))
    logout_user()
    session.clear()
    flash(_("Vous êtes déconnecté."))
    return see(".sign_in")


@bp.get("/profile")
def profile() -> Response:
    return _profile_page()


@bp.post("/profile")
def change_profile() -> Response:
    form, person = ProfileForm(), queries.get_own_profile(actor)

    def act(given: dict[str, Any]) -> None:
        version = given.pop("version")
        commands.change_profile(actor, person, Profile(**given), version)

    def done(_made: None) -> Response:
        flash(_("Profil enregistré."))
        return see(".profile")

    return submit(form, act, done, lambda status: _profile_page(status, form=form), stored=person)


@bp.post("/profile/password")
def change_password() -> Response:
    form = PasswordForm()

    def act(given: dict[str, str]) -> None:
        commands.change_password(
            actor,
            queries.get_signed_in(current_user.token),
            given["current_password"],
            given["password"],
            passwords(),
        )

    def done(_made: None) -> Response:
        flash(_("Mot de passe changé. Vos autres sessions sont fermées."))
        return see(".profile")

    return submit(form, act, done, lambda status: _profile_page(status, password_form=form))


def _profile_page(
    status: int = 200, form: ProfileForm | None = None, password_form: PasswordForm | None = None
) -> Response:
    person = queries.get_own_profile(actor)
    return render(
        "accounts/profile.html",
        status=status,
        me=person,
        form=form or ProfileForm(formdata=None, obj=person),
        password_form=password_form or PasswordForm(formdata=None),
        least=policy.least_password(actor),
        waiting=queries.find_own_address_change(actor),
        button=ButtonForm(formdata=None),
    )


@bp.post("/language")
def language() -> Response:
    """Remembered by the browser for a stranger, by the profile for a person."""
    form = LanguageForm()
    back = see_path(own_or(request.form.get("next"), url_for("home.index")))

    def act(given: dict[str, str]) -> str:
        if find_actor():
            commands.choose_language(actor, queries.get_own_profile(actor), given["locale"])
        return given["locale"]

    def done(locale: str) -> Response:
        keep_language(back, locale)
        return back

    return submit(form, act, done, lambda _status: back)
