"""Pages of an invitation's link: shown once to the inviter, and accepted once by the invitee.

The link on the inviter's page holds a random token, the one in the letter the sealed id.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, session, url_for

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.forms import NewAccountForm
from portal.people.accounts.views import (
    current_device,
    get_password_hasher,
    list_sign_in_buttons,
    start_browser_session,
)
from portal.people.programmes import commands, policy, queries
from portal.people.programmes.commands import NewAccount
from portal.people.programmes.forms import AcceptInvitationForm
from portal.people.programmes.models import Invitation, ScopeKind
from portal.people.programmes.newcomer_queries import list_open_invitations_of, replaces_invitation
from portal.people.programmes.queries import OfferKey
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.page_shell import choose_locale
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.urls import path_to
from portal.platform.web.writes import write

bp = Blueprint("invitations", __name__, url_prefix="/invitations")

LINKS_SESSION_KEY = "links"  # the browser's session holds tokens not shown yet, by invitation id
LINKS_MAX = 5
SEAL_PURPOSE = "invitation"  # the purpose of the sealed link in templates/mail/invitation


def redirect_to_one_time_link_page(token: str) -> Response:
    """Redirect to the page that shows a new invitation's link once."""
    offer = queries.get_open_invitation(token)
    latest_tokens = dict(list(session.get(LINKS_SESSION_KEY, {}).items())[1 - LINKS_MAX :])
    session[LINKS_SESSION_KEY] = latest_tokens | {str(offer.id): token}
    return redirect_to("invitations.show_link_once", invitation_id=offer.id)


@bp.get("/<uuid:invitation_id>/link")
def show_link_once(invitation_id: UUID) -> Response:
    offer = queries.get_own_invitation(actor, invitation_id)
    token = session.get(LINKS_SESSION_KEY, {}).pop(str(invitation_id), None)
    session.modified = True
    settings = get_service(Settings)
    return render(
        "people/programmes/link.html",
        offer=offer,
        role=policy.ROLE_LABELS[offer.role],
        url=f"{settings.public_base_url}/invitations/{token}" if token else None,
        back=_path_of_form(offer),
        replaces_another=replaces_invitation(offer),
    )


def list_own_offers() -> Sequence[tuple[str, str]]:
    """The open invitations to the signed-in person: each in words, with the page where it is accepted."""
    key = "offers", actor.person_id
    offers = cache_until_change(
        actor,
        key,
        lambda: [(each.id, each.place, each.role) for each in list_open_invitations_of(actor)],
    )
    sealer = get_service(TokenSealer)
    return [
        (
            _("%(place)s, comme %(role)s", place=place, role=policy.ROLE_LABELS[role])
            if place
            else str(policy.ROLE_LABELS[role]),
            path_to("invitations.show_invitation", token=sealer.seal(SEAL_PURPOSE, id_)),
        )
        for id_, place, role in offers
    ]


def _path_of_form(offer: Invitation) -> str:
    """The form that the invitation was sent with, beside those that wait."""
    if not offer.place:
        return url_for("administrators.index")
    is_team = queries.get_scope(offer.scope_id).kind is ScopeKind.PROJECT
    return f"{offer.page}/team#invite" if is_team else f"{offer.page}#invitations"


@bp.get("/<token>")
def show_invitation(token: str) -> Response:
    invitation = queries.find_open_invitation(_unseal_offer_key(token))
    if invitation is None:
        return _render_invitation_gone_page()
    form = (
        AcceptInvitationForm(formdata=None) if find_actor() else _new_account_form(invitation, formdata=None)
    )
    return _render_offer_page(token, invitation, form)


@bp.post("/<token>")
def accept(token: str) -> Response:
    invitation = queries.find_open_invitation(_unseal_offer_key(token))
    if invitation is None:
        return _render_invitation_gone_page()
    try:
        return (
            _accept_as_signed_in(token, invitation)
            if find_actor()
            else _accept_with_new_account(token, invitation)
        )
    except NotFound:  # accepted or withdrawn at the same moment
        return _render_invitation_gone_page()


def _render_invitation_gone_page() -> Response:
    """Render one page for every invalid link, which reveals no invitation and no account."""
    return render("people/programmes/offer_gone.html", status=404, signed_in=find_actor() is not None)


def _unseal_offer_key(token: str) -> OfferKey:
    sealer = get_service(TokenSealer)
    return sealer.open(SEAL_PURPOSE, token) or token


def find_invitation_id(token: str) -> UUID | None:
    """The id of the open invitation of a link; None for any other text."""
    invitation = queries.find_open_invitation(_unseal_offer_key(token))
    return invitation.id if invitation else None


def _new_account_form(invitation: Invitation, **options: Any) -> NewAccountForm:
    return NewAccountForm(least=policy.min_password_length_for(invitation.role), **options)


def _accept_as_signed_in(token: str, invitation: Invitation) -> Response:
    form = AcceptInvitationForm()
    return write(
        form,
        lambda values: commands.accept_invitation(
            _unseal_offer_key(token), people.get_own_person(actor), knowingly=values["knowingly"]
        ),
        message=_welcome_message(invitation),
        to=invitation.page,
        page=lambda status: _render_offer_page(token, invitation, form, status),
    )


def _accept_with_new_account(token: str, invitation: Invitation) -> Response:
    form = _new_account_form(invitation)

    def command(values: Mapping[str, Any]) -> None:
        account = NewAccount(name=values["name"], password=values["password"], locale=choose_locale())
        person = commands.open_invited_account(_unseal_offer_key(token), account, get_password_hasher())
        start_browser_session(accounts.open_session(person, current_device()))

    return write(
        form,
        command,
        message=_welcome_message(invitation),
        to=invitation.page,
        page=lambda status: _render_offer_page(token, invitation, form, status),
    )


def _welcome_message(invitation: Invitation) -> str:
    return _("Bienvenue. Votre rôle : %(role)s.", role=policy.ROLE_LABELS[invitation.role])


def _render_offer_page(
    token: str, invitation: Invitation, form: AcceptInvitationForm | NewAccountForm, status: int = 200
) -> Response:
    """Render the invitation with the form that fits: accept, sign in, or open an account."""
    me = people.get_own_person(actor) if find_actor() else None
    names = people.read_person_names([invitation.invited_by_id])
    return render(
        "people/programmes/offer.html",
        status=status,
        token=token,
        offer=invitation,
        role=policy.ROLE_LABELS[invitation.role],
        inviter=names.get(invitation.invited_by_id, "") if invitation.invited_by_id else "",
        account=None if me else people.find_person_by_email(invitation.email),
        me=me,
        for_another=me is not None and me.email != invitation.email,
        is_personal=policy.is_role_for_invited_address_only(invitation.role),
        least=policy.min_password_length_for(invitation.role),
        form=form,
        ways=[] if me else list_sign_in_buttons(),
    )
