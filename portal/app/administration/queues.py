"""What waits for the worker, and what imports and webhooks of all programmes come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.api.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from portal.app.administration.models import TrailVerification, VerificationStage
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.oversight.committee_packs.models import CommitteePack, PackStage
from portal.people.privacy.erasure_models import Erasure, ErasureStage
from portal.people.privacy.models import DataExport, ExportStage
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.mail.reports import WorkerReport
from portal.project.projects.models import Project
from portal.selection.calls.models import Call
from portal.selection.imports.models import ImportRun, RunState
from portal.sprints.backlog_import.models import BacklogImport, ImportStage

LISTED_MAX = 50


@dataclass(frozen=True)
class QueueDefinition:
    """A kind of work: which rows of a table wait for the worker."""

    label: LazyString
    model: Any
    waits: sa.ColumnElement[bool]


@dataclass(frozen=True)
class QueueLine:
    """How much of a kind waits, and since when the oldest does."""

    label: LazyString
    waiting: int
    since: datetime | None


def _list_queue_definitions() -> Sequence[QueueDefinition]:
    unsent = OutboxMessage.sent_at.is_(None) & OutboxMessage.given_up_at.is_(None)
    worked_on = ErasureStage.REQUESTED, ErasureStage.APPROVED
    compared = ImportStage.WAITING, ImportStage.CONFIRMED
    return [
        QueueDefinition(_l("Courriels à envoyer"), OutboxMessage, unsent),
        QueueDefinition(
            _l("Webhooks à livrer"), WebhookDelivery, WebhookDelivery.state == DeliveryState.WAITING
        ),
        QueueDefinition(_l("Carnets à importer"), BacklogImport, BacklogImport.stage.in_(compared)),
        QueueDefinition(
            _l("Imports de candidatures"),
            ImportRun,
            ImportRun.state.in_([RunState.WAITING, RunState.RUNNING]),
        ),
        QueueDefinition(_l("Dossiers de comité"), CommitteePack, CommitteePack.stage == PackStage.WAITING),
        QueueDefinition(_l("Exports de données"), DataExport, DataExport.stage == ExportStage.WAITING),
        QueueDefinition(
            _l("Archives de programmes"), ProgrammeArchive, ProgrammeArchive.stage == ArchiveStage.WAITING
        ),
        QueueDefinition(_l("Effacements"), Erasure, Erasure.stage.in_(worked_on)),
        QueueDefinition(
            _l("Vérifications du journal"),
            TrailVerification,
            TrailVerification.stage == VerificationStage.WAITING,
        ),
    ]


def list_queues() -> Sequence[QueueLine]:
    """Every kind of work with what waits: one statement."""
    kinds = _list_queue_definitions()
    statements = [
        sa.select(
            sa.literal(place).label("place"),
            sa.func.count().label("waiting"),
            sa.func.min(kind.model.created_at).label("since"),
        )
        .select_from(kind.model)
        .where(kind.waits)
        for place, kind in enumerate(kinds)
    ]
    rows = {row.place: row for row in db.session.execute(sa.union_all(*statements))}
    return [QueueLine(kind.label, rows[place].waiting, rows[place].since) for place, kind in enumerate(kinds)]


def list_worker_reports() -> Sequence[WorkerReport]:
    """What the processes of the worker told last, the latest first."""
    return db.session.scalars(sa.select(WorkerReport).order_by(WorkerReport.reported_at.desc())).all()


@dataclass(frozen=True)
class LastCallImportRun:
    """The last run of a call's import; `problem` is empty unless it stopped."""

    programme: Programme
    call: Call
    run: ImportRun


def list_last_call_imports() -> Sequence[LastCallImportRun]:
    """The last run of each call, the latest first: one statement."""
    last = sa.select(sa.func.max(ImportRun.number)).where(ImportRun.call_id == Call.id).correlate(Call)
    statement = (
        sa.select(Programme, Call, ImportRun)
        .join(Call, Call.programme_id == Programme.id)
        .join(ImportRun, (ImportRun.call_id == Call.id) & (ImportRun.number == last.scalar_subquery()))
        .order_by(ImportRun.id.desc())
        .limit(LISTED_MAX)
    )
    return [LastCallImportRun(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class WebhookLine:
    """A webhook of any programme or project: `place` names it."""

    webhook: Webhook
    place: str
    waiting: int
    failed: int


def list_all_webhooks() -> Sequence[WebhookLine]:
    """All webhooks, those that are paused first: one statement."""

    def count(state: DeliveryState) -> Any:
        of_webhook = WebhookDelivery.webhook_id == Webhook.id, WebhookDelivery.state == state
        return sa.select(sa.func.count()).where(*of_webhook).correlate(Webhook).scalar_subquery()

    statement = (
        sa.select(
            Webhook,
            sa.func.coalesce(sa.func.nullif(Project.acronym, ""), Project.organisation, Programme.name_fr),
            count(DeliveryState.WAITING),
            count(DeliveryState.FAILED),
        )
        .outerjoin(Programme, Programme.id == Webhook.scope_id)
        .outerjoin(Project, Project.id == Webhook.scope_id)
        .order_by(Webhook.paused_at.is_(None), Webhook.name)
        .limit(LISTED_MAX)
    )
    return [WebhookLine(*row) for row in db.session.execute(statement)]
