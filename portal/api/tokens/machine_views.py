"""The page of the machine accounts of a programme, for its leads."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.api.tokens import machine_commands as commands
from portal.api.tokens import machine_queries as queries
from portal.api.tokens.commands import TokenFacts
from portal.api.tokens.forms import MachineForm, MachineTokenForm
from portal.api.tokens.labels import describe_token_rights
from portal.api.tokens.machine_queries import ListedMachineAccount
from portal.api.tokens.views import SHOWN_ONCE
from portal.people.programmes.models import Programme
from portal.people.programmes.policy import ROLE_LABELS
from portal.people.second_factor.gate_views import lacks_demanded_factor_here
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write, write_button

bp = Blueprint("machines", __name__, url_prefix="/programmes/<programme>/machines")
MACHINE = "/<uuid:machine_id>"


@bp.get("")
def index(programme: str) -> Response:
    return _render_index(200, queries.get_led_programme(actor, programme), MachineForm(formdata=None))


def _render_index(status: int, programme: Programme, form: Form) -> Response:
    return render(
        "api/tokens/machines.html",
        status=status,
        programme=programme,
        machines=queries.list_machines(programme),
        form=form,
        roles=ROLE_LABELS,
    )


@bp.post("")
def create(programme: str) -> Response:
    led, form = queries.get_led_programme(actor, programme), MachineForm()
    return write(
        form,
        lambda values: commands.create_machine(actor, led, values["name"], values["role"]),
        message=_("Compte créé. Donnez-lui maintenant un jeton."),
        to=lambda account: url_for(".page", programme=programme, machine_id=account.id),
        page=lambda status: _render_index(status, led, form),
    )


def _get_programme_and_machine(slug: str, machine_id: UUID) -> tuple[Programme, ListedMachineAccount]:
    programme = queries.get_led_programme(actor, slug)
    return programme, queries.get_machine(programme, machine_id)


@bp.get(MACHINE)
def page(programme: str, machine_id: UUID) -> Response:
    return _render_page(
        200, *_get_programme_and_machine(programme, machine_id), MachineTokenForm(formdata=None)
    )


def _render_page(
    status: int, programme: Programme, machine: ListedMachineAccount, form: Form, button: Form | None = None
) -> Response:
    return render(
        "api/tokens/machine.html",
        status=status,
        programme=programme,
        machine=machine,
        form=form,
        lacks_factor=lacks_demanded_factor_here(),
        maker_without_factor=queries.find_maker_name_lacking_factor(machine.account),
        button=button,
        roles=ROLE_LABELS,
        token_sentence=describe_token_rights,
        shown_once=SHOWN_ONCE,
    )


@bp.post(f"{MACHINE}/tokens")
def create_token(programme: str, machine_id: UUID) -> Response:
    led, machine = _get_programme_and_machine(programme, machine_id)
    form = MachineTokenForm()

    def create_machine_token(values: dict[str, Any]) -> str:
        scopes = TokenFacts(
            name=values["name"],
            can_write=values["can_write"],
            areas=values["areas"] or (),
            programme_id=led.id,
            days=int(values["days"]),
        )
        return commands.create_machine_token(actor, led, machine, scopes)

    def on_success(token: str) -> Response:
        flash(token, SHOWN_ONCE)
        return redirect_to(".page", programme=programme, machine_id=machine_id)

    return submit(
        form, create_machine_token, on_success, lambda status: _render_page(status, led, machine, form)
    )


@bp.post(f"{MACHINE}/tokens/<uuid:token_id>/revoke")
def revoke_token(programme: str, machine_id: UUID, token_id: UUID) -> Response:
    led, machine = _get_programme_and_machine(programme, machine_id)
    token = queries.get_token(machine, token_id)
    return _run_machine_button_command(
        led, machine, lambda: commands.revoke_machine_token(actor, led, token), _("Jeton retiré.")
    )


@bp.post(f"{MACHINE}/close")
def close(programme: str, machine_id: UUID) -> Response:
    led, machine = _get_programme_and_machine(programme, machine_id)
    message = _("Compte fermé : ses jetons n’ouvrent plus rien.")
    return _run_machine_button_command(
        led, machine, lambda: commands.close_machine(actor, led, machine), message
    )


def _run_machine_button_command(
    programme: Programme, machine: ListedMachineAccount, command: Any, message: str
) -> Response:
    return write_button(
        command,
        message=message,
        to=url_for(".page", programme=programme.slug, machine_id=machine.account.id),
        page=lambda status, button: _render_page(
            status, programme, machine, MachineTokenForm(formdata=None), button
        ),
    )
