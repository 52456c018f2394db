"""Schemas of webhooks and deliveries."""

from marshmallow import fields

from portal.api.webhooks.models import Webhook, WebhookDelivery
from portal.platform.web.api_columns import row_schema

WebhookSchema = row_schema(
    "WebhookSchema",
    Webhook,
    *("scope_id", "name", "url", "last_number", "paused_at", "pause_reason"),
)
_DeliveryColumnsSchema = row_schema(
    "_DeliveryColumnsSchema",
    WebhookDelivery,
    *("kind", "state", "attempts", "first_at", "due_at", "delivered_at", "fault"),
)


class WebhookDeliverySchema(_DeliveryColumnsSchema):  # type: ignore[misc,valid-type]  # made above
    """A delivery: its body as it was or will be sent."""

    body = fields.String(dump_only=True)
