"""Queries on webhooks and their deliveries, for those who manage them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.api.webhooks import policy
from portal.api.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from portal.people.programmes.models import Programme, Scope
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project

DELIVERIES_SHOWN = 50


def get_led_scope(actor: Actor, scope_id: UUID) -> Scope:
    """A programme's or project's scope; raises `NotFound` unless the actor manages its webhooks."""
    scope = db.session.scalar(select(Scope).where(Scope.id == scope_id))
    if scope is None or not policy.can_manage(actor, scope):
        raise NotFound
    return scope


def get_scope_name(scope_id: UUID) -> str:
    """The name of a programme or project."""
    programme = db.session.scalar(select(Programme).where(Programme.id == scope_id))
    if programme is not None:
        return programme.name
    project = db.session.scalar(select(Project).where(Project.id == scope_id))
    return project.short_name if project is not None else ""


def list_led_scope_choices(actor: Actor) -> list[tuple[UUID, str]]:
    """(id, name) of the programmes and projects whose webhooks the actor manages by a role in them."""
    ids = policy.list_led_scopes(actor)
    programmes = db.session.scalars(select(Programme).where(Programme.id.in_(ids))).all()
    projects = db.session.scalars(select(Project).where(Project.id.in_(ids))).all()
    places = [(programme.id, programme.name) for programme in programmes]
    return places + [(project.id, project.short_name) for project in projects]


def list_webhooks(scope: Scope) -> Sequence[Webhook]:
    """The webhooks of a scope that the caller manages."""
    return db.session.scalars(select(Webhook).where(Webhook.scope_id == scope.id).order_by(Webhook.id)).all()


def get_webhook(actor: Actor, id_: UUID) -> Webhook:
    """Raises `NotFound` unless the actor manages it."""
    webhook = get_scalar(select(Webhook).where(Webhook.id == id_))
    get_led_scope(actor, webhook.scope_id)
    return webhook


def list_last_deliveries(webhook: Webhook) -> Sequence[WebhookDelivery]:
    """The last deliveries, the latest first."""
    deliveries = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    latest_first = deliveries.order_by(WebhookDelivery.number.desc())
    return db.session.scalars(latest_first.limit(DELIVERIES_SHOWN)).all()


def list_deliveries_after(
    webhook: Webhook, number: int, limit: int, state: DeliveryState | None = None
) -> Sequence[WebhookDelivery]:
    """The deliveries after a number, in one state if given, by number: one more than `limit`, if any."""
    deliveries = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.number > number
    )
    if state:
        deliveries = deliveries.where(WebhookDelivery.state == state)
    return db.session.scalars(deliveries.order_by(WebhookDelivery.number).limit(limit + 1)).all()


def get_delivery(webhook: Webhook, number: int) -> WebhookDelivery:
    """Raises `NotFound`."""
    same = WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.number == number
    return get_scalar(select(WebhookDelivery).where(*same))


def get_last_event_number() -> int:
    """The number of the last event of the trail."""
    return db.session.scalar(select(func.max(AuditSeal.number))) or 0


def find_oldest_due_moment() -> datetime | None:
    """When the delivery that has been due longest was to be sent; those of a paused webhook wait for it."""
    waiting = WebhookDelivery.state == DeliveryState.WAITING, Webhook.paused_at.is_(None)
    oldest = select(func.min(WebhookDelivery.due_at)).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    return db.session.scalar(oldest.where(*waiting))


def list_event_kinds() -> Sequence[str]:
    """The subjects of the events that feeds show: none of them is secret for a lead."""
    return sorted({action.code.split(".")[0] for action in audit.ACTIONS.values() if action.sentence})
