"""The sign-in by ProConnect: there and back, sign-out included.

The return is a GET that changes nothing: its page sends a form, by itself where scripts run.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, session, url_for
from flask_login import current_user

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.models import SignedInPerson
from portal.people.accounts.session_commands import add_sign_in_challenge, record_failed_factor
from portal.people.accounts.views import WAITING_KEY, current_device, start_browser_session
from portal.people.proconnect import commands, provider_commands, queries
from portal.people.proconnect.commands import ProviderReturnContext, ProviderReturnResult, ReturnOutcome
from portal.people.proconnect.forms import ProviderReturnForm, ProviderStartForm
from portal.people.proconnect.labels import failure_sentence
from portal.people.proconnect.provider_commands import ProviderFailed
from portal.people.programmes.invitation_views import find_invitation_id
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import ProConnect, Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.page_shell import choose_locale, set_language_cookie
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.urls import own_path_or

bp = Blueprint("proconnect", __name__)

# Of the browser's signed session: the request under way, and the link of the invitation that it accepts.
REQUEST_KEY, OFFER_KEY = "proconnect", "proconnect_offer"


def find_proconnect_settings() -> ProConnect | None:
    """How ProConnect is reached; None where it is not configured."""
    return get_service(Settings).proconnect


def button_label() -> str:
    """The label that ProConnect's terms ask for; "" where it is not configured."""
    settings = find_proconnect_settings()
    if settings is None:
        return ""
    return _("S’identifier avec ProConnect") if button_brand() else _("ProConnect (démonstration)")


def button_brand() -> str:
    """The name that ProConnect's own button shows; "" for the demonstration, on this machine alone."""
    settings = find_proconnect_settings()
    return "ProConnect" if settings and not settings.url.startswith("http://") else ""


def return_url(endpoint: str) -> str:
    """The address of a page of the portal to which the provider leads back."""
    return get_service(Settings).public_base_url + url_for(endpoint)


@bp.post("/sign-in/proconnect")
def start() -> Response:
    return _start_provider_sign_in("sign-in")


@bp.post("/profile/proconnect/link")
def link() -> Response:
    return _start_provider_sign_in("link")


@bp.post("/second-factor/proconnect")
def prove() -> Response:
    return _start_provider_sign_in("prove")


def _start_provider_sign_in(aim: str) -> Response:
    form, settings = ProviderStartForm(), find_proconnect_settings()
    if settings is None:
        return redirect_to("accounts.sign_in")

    def act(values: dict[str, Any]) -> str:
        provider_commands.refresh_provider_discovery(settings)  # no transaction waits for another service
        offer_id = find_invitation_id(values["offer"]) if values["offer"] else None
        session[OFFER_KEY] = values["offer"] if offer_id else ""
        needs_mfa = aim == "prove"
        hint = people.get_own_person(actor).email if needs_mfa else ""
        plan = ProviderSignInRequest(aim, values["next"], offer_id.hex if offer_id else "", needs_mfa, hint)
        return _store_request_and_get_provider_url(settings, plan)

    try:
        return submit(
            form, act, redirect_to_path, lambda status: render_failure_page("replayed", status=status)
        )
    except ProviderFailed as failed:
        return render_failure_page(failed.code, failed.detail)


@dataclass(frozen=True)
class ProviderSignInRequest:
    """What a sign-in at the provider is for: `sign-in`, `link`, or `prove`."""

    aim: str
    next_path: str
    offer: str = ""  # the id of an invitation
    needs_mfa: bool = False
    hint: str = ""  # an address


def _store_request_and_get_provider_url(settings: ProConnect, plan: ProviderSignInRequest) -> str:
    """Store what the return must match; return the address at the provider."""
    started = provider_commands.start_sign_in(
        settings, return_url("proconnect.come_back"), hint=plan.hint, needs_mfa=plan.needs_mfa
    )
    facts = {
        "aim": plan.aim,
        "nonce": started.nonce,
        "verifier": started.verifier,
        "next": plan.next_path,
        "offer": plan.offer,
        "mfa": "1" if plan.needs_mfa else "",
    }
    person_id = actor.person_id if plan.aim != "sign-in" else None
    request_id = add_sign_in_challenge(commands.SIGN_IN, started.state, person_id=person_id, facts=facts)
    session[REQUEST_KEY] = request_id.hex
    return started.url


@bp.get("/sign-in/proconnect/return")
def come_back() -> Response:
    values = {name: request.args.get(name, "") for name in ("code", "state", "error")}
    if not any(values.values()):  # nobody comes back: a page of this address was left by its language
        return redirect_to("accounts.sign_in")
    return render("people/proconnect/come_back.html", form=ProviderReturnForm(formdata=None, data=values))


@bp.post("/sign-in/proconnect/return")
def finish() -> Response:
    form, settings = ProviderReturnForm(), find_proconnect_settings()
    if settings is None:
        return redirect_to("accounts.sign_in")
    hex_id = session.pop(REQUEST_KEY, None)
    request_id = UUID(hex=hex_id) if isinstance(hex_id, str) else None

    def act(values: dict[str, Any]) -> tuple[ProviderReturnResult, dict[str, str]]:
        facts = request_id and queries.find_sign_in_facts(request_id, commands.SIGN_IN, values["state"])
        if not facts or request_id is None:
            return ProviderReturnResult(ReturnOutcome.REPLAYED), {}
        if values["error"] or not values["code"]:
            raise ProviderFailed(values["error"][:60] or "answer")
        identity = provider_commands.finish_sign_in(
            settings, return_url("proconnect.come_back"), values["code"], facts
        )
        context = ProviderReturnContext(
            request_id=request_id,
            state=values["state"],
            settings=settings,
            demanding_roles=get_service(Settings).second_factor_roles,
            box=get_service(SecretBox),
            device=current_device(),
            locale=choose_locale(),
            current=people.get_signed_in(current_user.token) if find_actor() else None,
        )
        result = commands.resolve_provider_return(identity, context, find_actor())
        if result.outcome is ReturnOutcome.SIGNED_IN and context.current and facts["aim"] == "sign-in":
            accounts.sign_out(actor, context.current.session)  # the session that was open in this browser
        return result, facts

    try:
        return submit(
            form,
            act,
            lambda result: _answer_provider_return(settings, *result),
            lambda status: render_failure_page("replayed", refused_form=form, status=status),
        )
    except ProviderFailed as failed:
        record_failed_factor(None, "proconnect")
        return render_failure_page(failed.code, failed.detail)


def _answer_provider_return(
    settings: ProConnect, result: ProviderReturnResult, facts: dict[str, str]
) -> Response:
    outcome, back = result.outcome, own_path_or(facts.get("next"), url_for("home.index"))
    offer_id = facts.get("offer", "")
    if outcome is ReturnOutcome.SIGNED_IN and result.signed_in is not None:
        offer = session.get(OFFER_KEY) if offer_id and not result.is_new else None
        if offer:  # its page asks whether this account takes it
            back = url_for("invitations.show_invitation", token=offer)
        return _sign_in_browser(result.signed_in, back)
    if outcome is ReturnOutcome.NEEDS_MFA:
        plan = ProviderSignInRequest("sign-in", back, offer_id, needs_mfa=True, hint=result.email)
        return redirect_to_path(_store_request_and_get_provider_url(settings, plan))
    if outcome is ReturnOutcome.LINKED:
        flash(_("ProConnect ouvre désormais votre compte."))
        return redirect_to("proconnect_links.page")
    if result.pending_id is not None:
        session[WAITING_KEY] = result.pending_id.hex
        return redirect_to("proconnect.pending_identity")
    record_failed_factor(None, "proconnect")
    return render_failure_page(outcome.value, next_path=back)


def _sign_in_browser(signed_in: SignedInPerson, back: str) -> Response:
    start_browser_session(signed_in)
    if signed_in.person.second_factor_at is not None and signed_in.session.proved_at is None:
        back = url_for("second_factor.ask_proof", next=back)
    response = redirect_to_path(back)
    set_language_cookie(response, signed_in.person.locale)
    return response


def render_failure_page(
    code: str,
    detail: str = "",
    *,
    refused_form: Form | None = None,
    status: int | None = None,
    next_path: str = "",
) -> Response:
    """Say why a sign-in at the provider opened nothing, in the sentence of a code."""
    sentence = (refused_form.refused_because if refused_form else None) or failure_sentence(code, detail)
    usual = 503 if code == "down" else 422
    return render(
        "people/proconnect/failed.html",
        status=status or usual,
        sentence=sentence,
        can_start_anew=code == ReturnOutcome.STALE,
        signed_in=find_actor() is not None,
        next_path=next_path,
    )
