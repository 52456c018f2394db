"""What the worker does with packs: it makes those that wait, some teams at a time.

A lease keeps a pack to one worker. Each step is a small transaction that tells how far it is; a
worker that takes over from one that died goes on where that one was: the same moment gives the same
pages.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from portal.kernel import clock
from portal.kernel.db import aside, db, reading, transaction
from portal.kernel.text import in_language
from portal.packs import commands, figures, queries
from portal.packs.document import fingerprint, summary
from portal.packs.models import SUMMARY, CommitteePack, PackPage, PackPaper, Stage
from portal.packs.tables import Content, page
from portal.papers.printing import Document, print_pdf

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 3
BATCH = 20  # teams told in one step


@dataclass(frozen=True)
class Claimed:
    """A pack that this worker alone has until its lease ends: what is asked, and how many of the
    teams' pages are there already."""

    id: UUID
    programme_id: UUID
    language: str
    moment: datetime
    day: date
    made: int
    until: datetime


def _claimed(row: CommitteePack, until: datetime) -> Claimed:
    asked = row.programme_id, row.language, row.as_of_at, row.as_of_on
    return Claimed(row.id, *asked, row.pages, until)


class _Lost(Exception):
    """Its lease ended, and somebody else has it."""


def run_due() -> int:
    """Make all that waits; how many packs that was."""
    done = 0
    while (claimed := _claim()) is not None:
        done += 1
        log.info("pack", pack_id=str(claimed.id), made=claimed.made)
        with suppress(_Lost):
            _make(claimed)
    return done


def _claim() -> Claimed | None:
    now = clock.now()
    free = sa.or_(CommitteePack.leased_until.is_(None), CommitteePack.leased_until <= now)
    due = (
        sa.select(CommitteePack)
        .where(CommitteePack.stage == Stage.WAITING, free)
        .order_by(CommitteePack.id)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        for row in db.session.scalars(due).all():
            row.attempts += 1
            if row.attempts <= ATTEMPTS_MAX:
                row.leased_until = now + LEASE
                return _claimed(row, now + LEASE)
            row.stage, row.leased_until = Stage.FAILED, None
            commands.tell_end(row, commands.FAILED)
    return None


def _hold(session: Session, claimed: Claimed) -> CommitteePack:
    """Still ours, until this transaction ends."""
    held = sa.select(CommitteePack).where(
        CommitteePack.id == claimed.id,
        CommitteePack.stage == Stage.WAITING,
        CommitteePack.leased_until == claimed.until,
    )
    row = session.scalar(held.with_for_update())
    if row is None:
        raise _Lost
    return row


def _make(claimed: Claimed) -> None:
    moment, day = claimed.moment, claimed.day
    with reading(), in_language(claimed.language):
        cohort = figures.read_cohort(claimed.programme_id, moment, day)
        first = summary(cohort, claimed.language, moment, day)
    for begin in range(claimed.made, len(cohort.order), BATCH):
        ids = cohort.order[begin : begin + BATCH]
        with reading(), in_language(claimed.language):
            teams = figures.read_teams(cohort, ids, moment, day)
            pages = [(team.id, page(team)) for team in teams]
        claimed = _keep(claimed, pages, of=len(cohort.order))
    _finish(claimed, first)


def _keep(claimed: Claimed, pages: Sequence[tuple[UUID, Content]], of: int) -> Claimed:
    """Another step, and more time for the next one."""
    until = clock.now() + LEASE
    with aside() as session:
        row = _hold(session, claimed)
        told: list[dict[str, Any]] = [
            {"pack_id": row.id, "position": place, "project_id": project_id, "content": content}
            for place, (project_id, content) in enumerate(pages, row.pages + 1)
        ]
        session.execute(sa.insert(PackPage), told)
        row.teams, row.pages = of, row.pages + len(told)
        row.leased_until = until
        row.attempts = 1  # what goes forward is not given up
        return _claimed(row, until)


def _finish(claimed: Claimed, first: Content) -> None:
    with reading():
        pages = [first, *queries.each_page(claimed.id)]
    mark = fingerprint(pages)
    paper = {**first, "mark": mark, "teams": pages[1:]}
    pdf = print_pdf(Document.PACK, paper, claimed.moment)
    with transaction():
        row = _hold(db.session(), claimed)
        db.session.add(PackPage(pack_id=row.id, position=SUMMARY, content=first))
        db.session.add(PackPaper(pack_id=row.id, pdf=pdf))
        row.teams = len(pages) - 1
        row.stage, row.leased_until = Stage.DONE, None
        row.fingerprint, row.finished_at = mark, clock.now()
        commands.tell_end(row, commands.MADE)
