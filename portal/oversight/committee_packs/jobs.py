"""The worker's job that builds requested packs, in batches of teams.

A lease reserves a pack for one worker. Each batch is a small transaction that stores its pages and
renews the lease; after a crash another worker resumes from the last batch, since the same moment
gives the same pages.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from portal.oversight.committee_packs import commands, queries, snapshot_queries, trend_queries
from portal.oversight.committee_packs.documents import build_summary_page, compute_fingerprint
from portal.oversight.committee_packs.models import SUMMARY, CommitteePack, PackPage, PackPdf, PackStage
from portal.oversight.committee_packs.team_page_documents import FORMAT, Content, build_team_page
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, read_only_transaction, separate_transaction, transaction
from portal.platform.kernel.leases import lease_first_waiting_row
from portal.platform.kernel.text import using_language
from portal.platform.pdf.printer import DocumentKind, print_pdf

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 3
BATCH = 20  # teams of one step


@dataclass(frozen=True)
class ClaimedPack:
    """A pack leased to this worker until `until`; `pages_ready` pages are stored already."""

    id: UUID
    programme_id: UUID
    language: str
    moment: datetime
    day: date
    pages_ready: int
    until: datetime


def _build_claimed_pack(row: CommitteePack, until: datetime) -> ClaimedPack:
    request = row.programme_id, row.language, row.as_of_at, row.as_of_on
    return ClaimedPack(row.id, *request, row.pages, until)


class _PackLeaseLost(Exception):
    """The lease of a pack ended, and another worker may have it."""


def make_due_packs() -> int:
    """Build all packs that wait, and return their number."""
    count = 0
    while (claimed := _claim_waiting_pack()) is not None:
        count += 1
        log.info("pack", pack_id=str(claimed.id), made=claimed.pages_ready)
        with suppress(_PackLeaseLost):
            _make_pack(claimed)
    return count


def _claim_waiting_pack() -> ClaimedPack | None:
    """Lease the first pack that waits; packs attempted too often become failed."""
    waiting = CommitteePack.stage == PackStage.WAITING
    with transaction():
        pack = lease_first_waiting_row(
            db.session(),
            CommitteePack,
            waiting,
            duration=LEASE,
            attempts_max=ATTEMPTS_MAX,
            give_up=_give_up_pack,
        )
        return _build_claimed_pack(pack, cast(datetime, pack.leased_until)) if pack else None


def _give_up_pack(pack: CommitteePack) -> None:
    pack.stage = PackStage.FAILED
    commands.record_pack_end(pack, commands.FAILED)


def _lock_claimed_pack(session: Session, claimed: ClaimedPack) -> CommitteePack:
    """Lock the row until the transaction ends. Raises `_PackLeaseLost`."""
    statement = sa.select(CommitteePack).where(
        CommitteePack.id == claimed.id,
        CommitteePack.stage == PackStage.WAITING,
        CommitteePack.leased_until == claimed.until,
    )
    row = session.scalar(statement.with_for_update())
    if row is None:
        raise _PackLeaseLost
    return row


def _make_pack(claimed: ClaimedPack) -> None:
    moment, day = claimed.moment, claimed.day
    with read_only_transaction(), using_language(claimed.language):
        cohort = snapshot_queries.read_cohort(claimed.programme_id, moment, day)
        trend = trend_queries.read_trend(cohort, moment, day)
        first = build_summary_page(cohort, trend, claimed.language, moment, day)
    claimed = _drop_pages_of_another_version(claimed, cohort.order)
    for begin in range(claimed.pages_ready, len(cohort.order), BATCH):
        ids = cohort.order[begin : begin + BATCH]
        with read_only_transaction(), using_language(claimed.language):
            teams = snapshot_queries.read_teams(cohort, ids, moment, day)
            pages = [(team.id, build_team_page(team)) for team in teams]
        claimed = _store_pages(claimed, pages, total=len(cohort.order))
    _finish_pack(claimed, first)


def _drop_pages_of_another_version(claimed: ClaimedPack, order: Sequence[UUID]) -> ClaimedPack:
    """Begin again where the stored pages have another format, or are not the first teams of the order: an
    earlier version of the portal, which says other things in another order, began the pack."""
    if not claimed.pages_ready:
        return claimed
    pages = PackPage.pack_id == claimed.id
    with separate_transaction() as session:
        row = _lock_claimed_pack(session, claimed)
        columns = PackPage.project_id, PackPage.content["format"].as_string()
        stored = session.execute(sa.select(*columns).where(pages).order_by(PackPage.position))
        if [tuple(row) for row in stored] == [(id_, FORMAT) for id_ in order[: claimed.pages_ready]]:
            return claimed
        session.execute(sa.delete(PackPage).where(pages))
        row.pages = 0
        return _build_claimed_pack(row, claimed.until)


def _store_pages(claimed: ClaimedPack, pages: Sequence[tuple[UUID, Content]], total: int) -> ClaimedPack:
    """Store the pages of a batch, and renew the lease."""
    until = clock.now() + LEASE
    with separate_transaction() as session:
        row = _lock_claimed_pack(session, claimed)
        page_rows: list[dict[str, Any]] = [
            {"pack_id": row.id, "position": place, "project_id": project_id, "content": content}
            for place, (project_id, content) in enumerate(pages, row.pages + 1)
        ]
        session.execute(sa.insert(PackPage), page_rows)
        row.teams, row.pages = total, row.pages + len(page_rows)
        row.leased_until = until
        row.attempts = 1  # progress resets the count
        return _build_claimed_pack(row, until)


def _finish_pack(claimed: ClaimedPack, first: Content) -> None:
    with read_only_transaction():
        pages = [first, *queries.iterate_pages(claimed.id)]
    sha256 = compute_fingerprint(pages)
    content = {**first, "mark": sha256, "teams": pages[1:]}
    pdf = print_pdf(DocumentKind.PACK, content, claimed.moment)
    with transaction():
        row = _lock_claimed_pack(db.session(), claimed)
        db.session.add(PackPage(pack_id=row.id, position=SUMMARY, content=first))
        db.session.add(PackPdf(pack_id=row.id, pdf=pdf))
        row.teams = len(pages) - 1
        row.stage, row.leased_until = PackStage.COMPLETED, None
        row.fingerprint, row.finished_at = sha256, clock.now()
        commands.record_pack_end(row, commands.COMPLETED)
