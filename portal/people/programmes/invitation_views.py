"""An invitation's link: shown once to whoever made it, sent to the person invited, taken once.

The one that is shown holds a random token, the one in the letter the invitation's sealed id.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, session

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.forms import NewAccountForm
from portal.people.accounts.views import current_device, get_password_hasher, start_browser_session
from portal.people.programmes import commands, policy, queries
from portal.people.programmes.commands import NewAccount
from portal.people.programmes.forms import AcceptInvitationForm
from portal.people.programmes.models import Invitation
from portal.people.programmes.queries import OfferKey
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import submit
from portal.platform.web.page_shell import choose_locale
from portal.platform.web.rendering import redirect_to, redirect_to_path, render

bp = Blueprint("invitations", __name__, url_prefix="/invitations")

LINKS_SESSION_KEY = "links"  # in the browser's session: the tokens not shown yet, by invitation
LINKS_MAX = 5
SEAL_PURPOSE = "invitation"  # what templates/mail/invitation seals its link for


def show_link_once(token: str) -> Response:
    """Go to the page that shows a new invitation's link, this once."""
    offer = queries.get_offer(token)
    waiting = dict(list(session.get(LINKS_SESSION_KEY, {}).items())[1 - LINKS_MAX :])
    session[LINKS_SESSION_KEY] = waiting | {str(offer.id): token}
    return redirect_to("invitations.link", invitation_id=offer.id)


@bp.get("/<uuid:invitation_id>/link")
def link(invitation_id: UUID) -> Response:
    offer = queries.get_own_offer(actor, invitation_id)
    token = session.get(LINKS_SESSION_KEY, {}).pop(str(invitation_id), None)
    session.modified = True
    settings: Settings = current_app.extensions["settings"]
    return render(
        "people/programmes/link.html",
        offer=offer,
        role=policy.ROLE_LABELS[offer.role],
        url=f"{settings.public_base_url}/invitations/{token}" if token else None,
    )


@bp.get("/<token>")
def offer(token: str) -> Response:
    invitation = queries.find_offer(_offer_key(token))
    if invitation is None:
        return _invitation_gone_page()
    form = (
        AcceptInvitationForm(formdata=None)
        if find_actor()
        else _new_account_form(invitation, formdata=None)
    )
    return _offer_page(token, invitation, form)


@bp.post("/<token>")
def take(token: str) -> Response:
    invitation = queries.find_offer(_offer_key(token))
    if invitation is None:
        return _invitation_gone_page()
    try:
        return (
            _accept_as_signed_in(token, invitation)
            if find_actor()
            else _accept_with_new_account(token, invitation)
        )
    except NotFound:  # somebody took or withdrew it a moment ago
        return _invitation_gone_page()


def _invitation_gone_page() -> Response:
    """The same for every link that opens nothing: it tells of no invitation and of no account."""
    return render(
        "people/programmes/offer_gone.html", status=404, signed_in=find_actor() is not None
    )


def _offer_key(token: str) -> OfferKey:
    sealer: TokenSealer = current_app.extensions["sealer"]
    return sealer.open(SEAL_PURPOSE, token) or token


def _new_account_form(invitation: Invitation, **options: Any) -> NewAccountForm:
    return NewAccountForm(least=policy.min_password_length_for(invitation.role), **options)


def _accept_as_signed_in(token: str, invitation: Invitation) -> Response:
    form = AcceptInvitationForm()

    def act(values: Mapping[str, Any]) -> Invitation:
        me = people.get_own_profile(actor)
        return commands.accept_offer(_offer_key(token), me, knowingly=values["knowingly"])

    return submit(
        form, act, _redirect_welcomed, lambda status: _offer_page(token, invitation, form, status)
    )


def _accept_with_new_account(token: str, invitation: Invitation) -> Response:
    form = _new_account_form(invitation)

    def act(values: Mapping[str, Any]) -> Invitation:
        account = NewAccount(
            name=values["name"], password=values["password"], locale=choose_locale()
        )
        person = commands.open_account(_offer_key(token), account, get_password_hasher())
        start_browser_session(accounts.open_session(person, current_device()))
        return invitation

    return submit(
        form, act, _redirect_welcomed, lambda status: _offer_page(token, invitation, form, status)
    )


def _redirect_welcomed(invitation: Invitation) -> Response:
    flash(_("Bienvenue. Votre rôle : %(role)s.", role=policy.ROLE_LABELS[invitation.role]))
    return redirect_to_path(invitation.page)


def _offer_page(
    token: str,
    invitation: Invitation,
    form: AcceptInvitationForm | NewAccountForm,
    status: int = 200,
) -> Response:
    """Who invites to what, as what; and the way in that suits whoever reads."""
    me = people.get_own_profile(actor) if find_actor() else None
    names = people.names_of([invitation.invited_by_id])
    return render(
        "people/programmes/offer.html",
        status=status,
        token=token,
        offer=invitation,
        role=policy.ROLE_LABELS[invitation.role],
        inviter=names.get(invitation.invited_by_id, "") if invitation.invited_by_id else "",
        known=None if me else people.find_person_by_email(invitation.email),
        me=me,
        for_another=me is not None and me.email != invitation.email,
        is_personal=policy.is_for_invitee_alone(invitation.role),
        least=policy.min_password_length_for(invitation.role),
        form=form,
    )
