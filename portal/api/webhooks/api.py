"""Operations on webhooks: their state, what a receiver missed, and sending it again."""

from uuid import UUID

from portal.api.webhooks import commands, queries
from portal.api.webhooks.models import Webhook, WebhookDelivery
from portal.api.webhooks.schemas import WebhookDeliverySchema, WebhookSchema
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("webhooks")
WEBHOOK = "/webhooks/<uuid:webhook_id>"


@area.list("/scopes/<uuid:scope_id>/webhooks", WebhookSchema)
def list_webhooks(call: ApiCall, scope_id: UUID) -> ApiPage:
    """List the webhooks of a programme or project, by its id."""
    return call.page.cut(queries.list_webhooks(queries.get_led_scope(call.actor, scope_id)))


@area.get(WEBHOOK, WebhookSchema)
def get_webhook(call: ApiCall, webhook_id: UUID) -> Webhook:
    """Read a webhook; its secret is shown once, on its page."""
    return queries.get_webhook(call.actor, webhook_id)


@area.list(f"{WEBHOOK}/deliveries", WebhookDeliverySchema)
def list_webhook_deliveries(call: ApiCall, webhook_id: UUID) -> ApiPage:
    """List deliveries by number, which has no gaps: a receiver sees what it missed."""
    webhook = queries.get_webhook(call.actor, webhook_id)
    return call.page.cut_numbered(queries.list_deliveries_after(webhook, call.page.first, call.page.limit))


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
    return commands.send_test(queries.get_webhook(call.actor, webhook_id))


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
