"""Schemas of webhooks and deliveries."""

from marshmallow import fields, validate

from portal.api.webhooks.forms import WebhookForm
from portal.api.webhooks.models import URL_MAX, DeliveryState, Webhook, WebhookDelivery
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, choice, line, link

KIND_MAX = 64

WebhookSchema = row_schema(
    "WebhookSchema",
    Webhook,
    *("scope_id", "name", "url", "kinds", "last_number", "paused_at", "pause_reason"),
)
_DeliveryColumnsSchema = row_schema(
    "_DeliveryColumnsSchema",
    WebhookDelivery,
    *("kind", "state", "attempts", "first_at", "due_at", "delivered_at", "fault"),
)


class WebhookCreatedSchema(WebhookSchema):  # type: ignore[misc,valid-type]  # made above
    """A webhook with its secret, which no other answer shows."""

    secret = fields.String(dump_only=True)


WebhookAddressSchema = form_schema(
    "WebhookAddressSchema",
    WebhookForm,
    url=link(URL_MAX, "It begins with https://.", required=True),
    kinds=fields.List(
        line(KIND_MAX, "A subject of events; the guide lists them.", required=True),
        load_default=list,
        validate=validate.Length(max=100),
    ),
)


class WebhookDeliveryQuerySchema(ApiSchema):
    """Which deliveries."""

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(0, INTEGER_MAX),
        metadata={"description": "The last number that was received."},
    )
    state = choice(DeliveryState, load_default=None)


class WebhookDeliverySchema(_DeliveryColumnsSchema):  # type: ignore[misc,valid-type]  # made above
    """A delivery: its body as it was or will be sent."""

    body = fields.String(dump_only=True)
