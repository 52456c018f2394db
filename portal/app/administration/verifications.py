"""Verification of the trail from a page: asked by an administrator, done by the worker."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.app.administration import policy
from portal.app.administration.models import TrailVerification, VerificationStage
from portal.app.administration.queries import lock_trail_verification
from portal.people.programmes.models import INSTALLATION, Scope
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.audit_chain import AuditSeal, read_last_seal_number_and_hash
from portal.platform.kernel.audit_verification import AuditAnchor, AuditTrailVerification
from portal.platform.kernel.database import db, lock_row, read_only_transaction, transaction
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.leases import lease_first_waiting_row
from portal.platform.kernel.text import gettext as _

log = structlog.get_logger("portal")

REQUESTED = audit.Action("trail.verification_requested")
COMPLETED = audit.Action("trail.verified")

LEASE = timedelta(minutes=10)  # renewed with the progress
ATTEMPTS_MAX = 3
FAULTS_MAX = 50
LISTED = 5


def list_verifications() -> Sequence[TrailVerification]:
    """The latest verifications, newest first."""
    statement = sa.select(TrailVerification).order_by(TrailVerification.id.desc())
    return db.session.scalars(statement.limit(LISTED)).all()


def request_verification(actor: Actor) -> TrailVerification:
    """Ask the worker to verify the whole trail. Raises `RuleBroken` while it does."""
    require(policy.can_administer(actor))
    lock_row(Scope, INSTALLATION)
    if any(row.stage is VerificationStage.WAITING for row in list_verifications()):
        raise RuleBroken(None, _("Une vérification est déjà en cours."))
    row = TrailVerification(
        requested_by_id=actor.person_id, total=read_last_seal_number_and_hash(db.session())[0]
    )
    db.session.add(row)
    audit.record(actor, REQUESTED, row, scope_id=None)
    outbox.wake_sender_after_commit()
    return row


def verify_due_trails() -> int:
    """Verify for each request that waits; returns how many."""
    count = 0
    while (claimed := _claim_verification()) is not None:
        count += 1
        _verify_trail(*claimed)
    return count


def _claim_verification() -> tuple[UUID, Sequence[AuditAnchor]] | None:
    """Lease the first request that waits, with the anchors of earlier ones, which must still hold."""
    waiting = TrailVerification.stage == VerificationStage.WAITING
    with transaction():
        row = lease_first_waiting_row(
            db.session(),
            TrailVerification,
            waiting,
            duration=LEASE,
            attempts_max=ATTEMPTS_MAX,
            give_up=_give_up_verification,
        )
        return (row.id, _list_verified_anchors()) if row else None


def _give_up_verification(row: TrailVerification) -> None:
    row.stage, row.finished_at = VerificationStage.FAILED, clock.now()


def _list_verified_anchors() -> Sequence[AuditAnchor]:
    whole = TrailVerification.stage == VerificationStage.WHOLE
    texts = db.session.scalars(sa.select(TrailVerification.anchor).where(whole)).all()
    parts = [text.partition(":") for text in texts]
    return [AuditAnchor(int(number), hash_) for number, _colon, hash_ in parts]


def _verify_trail(verification_id: UUID, anchors: Sequence[AuditAnchor]) -> None:
    with read_only_transaction():
        total = db.session.scalar(sa.select(sa.func.max(AuditSeal.number))) or 0
    walk = AuditTrailVerification(
        anchors, on_progress=lambda seals: _store_progress(verification_id, seals, total)
    )
    count, faults = 0, []
    for count, fault in enumerate(walk.list_faults(), 1):
        if count <= FAULTS_MAX:
            faults.append(fault)
    log.info("trail verified", seals=walk.seals, faults=count)
    with transaction():
        row = lock_trail_verification(verification_id)
        row.stage = VerificationStage.BROKEN if count else VerificationStage.WHOLE
        row.seals = row.total = walk.seals
        row.fault_count, row.faults, row.anchor = count, faults, str(walk.last)
        row.leased_until, row.finished_at = None, clock.now()
        facts = {"seals": walk.seals, "faults": count, "anchor": str(walk.last)}
        audit.record(None, COMPLETED, row, scope_id=None, facts=facts)


def _store_progress(verification_id: UUID, seals: int, total: int) -> None:
    """Show how far it is, and keep the lease."""
    with transaction():
        values = {"seals": seals, "total": total, "leased_until": clock.now() + LEASE}
        db.session.execute(
            sa.update(TrailVerification).where(TrailVerification.id == verification_id).values(**values)
        )
