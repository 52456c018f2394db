"""The worker's part: deliveries are made of the trail, then sent, at least once.

Events are read by the numbers of their seals, which follow the order of commits, so that none is
missed. A delivery is claimed before it is sent: a worker that dies sends it again after the lease.

A webhook has one delivery under way at a time, and no receiver holds up another: a run waits a second
for those that are slow, and the next run notes what came of them.
"""

import random
import time
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import standardwebhooks

from portal.api.webhooks import commands, delivery_rules, event_queries
from portal.api.webhooks.models import DeliveryState, PauseReason, Webhook, WebhookDelivery
from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db, transaction
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.outgoing.client import OutgoingClient, OutgoingFailed

BATCH = 200  # events read at once for a webhook
AT_ONCE = 32  # deliveries under way, each to a webhook of its own
RUN_MAX = 10.0  # seconds after which a run claims no more
PATIENCE = 1.0  # seconds that a run waits while no receiver answers
SECONDS = 15.0  # of silence
ANSWER_MAX = 64 * 1024
LEASE = timedelta(minutes=3)
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class ClaimedDelivery:
    """A claimed delivery as plain values."""

    delivery_id: UUID
    webhook_id: UUID
    url: str
    body: str
    attempt: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DeliveryAttemptResult:
    """What came of a parcel, and when: the receiver's status, 0 where none answered."""

    parcel: ClaimedDelivery
    at: datetime
    status: int
    fault: str
    retry_after: str = ""


def run_webhooks() -> int:
    """Make deliveries of what happened, then send what is due; returns how many were sent."""
    with transaction():
        ids = db.session.scalars(sa.select(Webhook.id).order_by(Webhook.id)).all()
    for id_ in ids:
        while _create_next_deliveries(id_) == BATCH:
            pass
    if not _turn.acquire(blocking=False):  # another thread of this worker is at it
        return 0
    try:
        return _send_due_deliveries()
    finally:
        _turn.release()


_turn = Lock()
_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
_under_way: dict[
    UUID, Future[DeliveryAttemptResult]
] = {}  # by webhook; what a run leaves, the next one notes


def _send_due_deliveries() -> int:
    """Send what is due and note what came of it, until nothing is left or all that is left is slow."""
    client, until = get_service(OutgoingClient), time.monotonic() + RUN_MAX
    sent = 0
    while True:
        if time.monotonic() < until:
            for parcel in _claim_due_deliveries(_under_way, AT_ONCE - len(_under_way)):
                _under_way[parcel.webhook_id] = _pool.submit(_send_delivery, client, parcel)
        ended, _slow = wait(_under_way.values(), PATIENCE, FIRST_COMPLETED)
        for id_ in [id_ for id_, future in _under_way.items() if future in ended]:
            with transaction():
                _store_attempt_result(_under_way[id_].result())
            del _under_way[id_]
        if not ended:
            return sent
        sent += len(ended)


def _create_next_deliveries(id_: UUID) -> int:
    """Number the next events of a webhook; returns how many events were looked at."""
    with transaction():
        webhook = db.session.scalar(sa.select(Webhook).where(Webhook.id == id_).with_for_update())
        if webhook is None:
            return 0
        rows = db.session.execute(_EVENTS, {"seal": webhook.seal, "scope": webhook.scope_id}).all()
        wanted = [
            event for _number, event, is_inside in rows if is_inside and _is_event_wanted(webhook, event)
        ]
        for event, data in zip(wanted, event_queries.build_event_payloads(wanted), strict=True):
            commands.number_and_queue_delivery(webhook, event.action, data)
        if rows:
            webhook.seal = rows[-1][0]
        return len(rows)


_inside = sa.or_(AuditEvent.scope_id == sa.bindparam("scope"), Scope.parent_id == sa.bindparam("scope"))
_EVENTS = (
    sa.select(AuditSeal.number, AuditEvent, sa.func.coalesce(_inside, sa.false()))
    .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
    .outerjoin(Scope, Scope.id == AuditEvent.scope_id)
    .where(AuditSeal.number > sa.bindparam("seal"))
    .order_by(AuditSeal.number)
    .limit(BATCH)
)


def _is_event_wanted(webhook: Webhook, event: AuditEvent) -> bool:
    """Events without a sentence are shown in no feed: drafts, and what only some may know."""
    action = audit.ACTIONS.get(event.action)
    if action is None or action.sentence is None:
        return False
    return not webhook.kinds or event.action.split(".")[0] in webhook.kinds


def _claim_due_deliveries(busy: Collection[UUID], count: int) -> Sequence[ClaimedDelivery]:
    """Claim a due delivery of each webhook that is not busy, up to a count: the next try is due after
    the lease."""
    now = clock.now()
    with transaction():
        first = sa.select(sa.func.min(WebhookDelivery.number)).where(
            WebhookDelivery.webhook_id == Webhook.id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.due_at <= now,
        )
        due = (
            sa.select(WebhookDelivery, Webhook)
            .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
            .where(
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.due_at <= now,
                Webhook.paused_at.is_(None),
                Webhook.id.not_in(busy),
                WebhookDelivery.number == first.correlate(Webhook).scalar_subquery(),
            )
            .order_by(WebhookDelivery.due_at)
            .limit(count)
            .with_for_update(of=WebhookDelivery, skip_locked=True)
        )
        parcels = []
        for delivery, webhook in db.session.execute(due).all():
            delivery.attempts += 1
            delivery.first_at = delivery.first_at or now
            delivery.due_at = now + LEASE
            parcels.append(_build_claimed_delivery(delivery, webhook, now))
        return parcels


def _build_claimed_delivery(delivery: WebhookDelivery, webhook: Webhook, now: datetime) -> ClaimedDelivery:
    box, signatures = get_service(SecretBox), []
    closed = [webhook.secret]
    if webhook.rotated_until is not None and webhook.rotated_until > now:
        closed.append(webhook.earlier_secret)
    for secret in filter(None, map(box.open, closed)):
        signatures.append(standardwebhooks.Webhook(secret).sign(str(delivery.id), now, delivery.body))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "portal-delivery-number": str(delivery.number),
        "portal-attempt": str(delivery.attempts),
        "portal-first-sent": (delivery.first_at or now).isoformat(),
    }
    return ClaimedDelivery(delivery.id, webhook.id, webhook.url, delivery.body, delivery.attempts, headers)


def _send_delivery(client: OutgoingClient, parcel: ClaimedDelivery) -> DeliveryAttemptResult:
    try:
        answer = client.send(
            "POST",
            parcel.url,
            body=parcel.body.encode(),
            headers=parcel.headers,
            is_public=True,
            largest=ANSWER_MAX,
            seconds=SECONDS,
        )
    except OutgoingFailed as failed:
        return DeliveryAttemptResult(parcel, clock.now(), 0, failed.code)
    return DeliveryAttemptResult(
        parcel, clock.now(), answer.status, str(answer.status), answer.headers.get("retry-after", "")
    )


def _store_attempt_result(receipt: DeliveryAttemptResult) -> None:
    """Store what came of a parcel; pause the webhook where that is the end of it."""
    statement = (
        sa.select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.id == receipt.parcel.delivery_id)
        .with_for_update()
    )
    row = db.session.execute(statement).first()
    if row is None:  # deleted meanwhile
        return
    delivery, webhook = row
    if delivery_rules.is_success(receipt.status):
        delivery.state, delivery.delivered_at, delivery.fault = DeliveryState.DELIVERED, receipt.at, ""
        return
    delivery.fault = receipt.fault
    due_at = delivery_rules.next_try_at(delivery.attempts, receipt.at, receipt.retry_after, random.random)
    if receipt.status == delivery_rules.STATUS_GONE or due_at is None:
        delivery.state = DeliveryState.FAILED
        _pause_and_tell_maker(webhook, PauseReason.CLOSED if due_at is not None else PauseReason.FAILING)
        return
    delivery.due_at = due_at


def _pause_and_tell_maker(webhook: Webhook, reason: PauseReason) -> None:
    """Pause a webhook and tell whoever made it by mail."""
    if webhook.paused_at is not None:
        return
    commands.pause_webhook(None, webhook, reason)
    person = db.session.scalar(sa.select(Person).where(Person.id == webhook.created_by_id))
    if person is not None and person.disabled_at is None:
        facts: dict[str, Any] = {"name": person.name, "webhook": webhook.name}
        facts |= {"id": str(webhook.id), "reason": reason.value}
        outbox.queue_letter(
            "webhook-paused", address=person.email, locale=person.locale, facts=facts, person_id=person.id
        )


def delete_old_deliveries(_before: datetime) -> int:
    """Delete the deliveries that ended long ago; returns their number."""
    with transaction():
        ended = WebhookDelivery.state != DeliveryState.WAITING
        old = sa.delete(WebhookDelivery).where(ended, WebhookDelivery.created_at < clock.now() - KEPT_FOR)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
