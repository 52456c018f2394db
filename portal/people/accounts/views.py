"""Pages of sign-in, sign-out and one's own profile, and the choice of language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, g, request, session, url_for
from flask_login import current_user, login_user, logout_user

from portal.people.accounts import (
    commands,
    device_rules,
    link_views,
    policy,
    queries,
    reset_commands,
    session_commands,
)
from portal.people.accounts.access_commands import list_access_beside_password, list_personal_tokens_and_links
from portal.people.accounts.device_rules import Device
from portal.people.accounts.forms import ChangePasswordForm, LanguageForm, ProfileForm, SignInForm
from portal.people.accounts.known_browser_views import remember_browser
from portal.people.accounts.models import (
    PASSWORD_MIN_ADMINISTRATOR,
    OpenSession,
    PasswordReset,
    Person,
    SignedInPerson,
)
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import gettext as _
from portal.platform.web import recovered_text
from portal.platform.web.actor import ReaderProfile, find_actor, set_actor
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import make_form
from portal.platform.web.page_shell import disable_shell_context, set_language_cookie
from portal.platform.web.rate_limits import ACCOUNT_KEY, is_last_try
from portal.platform.web.recovered_text import RecoveredText
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.urls import own_path_or
from portal.platform.web.writes import ButtonForm, write

bp = Blueprint("accounts", __name__)

# Of the browser's signed session: the id of an identity that another service proved, not linked yet.
WAITING_KEY = "waiting_identity"


@dataclass(frozen=True)
class ActorFinder(Contribution):
    """Finds what a person may do, for a sign-in: roles are known by a feature above this one."""

    actor_for: Callable[[UUID], Actor]


@dataclass(frozen=True)
class SignOutElsewhere(Contribution):
    """Where a sign-out goes on, for a session that another service opened; None: nowhere."""

    find_url: Callable[[OpenSession], str | None]


def get_password_hasher() -> PortalPasswordHasher:
    """Return the installation's password hasher."""
    return get_service(PortalPasswordHasher)


def current_device() -> Device:
    """Return the device that sent this request."""
    return device_rules.parse_user_agent(request.user_agent.string)


def start_browser_session(signed_in: SignedInPerson) -> None:
    """Sign this browser in with a new browser session, empty but for what this person just proved elsewhere.

    What was proved while somebody else was signed in here is dropped.
    """
    account = signed_in.person.id.hex
    waiting = session.get(WAITING_KEY) if session.get(ACCOUNT_KEY, account) == account else None
    session.clear()
    login_user(signed_in)
    session[ACCOUNT_KEY] = account
    session.permanent = True
    if waiting is not None:
        session[WAITING_KEY] = waiting


@bp.get("/sign-in")
def sign_in() -> Response:
    if find_actor():
        return redirect_to_path(own_path_or(request.args.get("next"), url_for("home.index")))
    return _render_sign_in_page(SignInForm(formdata=None, next=request.args.get("next", "")))


@bp.post("/sign-in")
def open_session() -> Response:
    form = SignInForm()

    def act(values: dict[str, str]) -> SignedInPerson | PasswordReset | None:
        signed_in = commands.sign_in(
            values["email"], values["password"], get_password_hasher(), current_device()
        )
        if signed_in is None:
            session_commands.record_failed_sign_in(values["email"], is_last=is_last_try())
        if signed_in and _is_too_short_for_role(values["password"], signed_in.person):
            return reset_commands.end_session_and_add_reset(signed_in)
        if signed_in and find_actor():  # end the session that was open in this browser
            commands.sign_out(actor, queries.get_own_session(actor, current_user.session_id))
        return signed_in

    def on_success(signed_in: SignedInPerson | PasswordReset | None) -> Response:
        if signed_in is None:
            form.refuse(_("Cette adresse et ce mot de passe ne vont pas ensemble."))
            return _render_sign_in_page(form, 422)
        if isinstance(signed_in, PasswordReset):
            link_views.remember_link(link_views.RESET_PURPOSE, signed_in.id)
            flash(_("Votre mot de passe est trop court pour votre rôle. Choisissez-en un autre."))
            return redirect_to("passwords.choose")
        start_browser_session(signed_in)
        back = own_path_or(form.next.data, url_for("home.index"))
        if signed_in.person.second_factor_at is not None:
            back = url_for("second_factor.ask_proof", next=back)
        texts = recovered_text.read_texts_from_sign_in_form()
        response = (
            _render_recovered_texts_page(texts, back, signed_in.person) if texts else redirect_to_path(back)
        )
        set_language_cookie(response, signed_in.person.locale)
        remember_browser(response, signed_in.person.email)
        return response

    return submit(form, act, on_success, lambda status: _render_sign_in_page(form, status))


def make_actor_of_person(person: Person) -> Actor:
    """Return a person who is not signed in as an actor with their roles."""
    (finder,) = list_contributions(ActorFinder)
    return finder.actor_for(person.id)


def _is_too_short_for_role(password: str, person: Person) -> bool:
    """Tell whether a password is too short for a role that was given after it was chosen."""
    length = len(password)
    return length < PASSWORD_MIN_ADMINISTRATOR and length < policy.min_password_length(
        make_actor_of_person(person)
    )


def render_sign_in_again_page(texts: Sequence[RecoveredText]) -> Response:
    """Render the sign-in page with the texts of a form sent after the session had ended."""
    form = SignInForm(formdata=None, next=recovered_text.find_form_path(url_for("home.index")))
    return _render_sign_in_page(form, 401, texts)


def _render_recovered_texts_page(texts: Sequence[RecoveredText], back: str, person: Person) -> Response:
    """Render the texts carried through the sign-in, for the person whom this request signs in."""
    set_actor(Actor(person.id, {}), ReaderProfile(person.name, person.locale, person.time_zone))
    disable_shell_context()
    return render("people/accounts/kept.html", texts=texts, back=back)


@dataclass(frozen=True)
class SignInButton(Contribution):
    """A button of the sign-in page that leads to another service; `find_label` gives "" for none.

    `find_brand` gives the last words of the label where its terms ask for a button of their own.
    """

    endpoint: str
    find_label: Callable[[], str]
    find_brand: Callable[[], str]


def list_sign_in_buttons() -> list[tuple[str, str, str]]:
    """(path, label, brand) of the other ways in that are open."""
    ways = (
        (url_for(way.endpoint), way.find_label(), way.find_brand())
        for way in list_contributions(SignInButton)
    )
    return [way for way in ways if way[1]]


def _render_sign_in_page(
    form: SignInForm, status: int = 200, texts: Sequence[RecoveredText] | None = None
) -> Response:
    if not queries.has_people():
        return render("people/accounts/first_steps.html", status=status)
    texts = recovered_text.read_texts_from_sign_in_form() if texts is None else texts
    return render(
        "people/accounts/sign_in.html",
        status=status,
        form=form,
        texts=texts,
        ways=list_sign_in_buttons(),
        has_lapsed=bool(g.get("session_lapsed")),  # unused for too long
    )


@bp.post("/sign-out")
def sign_out() -> Response:
    ended = queries.get_own_session(actor, current_user.session_id)
    commands.sign_out(actor, ended)
    logout_user()
    session.clear()
    for elsewhere in list_contributions(SignOutElsewhere):
        url = elsewhere.find_url(ended)
        if url is not None:
            return redirect_to_path(url)
    flash(_("Vous êtes déconnecté."))
    return redirect_to(".sign_in")


@bp.get("/profile", endpoint="profile")
@bp.post("/profile")
def change_profile() -> Response:
    person = queries.get_own_person(actor)
    form = make_form(ProfileForm, obj=person)
    return write(
        form,
        lambda values: commands.change_profile(actor, person, form.profile(), values["version"]),
        message=_("Profil enregistré."),
        to=url_for(".profile"),
        page=lambda status: _render_profile_page(status, form=form),
        stored=person,
    )


@bp.post("/profile/password")
def change_password() -> Response:
    form = ChangePasswordForm(list_personal_tokens_and_links(queries.get_own_person(actor)))
    return write(
        form,
        lambda values: commands.change_password(
            actor,
            queries.get_signed_in(current_user.token),
            values["current_password"],
            values["password"],
            get_password_hasher(),
            keep=form.chosen_keys,
        ),
        message=_("Mot de passe changé. Vos autres sessions sont fermées."),
        to=url_for(".profile"),
        page=lambda status: _render_profile_page(status, password_form=form),
    )


def _render_profile_page(
    status: int, form: ProfileForm | None = None, password_form: ChangePasswordForm | None = None
) -> Response:
    person = queries.get_own_person(actor)
    return render(
        "people/accounts/profile.html",
        status=status,
        me=person,
        form=form or ProfileForm(formdata=None, obj=person),
        password_form=password_form
        or ChangePasswordForm(list_personal_tokens_and_links(person), formdata=None),
        least=policy.min_password_length(actor),
        lasting_ways=list_access_beside_password(person),
        waiting=queries.find_own_address_change(actor),
        button=ButtonForm(formdata=None),
    )


@bp.post("/language")
def language() -> Response:
    """Choose a language: stored in a cookie, and in the profile of a signed-in person."""
    form = LanguageForm()
    back = redirect_to_path(own_path_or(request.form.get("next"), url_for("home.index")))

    def act(values: dict[str, str]) -> str:
        if find_actor():
            commands.choose_language(actor, queries.get_own_person(actor), values["locale"])
        return values["locale"]

    def on_success(locale: str) -> Response:
        set_language_cookie(back, locale)
        return back

    return submit(form, act, on_success, lambda _status: back)
