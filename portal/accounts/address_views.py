"""Another address for one's account: asking, and answering the letters that both addresses get."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, flash
from flask_login import current_user

from portal.accounts import addresses, links, queries
from portal.accounts.addresses import Side
from portal.accounts.forms import AddressForm, ButtonForm
from portal.accounts.models import AddressChange, Person
from portal.accounts.views import passwords
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.web.actor import current_actor as actor
from portal.web.actor import find_actor
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("addresses", __name__)

SIDES = {"address-old": Side.OLD, "address-new": Side.NEW}
REFUSAL = "address-refusal"
GONE = 410
Decided = TypeVar("Decided")


@bp.get("/profile/address")
def edit() -> Response:
    return _edit_page(AddressForm(formdata=None))


@bp.post("/profile/address")
def ask() -> Response:
    form = AddressForm()

    def act(given: dict[str, Any]) -> None:
        addresses.ask(
            actor,
            queries.get_signed_in(current_user.token),
            given["email"],
            given["current_password"],
            passwords(),
        )

    def done(_made: None) -> Response:
        flash(_("Deux courriels partent : un à chaque adresse. Ouvrez le lien de chacun."))
        return see("accounts.profile")

    return submit(form, act, done, lambda status: _edit_page(form, status))


@bp.post("/profile/address/cancel")
def cancel() -> Response:
    form = ButtonForm()

    def done(_made: None) -> Response:
        flash(_("Votre adresse reste la même."))
        return see("accounts.profile")

    return submit(
        form,
        lambda _given: addresses.cancel(actor, queries.get_own_profile(actor)),
        done,
        lambda status: _edit_page(AddressForm(formdata=None), status, button=form),
    )


def _edit_page(form: AddressForm, status: int = 200, button: ButtonForm | None = None) -> Response:
    return render(
        "accounts/address.html",
        status=status,
        me=queries.get_own_profile(actor),
        waiting=queries.find_own_address_change(actor),
        form=form,
        button=button or ButtonForm(formdata=None),
    )


@bp.get("/address-change/<token>")
def open_link(token: str) -> Response:
    opened = links.hold(token, *SIDES, REFUSAL)
    return see(".answer") if opened and _find(opened[1]) else _gone()


@bp.get("/address-change")
def answer() -> Response:
    return _answer(ButtonForm(formdata=None))


@bp.post("/address-change")
def confirm() -> Response:
    held, form = links.held(*SIDES), ButtonForm()
    if held is None:
        return _home()
    if _find(held[1]) is None:
        return _gone()

    def done(is_changed: bool) -> Response:
        links.drop()
        flash(
            _("Votre adresse est changée : connectez-vous désormais avec la nouvelle.")
            if is_changed
            else _("C’est confirmé. Il reste à confirmer depuis l’autre adresse.")
        )
        return _home()

    return _decide(form, lambda _given: addresses.confirm(held[1], SIDES[held[0]]), done)


@bp.post("/address-change/refusal")
def refuse() -> Response:
    held, form = links.held("address-old", REFUSAL), ButtonForm()
    if held is None:
        return _home()
    if _find(held[1]) is None:
        return _gone()

    def done(_made: None) -> Response:
        links.drop()
        flash(
            _(
                "L’adresse ne change pas, et toutes vos sessions sont fermées. Quelqu’un connaît "
                "votre mot de passe : changez-le maintenant."
            )
        )
        return see("passwords.forgotten")

    return _decide(form, lambda _given: addresses.refuse(held[1]), done)


def _decide(
    form: ButtonForm, act: Callable[[Any], Decided], done: Callable[[Decided], Response]
) -> Response:
    try:
        return submit(form, act, done, lambda status: _answer(form, status))
    except NotFound:  # decided elsewhere at the same moment
        return _gone()


def _answer(form: ButtonForm, status: int = 200) -> Response:
    held = links.held(*SIDES, REFUSAL)
    if held is None:
        return _home()
    found = _find(held[1])
    if found is None:
        return _gone()
    return render(
        "accounts/confirm_address.html",
        status=status,
        change=found[0],
        old_address=found[1].email,
        asks=held[0] != REFUSAL,
        is_confirmed=_is_confirmed(found[0], held[0]),
        may_refuse=held[0] != "address-new",
        form=form,
    )


def _is_confirmed(change: AddressChange, purpose: str) -> bool:
    moments = {"address-old": change.old_confirmed_at, "address-new": change.new_confirmed_at}
    return moments.get(purpose) is not None


def _home() -> Response:
    return see("accounts.profile" if find_actor() else "accounts.sign_in")


def _gone() -> Response:
    return render("accounts/address_gone.html", status=GONE)


def _find(change_id: UUID) -> tuple[AddressChange, Person] | None:
    try:
        return queries.get_address_change(change_id)
    except NotFound:
        return None
