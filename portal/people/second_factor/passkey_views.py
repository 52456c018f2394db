"""Passkeys: the challenge that a script asks for, a new key, its removal, and the sign-in by a key."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, session, url_for
from flask_login import current_user

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.access_commands import list_personal_tokens_and_links
from portal.people.accounts.forms import KeepTokensAndLinksForm
from portal.people.accounts.known_browser_views import remember_proved_browser
from portal.people.accounts.models import SignedInPerson
from portal.people.accounts.session_commands import record_failed_factor, record_session_proof
from portal.people.accounts.views import current_device, start_browser_session
from portal.people.second_factor import commands, passkey_commands, queries
from portal.people.second_factor.forms import AddPasskeyForm, PasskeySignInForm
from portal.people.second_factor.gate_views import is_factor_demanded_here
from portal.people.second_factor.passkey_commands import NewPasskey, PasskeyChallenge, RelyingParty
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.page_shell import set_language_cookie
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.urls import own_path_or
from portal.platform.web.writes import ButtonForm, write, write_page

bp = Blueprint("passkeys", __name__)

CHALLENGE_KEY = "challenge"  # of the browser's signed session: the id of the open request
REGISTER, PROVE = "register", "prove"  # what a script asks a challenge for; a sign-in otherwise


def get_relying_party() -> RelyingParty:
    """The host and origin of this installation; in development, those that the browser asked.

    Browsers make no passkey for an address in numbers.
    """
    settings = get_service(Settings)
    base = settings.public_base_url if settings.is_production else request.host_url.rstrip("/")
    return RelyingParty(urlsplit(base).hostname or "", base, _("Portail des lauréats"))


def pop_challenge_id() -> UUID | None:
    """The id of the challenge that this browser got, once."""
    hex_id = session.pop(CHALLENGE_KEY, None)
    return UUID(hex=hex_id) if isinstance(hex_id, str) else None


@bp.post("/passkeys/challenge")
def challenge() -> Response:
    """A challenge for the script of passkeys, as JSON."""
    form = ButtonForm()
    return submit(
        form,
        lambda _values: _make_challenge(),
        _challenge_response,
        _challenge_refusal_response,
    )


def _make_challenge() -> PasskeyChallenge:
    party, purpose = get_relying_party(), request.form.get("purpose", "")
    if find_actor() is None or purpose not in {REGISTER, PROVE}:
        return passkey_commands.create_proof_challenge(None, party)
    person = people.get_own_person(actor)
    if purpose == REGISTER:
        return passkey_commands.create_registration_challenge(actor, person, party)
    return passkey_commands.create_proof_challenge(person, party)


def _challenge_response(issued: PasskeyChallenge) -> Response:
    session[CHALLENGE_KEY] = issued.request_id.hex
    return jsonify(issued.options)


def _challenge_refusal_response(status: int) -> Response:
    response = jsonify({})
    response.status_code = status
    return response


@bp.post("/sign-in/passkey")
def sign_in() -> Response:
    """Sign in by a passkey alone: it asks for a PIN or a finger, so it is two factors."""
    form = PasskeySignInForm()

    def act(values: dict[str, Any]) -> SignedInPerson | None:
        person = passkey_commands.find_passkey_signer(
            passkey_commands.SIGN_IN, values["credential"], pop_challenge_id(), get_relying_party()
        )
        if person is None:
            record_failed_factor(None, "passkey")
            return None
        if find_actor():  # end the session that was open in this browser
            accounts.sign_out(actor, people.get_own_session(actor, current_user.session_id))
        return record_session_proof(accounts.open_session(person, current_device()), "passkey")

    def on_success(signed_in: SignedInPerson | None) -> Response:
        if signed_in is None:
            form.refuse(_("Cette clé d’accès n’est pas connue ici, ou son compte est fermé."))
            return _render_passkey_refused_page(form, 422)
        start_browser_session(signed_in)
        response = redirect_to_path(own_path_or(form.next.data, url_for("home.index")))
        set_language_cookie(response, signed_in.person.locale)
        remember_proved_browser(response, signed_in.person)
        return response

    return submit(form, act, on_success, lambda status: _render_passkey_refused_page(form, status))


def _render_passkey_refused_page(form: PasskeySignInForm, status: int) -> Response:
    return render("people/second_factor/passkey_refused.html", status=status, form=form)


@bp.get("/profile/second-factor/passkeys", endpoint="add_page")
@bp.post("/profile/second-factor/passkeys")
def add() -> Response:
    person = people.get_own_person(actor)
    is_enrolled = person.second_factor_at is not None
    form = make_form(AddPasskeyForm, list_personal_tokens_and_links(person) if is_enrolled else ())
    return write(
        form,
        lambda values: passkey_commands.add_passkey(
            actor,
            people.get_signed_in(current_user.token),
            NewPasskey(name=values["name"], credential=values["credential"], request_id=pop_challenge_id()),
            get_relying_party(),
            form.chosen_keys,
        ),
        message=_("Clé d’accès ajoutée."),
        to=url_for("second_factor.page" if is_enrolled else "second_factor.recovery"),
        page=lambda status: render("people/second_factor/passkey.html", status=status, form=form),
    )


@bp.get("/profile/second-factor/passkeys/<uuid:passkey_id>/remove", endpoint="remove_page")
@bp.post("/profile/second-factor/passkeys/<uuid:passkey_id>/remove")
def remove(passkey_id: UUID) -> Response:
    passkey = queries.get_own_passkey(actor, passkey_id)
    if is_viewing_forbidden_removal():
        return redirect_to("second_factor.page")
    form = make_form(KeepTokensAndLinksForm, list_personal_tokens_and_links(people.get_own_person(actor)))
    return write_page(
        build_removal_page(_("Retirer la clé « %(name)s » ?", name=passkey.name)),
        form,
        lambda _values: commands.remove_passkey(
            actor,
            people.get_signed_in(current_user.token),
            passkey,
            is_demanded=is_factor_demanded_here(),
            keep=form.chosen_keys,
        ),
        message=lambda is_last: removal_done_message(_("Clé d’accès retirée."), is_last=is_last),
    )


def is_viewing_forbidden_removal() -> bool:
    """Whether a removal is looked at that a role forbids: the page of factors says so, and offers none."""
    factors = queries.get_factors(people.get_own_person(actor))
    return request.method == "GET" and is_factor_demanded_here() and factors.count == 1


def removal_done_message(removal: str, *, is_last: bool) -> str:
    """The message after a removal; `is_last`: no other factor is left."""
    return removal + " " + _("Aucun second facteur ne vous sera plus demandé.") if is_last else removal


def build_removal_page(title: str) -> FormPage:
    """The page that asks before a factor is removed."""
    lead = _("Elle ne servira plus à vous connecter. Vos autres sessions se ferment, et un courriel le dit.")
    person = people.get_own_person(actor)
    if person.second_factor_at is not None and queries.get_factors(person).count == 1:
        lead = _("C’est votre dernier second facteur : aucun ne vous sera plus demandé.") + " " + lead
    return FormPage(
        title=title,
        lead=lead,
        trail=[
            (_("Mon profil"), url_for("accounts.profile")),
            (_("Second facteur"), url_for("second_factor.page")),
        ],
        step=_("Retirer"),
        yes=_("Retirer"),
    )
