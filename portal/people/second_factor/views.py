"""Pages of second factors: the question at the sign-in, recovery, and one's own factors."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from portal.people.accounts import queries as people
from portal.people.accounts.access_commands import list_personal_tokens_and_links
from portal.people.accounts.forms import KeepTokensAndLinksForm
from portal.people.accounts.known_browser_views import remember_proved_browser
from portal.people.accounts.models import Person, SignedInPerson
from portal.people.accounts.session_commands import queue_failure_letter, record_failed_factor
from portal.people.accounts.views import get_password_hasher, start_browser_session
from portal.people.second_factor import commands, proof_commands, queries
from portal.people.second_factor.code_rules import provisioning_uri
from portal.people.second_factor.forms import (
    FirstCodeForm,
    ProofForm,
    RecoveryCheckForm,
    RecoveryCodeForm,
)
from portal.people.second_factor.gate_views import is_factor_demanded_here
from portal.people.second_factor.passkey_views import (
    build_removal_page,
    get_relying_party,
    is_viewing_forbidden_removal,
    pop_challenge_id,
    removal_done_message,
)
from portal.people.second_factor.proof_commands import ProofServices
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import make_form
from portal.platform.web.qr_codes import build_qr_code_path
from portal.platform.web.rate_limits import is_last_try
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.urls import own_path_or
from portal.platform.web.writes import ButtonForm, write, write_button, write_page

bp = Blueprint("second_factor", __name__)

SHOWN_ONCE = "recovery codes"  # the flash category that the page shows as the codes


@bp.get("/second-factor")
def ask_proof() -> Response:
    form = ProofForm(formdata=None, next=request.args.get("next", ""))
    return _render_question_page(form, 200)


@bp.get("/second-factor/done")
def proved() -> Response:
    """Where the question leads that was opened beside a form: the form is in the other window."""
    return render("people/second_factor/proved.html")


@bp.post("/second-factor")
def verify() -> Response:
    form = ProofForm()

    def act(_values: dict[str, Any]) -> SignedInPerson | None:
        checks = ProofServices(get_service(SecretBox), get_password_hasher(), get_relying_party())
        signed_in = people.get_signed_in(current_user.token)
        proved = proof_commands.accept_proof(signed_in, form.proof(pop_challenge_id()), checks)
        if proved is None:
            _queue_failure_letter_to_owner(signed_in.person)
        return proved

    def on_success(signed_in: SignedInPerson | None) -> Response:
        if signed_in is None:
            form.refuse(_describe_proof_failure(form))
            return _render_question_page(form, 422)
        start_browser_session(signed_in)
        response = redirect_to_path(own_path_or(form.next.data, url_for("home.index")))
        if signed_in.person.second_factor_at is not None:
            remember_proved_browser(response, signed_in.person)
        return response

    return submit(form, act, on_success, lambda status: _render_question_page(form, status))


def _describe_proof_failure(form: ProofForm) -> str:
    """Why a proof does not hold, by what was sent."""
    if form.credential.data:
        return _("Cette clé d’accès n’a pas été reconnue. Réessayez.")
    if current_user.has_second_factor:
        return _("Ce n’est pas le bon code, ou il a déjà servi. Attendez le suivant.")
    return _("Ce n’est pas votre mot de passe.")


def _queue_failure_letter_to_owner(person: Person) -> None:
    """Tell by mail that somebody who knows the password used up the tries of the second factor."""
    if is_last_try() and person.second_factor_at is not None:
        queue_failure_letter(person, "code-failures")


def _render_question_page(form: ProofForm, status: int) -> Response:
    person = people.get_own_person(actor)
    factors = queries.get_factors(person)
    return render(
        "people/second_factor/challenge.html",
        status=status,
        form=form,
        asks_password=person.second_factor_at is None,
        has_password=person.password_hash is not None,
        has_codes=factors.one_time_secret is not None,
        has_passkeys=bool(factors.passkeys),
        again=list_proof_buttons() if current_user.federated_proof else [],
    )


@dataclass(frozen=True)
class ProofButton(Contribution):
    """A button that proves a session again at the service that opened it."""

    endpoint: str
    label: LazyString


def list_proof_buttons() -> list[tuple[str, str]]:
    """(path, label) of the proofs at other services."""
    return [(url_for(each.endpoint), str(each.label)) for each in list_contributions(ProofButton)]


@bp.get("/second-factor/recovery", endpoint="recover_page")
@bp.post("/second-factor/recovery")
def use_recovery_code() -> Response:
    form = make_form(RecoveryCodeForm, next=request.args.get("next", ""))

    def page(status: int) -> Response:
        return render("people/second_factor/recover.html", status=status, form=form)

    if request.method == "GET":
        return page(200)

    def act(values: dict[str, Any]) -> SignedInPerson | None:
        signed_in = people.get_signed_in(current_user.token)
        recovered = commands.sign_in_by_recovery_code(signed_in, values["code"])
        if recovered is None:
            record_failed_factor(signed_in.person, "recovery code")
            _queue_failure_letter_to_owner(signed_in.person)
        return recovered

    def on_success(signed_in: SignedInPerson | None) -> Response:
        if signed_in is None:
            form.refuse(_("Ce n’est pas un de vos codes de secours."))
            return page(422)
        start_browser_session(signed_in)
        flash(
            _("Votre second facteur, vos autres sessions et vos jetons sont retirés. Choisissez-en un autre.")
        )
        return redirect_to(".page")

    try:
        return submit(form, act, on_success, page)
    except NotFound:  # a code was typed in another window at the same moment, which ended this session
        flash(_("Votre session vient de se fermer : un code de secours a servi ailleurs. Reconnectez-vous."))
        return redirect_to("accounts.sign_in")


@bp.get("/profile/second-factor")
def page() -> Response:
    return _render_own_factors_page(200)


def _render_own_factors_page(status: int, button: Form | None = None) -> Response:
    person = people.get_own_person(actor)
    return render(
        "people/second_factor/page.html",
        status=status,
        me=person,
        factors=queries.get_factors(person),
        is_demanded=is_factor_demanded_here(),
        is_open=current_user.federated_proof,
        button=button or ButtonForm(formdata=None),
    )


@bp.post("/profile/second-factor/codes/new")
def start_codes() -> Response:
    return write_button(
        lambda: commands.start_one_time_codes(actor, people.get_own_person(actor), get_service(SecretBox)),
        message="",
        to=url_for(".codes"),
        page=_render_own_factors_page,
    )


@bp.get("/profile/second-factor/codes", endpoint="codes")
@bp.post("/profile/second-factor/codes")
def confirm_codes() -> Response:
    person = people.get_own_person(actor)
    pending = queries.get_factors(person).pending_secret
    secret = get_service(SecretBox).open(pending.closed_secret) if pending else None
    if secret is None:
        return redirect_to(".page")
    is_enrolled = person.second_factor_at is not None
    form = make_form(FirstCodeForm, list_personal_tokens_and_links(person) if is_enrolled else ())
    uri = provisioning_uri(secret, person.email, _("Portail des lauréats"))
    return write(
        form,
        lambda values: commands.confirm_one_time_codes(
            actor,
            people.get_signed_in(current_user.token),
            values["code"],
            get_service(SecretBox),
            form.chosen_keys,
        ),
        message=_("Application de codes ajoutée."),
        to=url_for(".page" if is_enrolled else ".recovery"),
        page=lambda status: render(
            "people/second_factor/codes.html",
            status=status,
            form=form,
            qr_code=build_qr_code_path(uri),
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        ),
    )


@bp.get("/profile/second-factor/codes/remove", endpoint="remove_codes_page")
@bp.post("/profile/second-factor/codes/remove")
def remove_codes() -> Response:
    if is_viewing_forbidden_removal():
        return redirect_to(".page")
    form = make_form(KeepTokensAndLinksForm, list_personal_tokens_and_links(people.get_own_person(actor)))
    return write_page(
        build_removal_page(_("Retirer l’application de codes ?")),
        form,
        lambda _values: commands.remove_one_time_codes(
            actor,
            people.get_signed_in(current_user.token),
            is_demanded=is_factor_demanded_here(),
            keep=form.chosen_keys,
        ),
        message=lambda is_last: removal_done_message(_("Application de codes retirée."), is_last=is_last),
    )


@bp.post("/profile/second-factor/recovery/new")
def renew_recovery_codes() -> Response:
    form = ButtonForm()

    def on_success(codes: list[str]) -> Response:
        flash(" ".join(codes), SHOWN_ONCE)
        return redirect_to(".recovery")

    return submit(
        form,
        lambda _values: commands.renew_recovery_codes(actor, people.get_own_person(actor)),
        on_success,
        lambda status: _render_own_factors_page(status, form),
    )


@bp.get("/profile/second-factor/recovery", endpoint="recovery")
@bp.post("/profile/second-factor/recovery")
def finish_enrolment() -> Response:
    """Show new recovery codes once; typing one of them ends an enrolment."""
    person = people.get_own_person(actor)
    is_enrolled = person.second_factor_at is not None
    form = make_form(RecoveryCheckForm, () if is_enrolled else list_personal_tokens_and_links(person))

    def page(status: int) -> Response:
        return render(
            "people/second_factor/recovery.html",
            status=status,
            form=form,
            factors=queries.get_factors(person),
            is_enrolled=is_enrolled,
            shown_once=SHOWN_ONCE,
        )

    if request.method == "GET":
        return page(200)

    def on_success(signed_in: SignedInPerson) -> Response:
        start_browser_session(signed_in)
        flash(_("C’est fait : un second facteur sera demandé à chaque connexion."))
        response = redirect_to(".page")
        remember_proved_browser(response, signed_in.person)
        return response

    return submit(
        form,
        lambda values: commands.finish_enrolment(
            actor, people.get_signed_in(current_user.token), values["code"], form.chosen_keys
        ),
        on_success,
        page,
    )
