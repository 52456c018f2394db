"""Webhooks, and receivers that a test writes."""

from uuid import UUID

from portal.api.webhooks import commands, queries
from portal.api.webhooks.commands import WebhookFacts
from portal.api.webhooks.models import Webhook
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support import factories as make


def webhook(lead: Person, scope_id: UUID, url: str, *kinds: str) -> tuple[UUID, str]:
    """Return the id of a new webhook of a scope that the person leads, and its secret."""
    actor = make.actor(lead)
    scope = queries.get_led_scope(actor, scope_id)
    secret = commands.create_webhook(actor, scope, WebhookFacts(name="forge", url=url, kinds=kinds))
    db.session.commit()
    return queries.list_webhooks(scope)[-1].id, secret


def tested(lead: Person, scope_id: UUID) -> UUID:
    """Return the id of a webhook with one delivery, that waits."""
    id_, _secret = webhook(lead, scope_id, "https://forge.example/hook")
    commands.queue_test_delivery(read(id_))
    db.session.commit()
    return id_


def read(id_: UUID) -> Webhook:
    """Return a webhook as it is now."""
    db.session.rollback()
    return db.session.query(Webhook).filter_by(id=id_).one()
