"""An invitation's link: shown once to whoever made it, sent to the person invited, taken once.

The one that is shown holds a random token, the one in the letter the invitation's sealed id.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, session

from portal.accounts import commands as accounts
from portal.accounts import queries as people
from portal.accounts.forms import NewAccountForm
from portal.accounts.views import become, passwords, this_device
from portal.kernel.errors import NotFound
from portal.kernel.secrets import Sealer
from portal.kernel.settings import Settings
from portal.kernel.text import gettext as _
from portal.programmes import commands, policy, queries
from portal.programmes.commands import NewAccount
from portal.programmes.forms import TakeForm
from portal.programmes.models import Invitation
from portal.programmes.queries import OfferKey
from portal.web.actor import current_actor as actor
from portal.web.actor import find_actor
from portal.web.forms import submit
from portal.web.render import render, see, see_path
from portal.web.shell import choose_locale

bp = Blueprint("invitations", __name__, url_prefix="/invitations")

LINKS = "links"  # in the browser's session: the tokens not shown yet, by invitation
LINKS_MAX = 5
SEALED_FOR = "invitation"  # what templates/mail/invitation seals its link for


def show_once(token: str) -> Response:
    """Go to the page that shows a new invitation's link, this once."""
    offer = queries.get_offer(token)
    waiting = dict(list(session.get(LINKS, {}).items())[1 - LINKS_MAX :])
    session[LINKS] = waiting | {str(offer.id): token}
    return see("invitations.link", invitation_id=offer.id)


@bp.get("/<uuid:invitation_id>/link")
def link(invitation_id: UUID) -> Response:
    offer = queries.get_own_offer(actor, invitation_id)
    token = session.get(LINKS, {}).pop(str(invitation_id), None)
    session.modified = True
    chosen: Settings = current_app.extensions["settings"]
    return render(
        "programmes/link.html",
        offer=offer,
        role=policy.LABELS[offer.role],
        url=f"{chosen.public_base_url}/invitations/{token}" if token else None,
    )


@bp.get("/<token>")
def offer(token: str) -> Response:
    found = queries.find_offer(_key(token))
    if found is None:
        return _gone()
    form = TakeForm(formdata=None) if find_actor() else _new_account(found, formdata=None)
    return _offer(token, found, form)


@bp.post("/<token>")
def take(token: str) -> Response:
    found = queries.find_offer(_key(token))
    if found is None:
        return _gone()
    try:
        return _take_as_oneself(token, found) if find_actor() else _take_as_stranger(token, found)
    except NotFound:  # somebody took or withdrew it a moment ago
        return _gone()


def _gone() -> Response:
    """The same for every link that opens nothing: it tells of no invitation and of no account."""
    return render("programmes/offer_gone.html", status=404, signed_in=find_actor() is not None)


def _key(token: str) -> OfferKey:
    sealer: Sealer = current_app.extensions["sealer"]
    return sealer.open(SEALED_FOR, token) or token


def _new_account(found: Invitation, **given: Any) -> NewAccountForm:
    return NewAccountForm(least=policy.least_password_for(found.role), **given)


def _take_as_oneself(token: str, found: Invitation) -> Response:
    form = TakeForm()

    def act(given: Mapping[str, Any]) -> Invitation:
        me = people.get_own_profile(actor)
        return commands.accept_offer(_key(token), me, knowingly=given["knowingly"])

    return submit(form, act, _welcome, lambda status: _offer(token, found, form, status))


def _take_as_stranger(token: str, found: Invitation) -> Response:
    form = _new_account(found)

    def act(given: Mapping[str, Any]) -> Invitation:
        account = NewAccount(name=given["name"], password=given["password"], locale=choose_locale())
        person = commands.open_account(_key(token), account, passwords())
        become(accounts.open_session(person, this_device()))
        return found

    return submit(form, act, _welcome, lambda status: _offer(token, found, form, status))


def _welcome(found: Invitation) -> Response:
    flash(_("Bienvenue. Votre rôle : %(role)s.", role=policy.LABELS[found.role]))
    return see_path(found.page)


def _offer(
    token: str, found: Invitation, form: TakeForm | NewAccountForm, status: int = 200
) -> Response:
    """Who invites to what, as what; and the way in that suits whoever reads."""
    me = people.get_own_profile(actor) if find_actor() else None
    names = people.names_of([found.invited_by_id])
    return render(
        "programmes/offer.html",
        status=status,
        token=token,
        offer=found,
        role=policy.LABELS[found.role],
        inviter=names.get(found.invited_by_id, "") if found.invited_by_id else "",
        known=None if me else people.find_person_by_email(found.email),
        me=me,
        for_another=me is not None and me.email != found.email,
        is_personal=policy.is_personal(found.role),
        least=policy.least_password_for(found.role),
        form=form,
    )
