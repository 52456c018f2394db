"""Operations on webhooks: their state, what a receiver missed, and sending it again."""

from typing import Any
from uuid import UUID

from portal.api.webhooks import commands, queries
from portal.api.webhooks.commands import WebhookFacts
from portal.api.webhooks.models import Webhook, WebhookDelivery
from portal.api.webhooks.schemas import (
    WebhookAddressSchema,
    WebhookCreatedSchema,
    WebhookDeliveryQuerySchema,
    WebhookDeliverySchema,
    WebhookSchema,
)
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("webhooks")
WEBHOOK = "/webhooks/<uuid:webhook_id>"


@area.list("/scopes/<uuid:scope_id>/webhooks", WebhookSchema)
def list_webhooks(call: ApiCall, scope_id: UUID) -> ApiPage:
    """List the webhooks of a programme or project, by its id."""
    return call.page.cut_whole_list(queries.list_webhooks(queries.get_led_scope(call.actor, scope_id)))


@area.create("/scopes/<uuid:scope_id>/webhooks", WebhookCreatedSchema, body=WebhookAddressSchema)
def create_webhook(call: ApiCall, scope_id: UUID) -> dict[str, Any]:
    """Subscribe an address to what happens in a programme or project; answers the secret, once."""
    scope = queries.get_led_scope(call.actor, scope_id)
    unknown = set(call.body["kinds"]) - set(queries.list_event_kinds())
    if unknown:
        raise RuleBroken(
            "kinds", _("Ces sujets n’existent pas : %(kinds)s.", kinds=", ".join(sorted(unknown)))
        )
    secret = commands.create_webhook(call.actor, scope, WebhookFacts(**call.body))
    webhook = queries.list_webhooks(scope)[-1]
    call.location = f"/webhooks/{webhook.id}"
    return _dump_webhook_with_secret(webhook, secret)


@area.act(f"{WEBHOOK}/rotate", WebhookCreatedSchema)
def rotate_webhook_secret(call: ApiCall, webhook_id: UUID) -> dict[str, Any]:
    """Replace the secret, and answer the new one; the earlier one signs too for a day, and until then
    the new one is not replaced (409)."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    return _dump_webhook_with_secret(webhook, commands.rotate_secret(call.actor, webhook))


def _dump_webhook_with_secret(webhook: Webhook, secret: str) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookSchema().fields} | {"secret": secret}


@area.get(WEBHOOK, WebhookSchema)
def get_webhook(call: ApiCall, webhook_id: UUID) -> Webhook:
    """Read a webhook; its secret is shown once, on its page."""
    return queries.get_webhook(call.actor, webhook_id)


@area.list(f"{WEBHOOK}/deliveries", WebhookDeliverySchema, query=WebhookDeliveryQuerySchema)
def list_webhook_deliveries(call: ApiCall, webhook_id: UUID) -> ApiPage:
    """List deliveries by number, which has no gaps: a receiver sees what it missed."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    number = max(call.page.cursor_number, call.query["after"])
    state = call.query["state"]
    return call.page.cut_numbered(queries.list_deliveries_after(webhook, number, call.page.limit, state))


@area.act(f"{WEBHOOK}/deliveries/<int(max=999999999):number>/replay", WebhookDeliverySchema)
def replay_webhook_delivery(call: ApiCall, webhook_id: UUID, number: int) -> WebhookDelivery:
    """Send a delivery again."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    delivery = queries.get_delivery(webhook, number)
    commands.replay_delivery(webhook, delivery)
    return delivery


@area.act(f"{WEBHOOK}/test", WebhookDeliverySchema)
def test_webhook(call: ApiCall, webhook_id: UUID) -> WebhookDelivery:
    """Send a delivery that says nothing."""
    return commands.queue_test_delivery(queries.get_webhook(call.actor, webhook_id))


@area.act(f"{WEBHOOK}/pause", WebhookSchema)
def pause_webhook(call: ApiCall, webhook_id: UUID) -> Webhook:
    """Pause a webhook."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    commands.pause_webhook(call.actor, webhook)
    return webhook


@area.act(f"{WEBHOOK}/resume", WebhookSchema)
def resume_webhook(call: ApiCall, webhook_id: UUID) -> Webhook:
    """Resume a webhook."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    commands.resume_webhook(call.actor, webhook)
    return webhook


@area.delete(WEBHOOK)
def delete_webhook(call: ApiCall, webhook_id: UUID) -> None:
    """Delete a webhook with its deliveries."""
    commands.delete_webhook(call.actor, queries.get_webhook(call.actor, webhook_id))
