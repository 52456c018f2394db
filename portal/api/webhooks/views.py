"""The pages of the webhooks of a programme or project, for its leads."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for

from portal.api.webhooks import commands, labels, queries
from portal.api.webhooks.commands import WebhookFacts
from portal.api.webhooks.forms import WebhookForm
from portal.api.webhooks.models import Webhook
from portal.communication.directory.subject_labels import subject_kind_label
from portal.people.programmes.models import Scope
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("webhooks", __name__)

SHOWN_ONCE = "webhook secret"  # the flash category that pages show as the secret
WEBHOOK = "/webhooks/<uuid:webhook_id>"


@bp.get("/webhooks/of/<uuid:scope_id>")
def index(scope_id: UUID) -> Response:
    return _render_index(200, queries.get_led_scope(actor, scope_id), _build_webhook_form(formdata=None))


def _build_webhook_form(**options: Any) -> WebhookForm:
    form = WebhookForm(**options)
    form.set_kinds(list(queries.list_event_kinds()))
    return form


def _render_index(status: int, scope: Scope, form: WebhookForm) -> Response:
    return render(
        "api/webhooks/index.html",
        status=status,
        scope=scope,
        place=queries.get_scope_name(scope.id),
        webhooks=queries.list_webhooks(scope),
        form=form,
        labels=labels,
    )


@bp.post("/webhooks/of/<uuid:scope_id>")
def create(scope_id: UUID) -> Response:
    scope, form = queries.get_led_scope(actor, scope_id), _build_webhook_form()

    def create_webhook(values: dict[str, Any]) -> str:
        address = WebhookFacts(name=values["name"], url=values["url"], kinds=values["kinds"] or ())
        return commands.create_webhook(actor, scope, address)

    def on_success(secret: str) -> Response:
        flash(secret, SHOWN_ONCE)
        return redirect_to(".page", webhook_id=queries.list_webhooks(scope)[-1].id)

    return submit(form, create_webhook, on_success, lambda status: _render_index(status, scope, form))


@bp.get(WEBHOOK)
def page(webhook_id: UUID) -> Response:
    return _render_page(200, queries.get_webhook(actor, webhook_id), ButtonForm(formdata=None))


def _render_page(status: int, webhook: Webhook, form: Form) -> Response:
    return render(
        "api/webhooks/page.html",
        status=status,
        webhook=webhook,
        kinds=", ".join(sorted(subject_kind_label(kind) for kind in webhook.kinds)) or _("tout"),
        subject_label=subject_kind_label,
        place=queries.get_scope_name(webhook.scope_id),
        deliveries=queries.list_last_deliveries(webhook),
        form=form,
        labels=labels,
        shown_once=SHOWN_ONCE,
    )


def _run_webhook_button_command(webhook: Webhook, command: Any, message: str) -> Response:
    return write_button(
        command,
        message=message,
        to=url_for(".page", webhook_id=webhook.id),
        page=lambda status, form: _render_page(status, webhook, form),
    )


@bp.post(f"{WEBHOOK}/test")
def test(webhook_id: UUID) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)
    return _run_webhook_button_command(
        webhook, lambda: commands.queue_test_delivery(webhook), _("Essai en route : rechargez la page.")
    )


@bp.post(f"{WEBHOOK}/rotate")
def rotate(webhook_id: UUID) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)

    def rotate_secret() -> None:
        flash(commands.rotate_secret(actor, webhook), SHOWN_ONCE)

    return _run_webhook_button_command(
        webhook, rotate_secret, _("Secret remplacé : l’ancien signe encore un jour.")
    )


@bp.post(f"{WEBHOOK}/pause")
def pause(webhook_id: UUID) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)
    return _run_webhook_button_command(
        webhook, lambda: commands.pause_webhook(actor, webhook), _("Webhook en pause.")
    )


@bp.post(f"{WEBHOOK}/resume")
def resume(webhook_id: UUID) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)
    return _run_webhook_button_command(
        webhook, lambda: commands.resume_webhook(actor, webhook), _("Webhook repris.")
    )


@bp.post(f"{WEBHOOK}/deliveries/<int(max=999999999):number>/replay")
def replay(webhook_id: UUID, number: int) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)
    delivery = queries.get_delivery(webhook, number)
    return _run_webhook_button_command(
        webhook, lambda: commands.replay_delivery(webhook, delivery), _("Envoi refait.")
    )


@bp.post(f"{WEBHOOK}/delete")
def delete(webhook_id: UUID) -> Response:
    webhook = queries.get_webhook(actor, webhook_id)
    scope_id = webhook.scope_id
    return write_button(
        lambda: commands.delete_webhook(actor, webhook),
        message=_("Webhook supprimé, avec ses envois."),
        to=url_for(".index", scope_id=scope_id),
        page=lambda status, form: _render_page(status, webhook, form),
    )
