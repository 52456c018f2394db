"""The sign-in by ProConnect: there and back, sign-out included.

The return is a GET that changes nothing: its page sends a form, by itself where scripts run.
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, session, url_for
from flask_login import current_user

from portal.people.accounts import queries as people
from portal.people.accounts.models import OpenSession, SignedIn
from portal.people.accounts.session_commands import open_request, record_failure
from portal.people.accounts.views import current_device, start_browser_session
from portal.people.proconnect import commands, provider_commands, queries
from portal.people.proconnect.commands import ProviderReturn, ReturnContext, ReturnOutcome
from portal.people.proconnect.forms import ProviderReturnForm, ProviderStartForm
from portal.people.proconnect.labels import failure_sentence
from portal.people.proconnect.provider_commands import ProviderFailed
from portal.people.programmes.invitation_views import find_offer_id
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import ProConnect, Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.cookies import delete_cookie, read_cookie, set_cookie
from portal.platform.web.page_shell import choose_locale, set_language_cookie
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.urls import own_path_or

bp = Blueprint("proconnect", __name__)

REQUEST_KEY, OUT_KEY = "proconnect", "proconnect_out"  # of the browser's signed session
PENDING_COOKIE, PENDING_PURPOSE = "proconnect-link", "proconnect link"
PENDING_SECONDS = 600


def find_settings() -> ProConnect | None:
    return get_service(Settings).proconnect


def button_label() -> str:
    """The label that ProConnect's terms ask for; "" where it is not configured."""
    settings = find_settings()
    if settings is None:
        return ""
    is_demonstration = settings.url.startswith("http://")  # this machine alone
    return _("ProConnect (démonstration)") if is_demonstration else _("S’identifier avec ProConnect")


def _return_url(endpoint: str) -> str:
    return get_service(Settings).public_base_url + url_for(endpoint)


@bp.post("/sign-in/proconnect")
def start() -> Response:
    return _start("sign-in")


@bp.post("/profile/proconnect/link")
def link() -> Response:
    return _start("link")


@bp.post("/second-factor/proconnect")
def prove() -> Response:
    return _start("prove")


def _start(aim: str) -> Response:
    form, settings = ProviderStartForm(), find_settings()
    if settings is None:
        return redirect_to("accounts.sign_in")

    def act(values: dict[str, Any]) -> str:
        provider_commands.read_provider(settings)  # no transaction waits for another service
        offer_id = find_offer_id(values["offer"]) if values["offer"] else None
        needs_mfa = aim == "prove"
        hint = people.get_own_profile(actor).email if needs_mfa else ""
        plan = StartPlan(aim, values["next"], offer_id.hex if offer_id else "", needs_mfa, hint)
        return _open_request(settings, plan)

    try:
        return submit(form, act, redirect_to_path, lambda status: _failure_page("replayed", status=status))
    except ProviderFailed as failed:
        return _failure_page(failed.code, failed.detail)


@dataclass(frozen=True)
class StartPlan:
    """What a sign-in at the provider is for: `sign-in`, `link`, or `prove`."""

    aim: str
    next_path: str
    offer: str = ""  # the id of an invitation
    needs_mfa: bool = False
    hint: str = ""  # an address


def _open_request(settings: ProConnect, plan: StartPlan) -> str:
    """Store what the return must match; return the address at the provider."""
    started = provider_commands.start_sign_in(
        settings, _return_url("proconnect.come_back"), hint=plan.hint, needs_mfa=plan.needs_mfa
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
    request_id = open_request(commands.SIGN_IN, started.state, person_id=person_id, facts=facts)
    session[REQUEST_KEY] = request_id.hex
    return started.url


@bp.get("/sign-in/proconnect/return")
def come_back() -> Response:
    values = {name: request.args.get(name, "") for name in ("code", "state", "error")}
    return render("people/proconnect/come_back.html", form=ProviderReturnForm(formdata=None, data=values))


@bp.post("/sign-in/proconnect/return")
def finish() -> Response:
    form, settings = ProviderReturnForm(), find_settings()
    if settings is None:
        return redirect_to("accounts.sign_in")
    hex_id = session.pop(REQUEST_KEY, None)
    request_id = UUID(hex=hex_id) if isinstance(hex_id, str) else None

    def act(values: dict[str, Any]) -> tuple[ProviderReturn, dict[str, str]]:
        facts = request_id and queries.find_sign_in_under_way(request_id, commands.SIGN_IN, values["state"])
        if not facts or request_id is None:
            return ProviderReturn(ReturnOutcome.REPLAYED), {}
        if values["error"] or not values["code"]:
            raise ProviderFailed(values["error"][:60] or "answer")
        identity = provider_commands.finish_sign_in(
            settings, _return_url("proconnect.come_back"), values["code"], facts
        )
        context = ReturnContext(
            request_id=request_id,
            state=values["state"],
            settings=settings,
            demanding_roles=get_service(Settings).second_factor_roles,
            box=get_service(SecretBox),
            device=current_device(),
            locale=choose_locale(),
            current=people.get_signed_in(current_user.token) if find_actor() else None,
        )
        return commands.resolve_return(identity, context, find_actor()), facts

    try:
        return submit(
            form,
            act,
            lambda result: _answer(settings, *result),
            lambda status: _failure_page("replayed", refused=form, status=status),
        )
    except ProviderFailed as failed:
        record_failure(None, "proconnect")
        return _failure_page(failed.code, failed.detail)


def _answer(settings: ProConnect, result: ProviderReturn, facts: dict[str, str]) -> Response:
    outcome, back = result.outcome, own_path_or(facts.get("next"), url_for("home.index"))
    if outcome is ReturnOutcome.SIGNED_IN and result.signed_in is not None:
        return _enter(result.signed_in, back)
    if outcome is ReturnOutcome.NEEDS_MFA:
        return redirect_to_path(
            _open_request(settings, StartPlan("sign-in", back, needs_mfa=True, hint=result.email))
        )
    if outcome is ReturnOutcome.LINKED:
        flash(_("ProConnect ouvre désormais votre compte."))
        return redirect_to("proconnect_links.page")
    if outcome in {ReturnOutcome.KNOWN_ADDRESS, ReturnOutcome.UNKNOWN} and result.pending_id is not None:
        return _pending_page(result, result.pending_id)
    record_failure(None, "proconnect")
    return _failure_page(outcome.value)


def _enter(signed_in: SignedIn, back: str) -> Response:
    start_browser_session(signed_in)
    if signed_in.person.second_factor_at is not None and signed_in.session.proved_at is None:
        back = url_for("second_factor.challenge", next=back)
    response = redirect_to_path(back)
    set_language_cookie(response, signed_in.person.locale)
    return response


def _pending_page(result: ProviderReturn, pending_id: UUID) -> Response:
    """Say why nothing was opened, and let the person prove the account, or use another one."""
    response = render(
        "people/proconnect/pending.html",
        is_known=result.outcome is ReturnOutcome.KNOWN_ADDRESS,
        email=result.email,
        to_link=url_for("accounts.sign_in", next=url_for("proconnect_links.page")),
    )
    sealed = get_service(TokenSealer).seal(PENDING_PURPOSE, pending_id)
    set_cookie(response, PENDING_COOKIE, sealed, seconds=PENDING_SECONDS)
    return response


def find_pending_id() -> UUID | None:
    """What this browser proved at the provider and has not linked yet."""
    return get_service(TokenSealer).open(PENDING_PURPOSE, read_cookie(PENDING_COOKIE))


def _failure_page(
    code: str, detail: str = "", *, refused: Form | None = None, status: int | None = None
) -> Response:
    sentence = (refused.refused_because if refused else None) or failure_sentence(code, detail)
    usual = 503 if code == "down" else 422
    return render("people/proconnect/failed.html", status=status or usual, sentence=sentence)


@bp.post("/sign-in/proconnect/other")
def other_account() -> Response:
    """End the session at the provider, so that another account may be used there."""
    settings, pending_id = find_settings(), find_pending_id()
    pending = queries.find_pending_link(pending_id, commands.PENDING) if pending_id else None
    id_token = get_service(SecretBox).open(pending.facts["id_token"]) if pending else None

    def act(_values: dict[str, Any]) -> str | None:
        return _sign_out_url(settings, id_token)

    def on_success(url: str | None) -> Response:
        response = redirect_to_path(url) if url else redirect_to("accounts.sign_in")
        delete_cookie(response, PENDING_COOKIE)
        return response

    return submit(
        ProviderStartForm(), act, on_success, lambda status: _failure_page("replayed", status=status)
    )


def find_sign_out_url(ended: OpenSession) -> str | None:
    """Where to end the session at the provider; None for another session, or when it cannot be said."""
    if not ended.closed_id_token:
        return None
    return _sign_out_url(find_settings(), get_service(SecretBox).open(ended.closed_id_token))


def _sign_out_url(settings: ProConnect | None, id_token: str | None) -> str | None:
    if settings is None or id_token is None:
        return None
    state = secrets.token_urlsafe(32)
    try:
        url = provider_commands.sign_out_url(settings, id_token, state, _return_url("proconnect.signed_out"))
    except ProviderFailed:
        return None
    session[OUT_KEY] = state
    return url


@bp.get("/sign-in/proconnect/signed-out")
def signed_out() -> Response:
    """After a sign-out at the provider; the portal's session ended before."""
    state = session.pop(OUT_KEY, "")
    is_ours = bool(state) and hmac.compare_digest(state.encode(), request.args.get("state", "").encode())
    return render("people/proconnect/signed_out.html", is_ours=is_ours)
