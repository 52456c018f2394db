"""Pages of a change of address: request it, and confirm or refuse it by links in letters."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_login import current_user

from portal.people.accounts import address_commands, link_views, queries
from portal.people.accounts.address_commands import AddressSide
from portal.people.accounts.forms import ChangeAddressForm
from portal.people.accounts.models import AddressChange, Person
from portal.people.accounts.views import get_password_hasher
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to, redirect_to_path, render
from portal.platform.web.writes import ButtonForm, Result, write, write_button

bp = Blueprint("addresses", __name__)

SIDES = {"address-old": AddressSide.OLD, "address-new": AddressSide.NEW}
REFUSAL = "address-refusal"
HTTP_GONE = 410


@bp.get("/profile/address", endpoint="edit")
@bp.post("/profile/address")
def ask() -> Response:
    form = make_form(ChangeAddressForm)
    return write(
        form,
        lambda values: address_commands.request_address_change(
            actor,
            queries.get_signed_in(current_user.token),
            values["email"],
            values["current_password"],
            get_password_hasher(),
        ),
        message=_("Deux courriels partent : un à chaque adresse. Ouvrez le lien de chacun."),
        to=url_for("accounts.profile"),
        page=lambda status: _render_address_page(form, status),
    )


@bp.post("/profile/address/cancel")
def cancel() -> Response:
    return write_button(
        lambda: address_commands.cancel_address_change(actor, queries.get_own_person(actor)),
        message=_("Votre adresse reste la même."),
        to=url_for("accounts.profile"),
        page=lambda status, button: _render_address_page(ChangeAddressForm(formdata=None), status, button),
    )


def _render_address_page(form: ChangeAddressForm, status: int, button: Form | None = None) -> Response:
    return render(
        "people/accounts/address.html",
        status=status,
        me=queries.get_own_person(actor),
        waiting=queries.find_own_address_change(actor),
        form=form,
        button=button or ButtonForm(formdata=None),
    )


@bp.get("/address-change/<token>")
def open_link(token: str) -> Response:
    opened = link_views.unseal_and_remember_mail_link(token, *SIDES, REFUSAL)
    if opened and _find_waiting_change(opened[1]):
        return redirect_to(".confirmation_page")
    return _render_link_expired_page()


@bp.get("/address-change")
def confirmation_page() -> Response:
    return _render_confirmation_page(200, ButtonForm(formdata=None))


@bp.post("/address-change")
def confirm() -> Response:
    return _decide_by_opened_link(
        SIDES,
        lambda link: address_commands.confirm_address_change(link[1], SIDES[link[0]]),
        message=lambda is_changed: (
            _("Votre adresse est changée : connectez-vous désormais avec la nouvelle.")
            if is_changed
            else _("C’est confirmé. Il reste à confirmer depuis l’autre adresse.")
        ),
        to=_home_url(),
    )


@bp.post("/address-change/refusal")
def refuse() -> Response:
    return _decide_by_opened_link(
        ("address-old", REFUSAL),
        lambda link: address_commands.refuse_address_change(link[1]),
        message=_(
            "L’adresse ne change pas, et toutes vos sessions sont fermées. Quelqu’un connaît "
            "votre mot de passe : changez-le maintenant."
        ),
        to=url_for("passwords.forgotten"),
    )


def _decide_by_opened_link(
    purposes: Iterable[str],
    decide: Callable[[tuple[str, UUID]], Result],
    *,
    message: str | Callable[[Result], str],
    to: str,
) -> Response:
    """Decide by the link that this browser opened, and forget the link."""
    opened_link = link_views.find_opened_link(*purposes)
    if opened_link is None:
        return redirect_to_path(_home_url())
    if _find_waiting_change(opened_link[1]) is None:
        return _render_link_expired_page()

    def command() -> Result:
        result = decide(opened_link)
        link_views.forget_link()
        return result

    try:
        return write_button(command, message=message, to=to, page=_render_confirmation_page)
    except NotFound:  # decided elsewhere at the same moment
        return _render_link_expired_page()


def _render_confirmation_page(status: int, form: Form) -> Response:
    opened_link = link_views.find_opened_link(*SIDES, REFUSAL)
    if opened_link is None:
        return redirect_to_path(_home_url())
    change_and_person = _find_waiting_change(opened_link[1])
    if change_and_person is None:
        return _render_link_expired_page()
    return render(
        "people/accounts/confirm_address.html",
        status=status,
        change=change_and_person[0],
        old_address=change_and_person[1].email,
        asks=opened_link[0] != REFUSAL,
        is_confirmed=_is_confirmed(change_and_person[0], opened_link[0]),
        may_refuse=opened_link[0] != "address-new",
        form=form,
    )


def _is_confirmed(change: AddressChange, purpose: str) -> bool:
    moments = {"address-old": change.old_confirmed_at, "address-new": change.new_confirmed_at}
    return moments.get(purpose) is not None


def _home_url() -> str:
    return url_for("accounts.profile" if find_actor() else "accounts.sign_in")


def _render_link_expired_page() -> Response:
    return render("people/accounts/address_gone.html", status=HTTP_GONE)


def _find_waiting_change(change_id: UUID) -> tuple[AddressChange, Person] | None:
    try:
        return queries.get_address_change_and_person(change_id)
    except NotFound:
        return None
