"""Queries on the exports of a person's data."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.people.privacy import policy
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound

EXPORTS_LISTED = 5


def list_exports(actor: Actor) -> Sequence[DataExport]:
    """The actor's latest exports, newest first."""
    own = select(DataExport).where(policy.visible_to(actor)).order_by(DataExport.id.desc())
    return db.session.scalars(own.limit(EXPORTS_LISTED)).all()


def find_current_export(actor: Actor) -> DataExport | None:
    """The actor's export that is in progress or can be downloaded, if any."""
    return next(
        (row for row in list_exports(actor) if row.stage is ExportStage.WAITING or row.is_ready), None
    )


def get_ready_export(actor: Actor, export_id: UUID) -> DataExport:
    """An export that the actor may download now. Raises `NotFound`."""
    row = get_scalar(select(DataExport).where(DataExport.id == export_id, policy.visible_to(actor)))
    if not row.is_ready:
        raise NotFound
    return row


def lock_export_for_worker(export_id: UUID) -> DataExport | None:
    """An export, locked; for the worker, which makes what its owner asked for."""
    return db.session.get(DataExport, export_id, with_for_update=True)
