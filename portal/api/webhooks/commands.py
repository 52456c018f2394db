"""Commands on webhooks: create, change the secret, pause, resume, delete, test, replay."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.api.webhooks import labels, policy, queries
from portal.api.webhooks.models import (
    ROTATION,
    WEBHOOKS_MAX,
    DeliveryState,
    PauseReason,
    Webhook,
    WebhookDelivery,
)
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.outbox import wake_sender_after_commit
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import format_moment
from portal.platform.kernel.text import gettext as _
from portal.platform.outgoing.addresses import RefusedAddress, check_url_without_resolving

CREATED = audit.Action("webhook.created")
ROTATED = audit.Action("webhook.rotated")
PAUSED = audit.Action("webhook.paused")
RESUMED = audit.Action("webhook.resumed")
DELETED = audit.Action("webhook.deleted", ends=True)
SECRET_PREFIX = "whsec_"  # noqa: S105  what secrets begin with
TEST_KIND = "test.sent"


@dataclass(frozen=True, kw_only=True)
class WebhookFacts:
    """Where what is sent. No `kinds`: all."""

    name: str
    url: str
    kinds: Sequence[str]


def new_secret() -> str:
    """A secret of 32 bytes, as the Standard Webhooks specification writes it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def create_webhook(actor: Actor, scope: Scope, address: WebhookFacts) -> str:
    """Create a webhook, for what happens from now on; returns its secret.

    Raises `RuleBroken` on `url` for an address that nothing can be sent to, and for too many webhooks.
    """
    require(policy.can_manage(actor, scope))
    lock_row(Scope, scope.id)
    if len(queries.list_webhooks(scope)) >= WEBHOOKS_MAX:
        raise RuleBroken(None, _("Il y a déjà %(n)s webhooks : supprimez-en un.", n=WEBHOOKS_MAX))
    try:
        check_url_without_resolving(address.url, allows_loopback=get_service(Settings).outgoing_loopback)
    except RefusedAddress as refused:
        raise RuleBroken("url", str(labels.REFUSED_ADDRESSES[refused.code])) from None
    secret = new_secret()
    webhook = Webhook(
        scope_id=scope.id,
        name=address.name,
        url=address.url,
        kinds=list(dict.fromkeys(address.kinds)),
        secret=get_service(SecretBox).close(secret),
        created_by_id=actor.person_id,
        seal=queries.get_last_event_number(),
    )
    db.session.add(webhook)
    flush_session()
    audit.record(actor, CREATED, webhook, scope_id=scope.id, facts={"name": address.name})
    return secret


def rotate_secret(actor: Actor, webhook: Webhook) -> str:
    """Replace the secret; the earlier one signs too for a day. Returns the new one.

    Raises `Overtaken` while an earlier secret signs: a second change would end it at once.
    """
    lock_row(Webhook, webhook.id)
    reload_row(webhook)
    if webhook.rotated_until is not None and webhook.rotated_until > clock.now():
        moment = format_moment(webhook.rotated_until, "d MMMM y, HH:mm")
        raise Overtaken(
            _("Le secret d’avant signe encore jusqu’au %(moment)s : remplacez-le après.", moment=moment)
        )
    secret = new_secret()
    webhook.earlier_secret, webhook.rotated_until = webhook.secret, clock.now() + ROTATION
    webhook.secret = get_service(SecretBox).close(secret)
    audit.record(actor, ROTATED, webhook, scope_id=webhook.scope_id)
    return secret


def pause_webhook(actor: Actor | None, webhook: Webhook, reason: PauseReason = PauseReason.ASKED) -> None:
    """Send nothing more; what happens meanwhile is numbered, to be replayed. Idempotent."""
    if webhook.paused_at is None:
        webhook.paused_at, webhook.pause_reason = clock.now(), reason
        audit.record(actor, PAUSED, webhook, scope_id=webhook.scope_id, facts={"reason": reason})


def resume_webhook(actor: Actor, webhook: Webhook) -> None:
    """Send again, from what happens next; idempotent."""
    if webhook.paused_at is not None:
        webhook.paused_at = webhook.pause_reason = None
        audit.record(actor, RESUMED, webhook, scope_id=webhook.scope_id)


def delete_webhook(actor: Actor, webhook: Webhook) -> None:
    """Delete a webhook with its deliveries."""
    audit.record(actor, DELETED, webhook, scope_id=webhook.scope_id, facts={"name": webhook.name})
    db.session.delete(webhook)


def queue_test_delivery(webhook: Webhook) -> WebhookDelivery:
    """Queue a delivery that says nothing. Raises `TooLate` while the webhook is paused."""
    _require_running_webhook(webhook)
    lock_row(Webhook, webhook.id)
    reload_row(webhook)
    return number_and_queue_delivery(webhook, TEST_KIND, {})


def replay_delivery(webhook: Webhook, delivery: WebhookDelivery) -> None:
    """Send a delivery again. Raises `TooLate` while the webhook is paused."""
    _require_running_webhook(webhook)
    delivery.state, delivery.attempts, delivery.due_at = DeliveryState.WAITING, 0, clock.now()
    delivery.fault = ""
    wake_sender_after_commit()


def _require_running_webhook(webhook: Webhook) -> None:
    if webhook.paused_at is not None:
        raise TooLate(_("Ce webhook est en pause : reprenez-le d’abord."))


def number_and_queue_delivery(
    webhook: Webhook, kind: str, data: dict[str, Any], id_: UUID | None = None
) -> WebhookDelivery:
    """Number and queue a delivery of a webhook whose row is locked; failed where it is paused."""
    webhook.last_number += 1
    now = clock.now()
    body = {"type": kind, "timestamp": now.isoformat(), "number": webhook.last_number, "data": data}
    delivery = WebhookDelivery(
        webhook_id=webhook.id,
        number=webhook.last_number,
        kind=kind,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        state=DeliveryState.FAILED if webhook.paused_at else DeliveryState.WAITING,
        fault="paused" if webhook.paused_at else "",
        due_at=now,
    )
    if id_ is not None:
        delivery.id = id_
    db.session.add(delivery)
    wake_sender_after_commit()
    return delivery
