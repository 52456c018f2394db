"""The worker's job of erasures: look for texts that name the person, erase, write the journal."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.people.privacy import erasing_commands, journal_exports
from portal.people.privacy import erasure_queries as queries
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage, MentionDecision
from portal.people.privacy.export_jobs import expire_exports_naming
from portal.people.privacy.identity_rules import NamePatterns, patterns_of
from portal.people.privacy.journal_exports import JournalEntry
from portal.people.privacy.mention_queries import (
    NamingText,
    count_trail_lines,
    iterate_mentions,
    list_append_only_tables,
)
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import db, read_only_transaction, transaction
from portal.platform.kernel.personal_data import ErasureStep
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.transport import FolderTransport

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=30)
FIXED_REASON = "append-only"


def advance_erasures() -> int:
    """List the texts of those asked, erase those approved; returns how many."""
    count = 0
    while (claimed := _claim()) is not None:
        count += 1
        erasure_id, stage = claimed
        log.info("erasure", erasure_id=str(erasure_id), stage=stage.value)
        if stage is ErasureStage.REQUESTED:
            _list_texts(erasure_id)
        else:
            _erase(erasure_id)
    _write_journal()
    return count


def _claim() -> tuple[UUID, ErasureStage] | None:
    """Lease the first erasure that waits for the worker."""
    now = clock.now()
    free = sa.or_(Erasure.leased_until.is_(None), Erasure.leased_until <= now)
    due = Erasure.stage.in_([ErasureStage.REQUESTED, ErasureStage.APPROVED])
    with transaction():
        statement = sa.select(Erasure).where(due, free).order_by(Erasure.id).limit(1)
        row = db.session.scalar(statement.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.leased_until = now + LEASE
        return row.id, row.stage


def _read(erasure_id: UUID) -> tuple[NamePatterns, Sequence[NamingText], int]:
    """The person's patterns and the texts that name them, read without a write lock."""
    with read_only_transaction():
        person = queries.get_person_of(erasure_id)
        patterns = patterns_of(queries.identity_of(person))
        session = db.session()
        return patterns, list(iterate_mentions(session, patterns)), count_trail_lines(session, patterns)


def _list_texts(erasure_id: UUID) -> None:
    _patterns, mentions, trail_lines = _read(erasure_id)
    with transaction():
        erasure = queries.lock_for_worker(erasure_id)
        if erasure.stage is ErasureStage.REQUESTED:
            _store_mentions(erasure, mentions)
            erasure.trail_lines, erasure.leased_until = trail_lines, None
            erasure.stage = ErasureStage.LISTED


def _store_mentions(erasure: Erasure, mentions: Sequence[NamingText]) -> int:
    """Store the texts that are no copies and not stored yet; returns how many are undecided."""
    stored_places, fixed = queries.list_decisions(erasure), list_append_only_tables(db.session())
    undecided = 0
    for mention in _typed(mentions):
        if _place_of(mention) in stored_places:
            continue
        is_fixed = mention.table.name in fixed
        undecided += not is_fixed
        table_name, column_name, row_key = _place_of(mention)
        db.session.add(
            ErasureMention(
                erasure_id=erasure.id,
                table_name=table_name,
                column_name=column_name,
                row_key=row_key,
                is_fixed=is_fixed,
                decision=MentionDecision.KEEP if is_fixed else None,
                reason=FIXED_REASON if is_fixed else "",
                decided_at=clock.now() if is_fixed else None,
            )
        )
    return undecided


def _typed(mentions: Sequence[NamingText]) -> Iterator[NamingText]:
    copies = queries.list_copies()
    return (each for each in mentions if each.table.name not in copies)


def _place_of(mention: NamingText) -> tuple[str, str, str]:
    return mention.table.name, mention.column.name, mention.row_key


def _erase(erasure_id: UUID) -> None:
    """Erase, unless somebody wrote the name again since: then an administrator decides on that."""
    patterns, mentions, trail_lines = _read(erasure_id)
    with transaction():
        erasure = queries.lock_for_worker(erasure_id)
        if erasure.stage is not ErasureStage.APPROVED:
            return
        erasure.trail_lines, erasure.leased_until = trail_lines, None
        if _store_mentions(erasure, mentions):
            erasure.stage = ErasureStage.LISTED
            return
        db.session.flush()
        kept_places = _kept_places(erasure)
        person = queries.get_erased_person(erasure)
        to_redact = [each for each in mentions if _place_of(each) not in kept_places]
        erasing_commands.erase_person(person, patterns, to_redact)
        erasure.stage, erasure.ended_at = ErasureStage.ERASED, clock.now()
        for former in patterns.identity.former:
            _note_for_journal(former.person_id, erasure)
    _finish_files(patterns)


def _note_for_journal(former_id: UUID, erasure: Erasure) -> None:
    """Note an account that had been joined into the erased one, so that the journal names it too: a
    copy made before they were joined brings both back."""
    own = Erasure(person_id=former_id, stage=ErasureStage.ERASED, ended_at=erasure.ended_at)
    db.session.add(own)
    db.session.flush()
    for (table_name, column_name, row_key), row in queries.list_decisions(erasure).items():
        db.session.add(
            ErasureMention(
                erasure_id=own.id,
                table_name=table_name,
                column_name=column_name,
                row_key=row_key,
                is_fixed=row.is_fixed,
                decision=row.decision,
                reason=row.reason,
                decided_at=row.decided_at,
            )
        )


def _kept_places(erasure: Erasure) -> set[tuple[str, str, str]]:
    decisions = queries.list_decisions(erasure)
    return {place for place, row in decisions.items() if row.decision is MentionDecision.KEEP}


def _finish_files(patterns: NamePatterns) -> None:
    """Delete the letters in the folder and the exports of others that name the person."""
    FolderTransport(get_service(Settings).mail_folder).delete_where(patterns.find_in)
    expire_exports_naming(patterns)
    for step in contributed(ErasureStep):
        if step.after is not None:
            step.after(patterns.identity)


def _write_journal() -> None:
    """Write down the erasures that the journal lacks, whatever stopped an earlier worker."""
    missing = sa.select(Erasure).where(Erasure.stage == ErasureStage.ERASED, Erasure.journaled_at.is_(None))
    with transaction():
        for erasure in db.session.scalars(missing.order_by(Erasure.id)).all():
            ended_at = erasure.ended_at or clock.now()
            kept_places = sorted(_kept_places(erasure))
            entry = JournalEntry(str(erasure.person_id), ended_at.isoformat(), kept_places)
            journal_exports.append_entry(get_service(Settings).data_dir, entry)
            erasure.journaled_at = clock.now()


def replay(entry: JournalEntry) -> bool:
    """Erase again a person whom a restored copy brought back; returns whether there was one.

    Of the texts that name them, those stay that an administrator had kept, and append-only ones.
    """
    with read_only_transaction():
        person = queries.find_for_worker(UUID(entry.person_id))
        if person is None or queries.is_erased(person):
            return False
        patterns = patterns_of(queries.identity_of(person))
        mentions = list(iterate_mentions(db.session(), patterns))
        fixed = list_append_only_tables(db.session())
    kept_places = {tuple(place) for place in entry.kept_texts}
    with transaction():
        person = queries.get_for_worker(UUID(entry.person_id))
        to_redact = [
            each for each in mentions if each.table.name not in fixed and _place_of(each) not in kept_places
        ]
        erasing_commands.erase_person(person, patterns, to_redact)
        _close_open(person.id)
    _finish_files(patterns)
    return True


def _close_open(person_id: UUID) -> None:
    """Note the erasure in the restored database, whose own row may be older or missing."""
    erasure = queries.find_open_erasure(person_id) or Erasure(person_id=person_id)
    erasure.stage, erasure.ended_at, erasure.journaled_at = ErasureStage.ERASED, clock.now(), clock.now()
    db.session.add(erasure)
