"""Pages beside a sign-in by ProConnect: what opens nothing yet, and the end of the session there."""

import hmac
import secrets
from typing import Any
from uuid import UUID

from flask import Response, flash, request, session, url_for
from flask_login import current_user

from portal.people.accounts import queries as people
from portal.people.accounts.models import OpenSession
from portal.people.accounts.views import WAITING_KEY
from portal.people.proconnect import commands, provider_commands, queries
from portal.people.proconnect.forms import ProviderStartForm
from portal.people.proconnect.provider_commands import ProviderFailed
from portal.people.proconnect.views import (
    OFFER_KEY,
    bp,
    button_label,
    find_proconnect_settings,
    render_failure_page,
    return_url,
)
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import ProConnect
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to, redirect_to_path, render

OUT_KEY = "proconnect_out"  # of the browser's signed session: the state of a sign-out there
AGAIN_KEY = "proconnect_again"  # where to go after the sign-in that follows it


def find_pending_identity_id() -> UUID | None:
    """What this browser proved at the provider and has not linked yet."""
    hex_id = session.get(WAITING_KEY)
    return UUID(hex=hex_id) if isinstance(hex_id, str) else None


@bp.get("/sign-in/proconnect/waiting")
def pending_identity() -> Response:
    """Say why nothing was opened, and let the person prove the account, or use another one."""
    pending_id = find_pending_identity_id()
    pending = queries.find_pending_link(pending_id, commands.PENDING) if pending_id else None
    if find_actor():
        if pending is not None and pending.person_id not in {None, actor.person_id}:
            flash(_("Ce compte ProConnect a l’adresse d’un autre compte du portail : rien n’a été ouvert."))
        return redirect_to("proconnect_links.page")
    if pending is None:
        return redirect_to("accounts.sign_in")
    return render(
        "people/proconnect/pending.html",
        is_known=pending.person_id is not None,
        email=pending.facts.get("email", ""),
        has_offer=bool(session.get(OFFER_KEY)),
        to_link=url_for("accounts.sign_in", next=url_for("proconnect_links.page")),
    )


@bp.post("/sign-in/proconnect/other")
def use_other_account() -> Response:
    """End the session at the provider, so that the next sign-in there asks who is there."""
    settings, form = find_proconnect_settings(), ProviderStartForm()
    id_token = _find_id_token()

    def act(_values: dict[str, Any]) -> str | None:
        return _build_sign_out_url_and_store_state(settings, id_token)

    def on_success(url: str | None) -> Response:
        session.pop(WAITING_KEY, None)
        if url is None:
            return redirect_to("accounts.sign_in")
        session[AGAIN_KEY] = form.next.data or ""
        return redirect_to_path(url)

    return submit(form, act, on_success, lambda status: render_failure_page("replayed", status=status))


def _find_id_token() -> str | None:
    """The proof of a session at the provider: of what waits in this browser, else of its own session."""
    pending_id, box = find_pending_identity_id(), get_service(SecretBox)
    pending = queries.find_pending_link(pending_id, commands.PENDING) if pending_id else None
    if pending is not None:
        return box.open(pending.facts["id_token"])
    own = people.get_own_session(actor, current_user.session_id) if find_actor() else None
    return box.open(own.closed_id_token) if own is not None and own.closed_id_token else None


def find_sign_out_url(ended: OpenSession) -> str | None:
    """Where to end the session at the provider; None for another session, or when it cannot be said."""
    if not ended.closed_id_token:
        return None
    return _build_sign_out_url_and_store_state(
        find_proconnect_settings(), get_service(SecretBox).open(ended.closed_id_token)
    )


def _build_sign_out_url_and_store_state(settings: ProConnect | None, id_token: str | None) -> str | None:
    if settings is None or id_token is None:
        return None
    state = secrets.token_urlsafe(32)
    try:
        url = provider_commands.sign_out_url(settings, id_token, state, return_url("proconnect.signed_out"))
    except ProviderFailed:
        return None
    session[OUT_KEY] = state
    return url


@bp.get("/sign-in/proconnect/signed-out")
def signed_out() -> Response:
    """After a sign-out at the provider: the portal's session ended before, unless another sign-in follows,
    or one was opened meanwhile in another tab."""
    state, next_path = session.pop(OUT_KEY, ""), session.pop(AGAIN_KEY, None)
    is_ours = bool(state) and hmac.compare_digest(state.encode(), request.args.get("state", "").encode())
    return render(
        "people/proconnect/signed_out.html",
        is_ours=is_ours,
        is_signed_in=find_actor() is not None,
        again=button_label() if next_path is not None else "",
        again_path=url_for("proconnect.prove" if find_actor() else "proconnect.start"),
        next_path=next_path or "",
    )
