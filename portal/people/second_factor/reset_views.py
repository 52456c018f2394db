"""Removal of somebody's second factors by two administrators."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.second_factor import policy, queries, reset_commands
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("factor_resets", __name__, url_prefix="/people/<uuid:person_id>/second-factor")


@bp.get("")
def page(person_id: UUID) -> Response:
    return _render_reset_page(queries.get_person_to_reset(actor, person_id), 200)


def _render_reset_page(person: Person, status: int, button: Form | None = None) -> Response:
    waiting = queries.find_waiting_reset(person.id)
    return render(
        "people/second_factor/reset.html",
        status=status,
        person=person,
        factors=queries.get_factors(person),
        waiting=waiting,
        requested_by=read_person_names([waiting.requested_by_id])[waiting.requested_by_id] if waiting else "",
        can_request=policy.can_request_reset(actor, person),
        can_apply=waiting is not None and policy.can_apply_reset(actor, person, waiting),
        form=button or ButtonForm(formdata=None),
    )


def _submit_reset_button(
    person_id: UUID, command: Callable[[Actor, Person], object], message: str
) -> Response:
    person = queries.get_person_to_reset(actor, person_id)
    return write_button(
        lambda: command(actor, person),
        message=message,
        to=url_for(".page", person_id=person.id),
        page=lambda status, form: _render_reset_page(person, status, form),
    )


@bp.post("/request")
def ask(person_id: UUID) -> Response:
    message = _("C’est demandé. Un autre administrateur doit confirmer dans les deux jours.")
    return _submit_reset_button(person_id, reset_commands.request_factor_reset, message)


@bp.post("/apply")
def apply(person_id: UUID) -> Response:
    message = _("Le second facteur, les sessions et les jetons de cette personne sont retirés.")
    return _submit_reset_button(person_id, reset_commands.apply_reset, message)


@bp.post("/refuse")
def refuse(person_id: UUID) -> Response:
    return _submit_reset_button(person_id, reset_commands.refuse_reset, _("La demande est retirée."))
