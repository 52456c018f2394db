"""The worker's job of erasures: look for texts that name the person, erase, write the journal."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.people.accounts.models import Person
from portal.people.privacy import erasing_commands, journal_exports
from portal.people.privacy import erasure_queries as queries
from portal.people.privacy.erasing_commands import Redaction
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage, MentionDecision
from portal.people.privacy.export_jobs import expire_exports_naming_person
from portal.people.privacy.identity_rules import NamePatterns, build_name_patterns, narrow_patterns_to_words
from portal.people.privacy.journal_exports import ErasureJournalEntry
from portal.people.privacy.mention_queries import (
    Place,
    TextNamingPerson,
    count_trail_lines_naming,
    iterate_mentions,
    list_never_redacted_tables,
    select_words_sought_alone,
)
from portal.platform.kernel import audit, clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db, read_only_transaction, transaction
from portal.platform.kernel.personal_data import ErasureStep, IdentityToErase
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.transport import FolderTransport

log = structlog.get_logger("portal")

LEASE = timedelta(minutes=30)
FIXED_REASON = "append-only"


def advance_erasures() -> int:
    """List the texts of those asked, erase those approved; returns how many."""
    count = 0
    while (claimed := _claim_erasure()) is not None:
        count += 1
        erasure_id, stage = claimed
        log.info("erasure", erasure_id=str(erasure_id), stage=stage.value)
        if stage is ErasureStage.REQUESTED:
            _search_and_store_mentions(erasure_id)
        else:
            _carry_out_erasure(erasure_id)
    _append_missing_journal_entries()
    return count


def _claim_erasure() -> tuple[UUID, ErasureStage] | None:
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


@dataclass(frozen=True)
class _MentionSearchResult:
    """Who a person is, and where they are named, read without a write lock."""

    patterns: NamePatterns
    mentions: Sequence[TextNamingPerson]
    trail_lines: int


def _search_mentions(person: Person, words: Collection[str] | None = None) -> _MentionSearchResult:
    """Search everything but rows that go anyway; without `words`, those that may be sought alone are
    looked up too."""
    session, identity = db.session(), queries.build_identity(person, words or ())
    if words is None:
        identity = replace(identity, alone=select_words_sought_alone(session, identity))
    patterns = build_name_patterns(identity)
    mentions = queries.leave_out_mentions_in_deleted_rows(
        list(iterate_mentions(session, patterns)), patterns.identity
    )
    return _MentionSearchResult(patterns, mentions, count_trail_lines_naming(session, patterns))


def _search_and_store_mentions(erasure_id: UUID) -> None:
    with read_only_transaction():
        reading = _search_mentions(queries.get_person_by_erasure_id(erasure_id))
    with transaction():
        erasure = queries.lock_erasure_for_worker(erasure_id)
        if erasure.stage is ErasureStage.REQUESTED:
            erasure.words_alone = sorted(reading.patterns.identity.alone)
            _store_mentions(erasure, reading.mentions)
            erasure.trail_lines, erasure.leased_until = reading.trail_lines, None
            erasure.stage = ErasureStage.LISTED


def _store_mentions(erasure: Erasure, mentions: Sequence[TextNamingPerson]) -> int:
    """Store the texts that are no copies and not stored yet; returns how many are undecided."""
    stored_places, fixed = queries.read_mentions_by_key(erasure), list_never_redacted_tables(db.session())
    undecided = 0
    for mention in _leave_out_copies(mentions):
        if mention.place in stored_places:
            continue
        is_fixed = mention.table.name in fixed
        undecided += not is_fixed
        table_name, column_name, row_key = mention.place
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


def _leave_out_copies(mentions: Sequence[TextNamingPerson]) -> Iterator[TextNamingPerson]:
    copies = queries.list_tables_with_copied_texts()
    return (each for each in mentions if each.table.name not in copies)


def _carry_out_erasure(erasure_id: UUID) -> None:
    """Erase, unless somebody wrote the name again since, or nobody else would hold a role that the
    person holds: then an administrator decides on that."""
    with read_only_transaction():
        reading = _search_mentions(
            queries.get_person_by_erasure_id(erasure_id),
            queries.get_erasure_for_worker(erasure_id).words_alone,
        )
    with transaction():
        erasure = queries.lock_erasure_for_worker(erasure_id)
        if erasure.stage is not ErasureStage.APPROVED:
            return
        person = queries.get_person_of_erasure(erasure)
        erasure.trail_lines, erasure.leased_until = reading.trail_lines, None
        texts = _store_mentions(erasure, reading.mentions)
        if texts or queries.lock_sole_holder_roles(person):
            _return_erasure_to_administrators(erasure, texts)
            return
        address, locale = person.email, person.locale
        db.session.flush()
        kept_places = _list_places_with_decision(erasure, MentionDecision.KEEP)
        redactions, identity = plan_redactions(reading.patterns, reading.mentions, kept_places)
        pending_addresses = queries.list_pending_addresses(identity)
        erasing_commands.erase_person(person, identity, redactions)
        erasing_commands.queue_erasure_letter(address, locale)
        _mark_erasure_ended(erasure)
        for former in identity.former:
            _add_former_account_to_journal(former.person_id, erasure)
    _delete_files_naming_person(identity, pending_addresses)


def _return_erasure_to_administrators(erasure: Erasure, texts: int) -> None:
    """Give an approved erasure back to administrators, with how many texts name the person since."""
    log.warning("erasure stopped", erasure_id=str(erasure.id))
    erasure.stage, erasure.approved_by_id = ErasureStage.LISTED, None
    facts = {"person_id": erasure.person_id, "texts": texts, "path": f"/erasures/{erasure.id}"}
    audit.record(None, erasing_commands.STOPPED, erasure, scope_id=None, facts=facts)


def _add_former_account_to_journal(former_id: UUID, erasure: Erasure) -> None:
    """Note an account that had been joined into the erased one, so that the journal names it too: a
    copy made before they were joined brings both back."""
    own = Erasure(person_id=former_id, stage=ErasureStage.ERASED, ended_at=erasure.ended_at)
    db.session.add(own)
    db.session.flush()
    for (table_name, column_name, row_key), row in queries.read_mentions_by_key(erasure).items():
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


def plan_redactions(
    patterns: NamePatterns,
    mentions: Sequence[TextNamingPerson],
    kept_places: Collection[Place],
    redacted_places: Collection[Place] | None = None,
) -> tuple[Sequence[Redaction], IdentityToErase]:
    """What is taken out of which text, and who the person is in copies and files.

    Texts that nobody decided on, such as a restored copy brings back, lose full names and addresses
    but no word alone; `redacted_places` are those that were decided (None: all but the kept ones).
    A word that was kept wherever it stood alone stays in copies too.
    """
    whole, copies = narrow_patterns_to_words(patterns), queries.list_tables_with_copied_texts()
    redactions, words_kept, words_redacted = [], set[str](), set[str]()
    for mention in _leave_out_copies(mentions):
        is_kept = mention.place in kept_places
        if not whole.is_named_in(mention.value):
            (words_kept if is_kept else words_redacted).update(patterns.find_words_in(mention.value))
        is_decided = redacted_places is None or mention.place in redacted_places
        applied = patterns if is_decided else whole
        if not is_kept and applied.is_named_in(mention.value):
            redactions.append((mention, applied))
    in_copies = narrow_patterns_to_words(patterns, patterns.identity.alone - (words_kept - words_redacted))
    redactions += [
        (each, in_copies)
        for each in mentions
        if each.table.name in copies and in_copies.is_named_in(each.value)
    ]
    return redactions, in_copies.identity


def _list_places_with_decision(erasure: Erasure, decision: MentionDecision) -> set[Place]:
    decisions = queries.read_mentions_by_key(erasure)
    return {place for place, row in decisions.items() if row.decision is decision}


def _mark_erasure_ended(erasure: Erasure) -> None:
    erasure.stage, erasure.ended_at, erasure.words_alone = ErasureStage.ERASED, clock.now(), []


def _delete_files_naming_person(identity: IdentityToErase, pending_addresses: Sequence[str]) -> None:
    """Delete the letters in the folder that name the person, or went to an address that they had not
    confirmed, and the exports of others that name them."""
    in_letters = build_name_patterns(replace(identity, emails=(*identity.emails, *pending_addresses)))
    FolderTransport(get_service(Settings).mail_folder).delete_where(in_letters.is_named_in)
    expire_exports_naming_person(build_name_patterns(identity))
    for step in list_contributions(ErasureStep):
        if step.after is not None:
            step.after(identity)


def _append_missing_journal_entries() -> None:
    """Write down the erasures that the journal lacks, whatever stopped an earlier worker."""
    missing = sa.select(Erasure).where(Erasure.stage == ErasureStage.ERASED, Erasure.journaled_at.is_(None))
    with transaction():
        for erasure in db.session.scalars(missing.order_by(Erasure.id)).all():
            ended_at = erasure.ended_at or clock.now()
            kept_places, redacted_places = (
                sorted(_list_places_with_decision(erasure, each))
                for each in (MentionDecision.KEEP, MentionDecision.REDACT)
            )
            entry = ErasureJournalEntry(
                str(erasure.person_id), ended_at.isoformat(), kept_places, redacted_places
            )
            journal_exports.append_entry(get_service(Settings).data_dir, entry)
            erasure.journaled_at = clock.now()


def replay_erasure(entry: ErasureJournalEntry) -> bool:
    """Erase again a person whom a restored copy brought back; returns whether there was one.

    Of the texts that name them, those stay that an administrator had kept, and records of money.
    """
    with read_only_transaction():
        person = queries.find_person_for_worker(UUID(entry.person_id))
        if person is None or person.is_erased:
            return False
        reading, fixed = _search_mentions(person), list_never_redacted_tables(db.session())
    mentions = [each for each in reading.mentions if each.table.name not in fixed]
    redacted_places = None if entry.redacted_texts is None else {tuple(each) for each in entry.redacted_texts}
    kept_places = {tuple(each) for each in entry.kept_texts}
    with transaction():
        person = queries.get_person_for_worker(UUID(entry.person_id))
        redactions, identity = plan_redactions(reading.patterns, mentions, kept_places, redacted_places)
        pending_addresses = queries.list_pending_addresses(identity)
        erasing_commands.erase_person(person, identity, redactions)
        _mark_open_erasure_erased(person.id)
    _delete_files_naming_person(identity, pending_addresses)
    return True


def _mark_open_erasure_erased(person_id: UUID) -> None:
    """Note the erasure in the restored database, whose own row may be older or missing."""
    erasure = queries.find_open_erasure(person_id) or Erasure(person_id=person_id)
    _mark_erasure_ended(erasure)
    erasure.journaled_at = clock.now()
    db.session.add(erasure)
