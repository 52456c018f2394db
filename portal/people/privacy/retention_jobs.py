"""The worker's chores of retention: rows whose term is over, and accounts that nobody uses."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from portal.people.accounts.commands import queue_mail_to
from portal.people.accounts.models import Person
from portal.people.accounts.retention_commands import LETTERS, UNUSED_ACCOUNT
from portal.people.privacy import erasure_queries, retention_queries
from portal.people.privacy.erasure_commands import APPROVED, REQUESTED
from portal.people.privacy.erasure_models import Erasure, ErasureStage
from portal.people.privacy.retention_commands import add_removed_count
from portal.people.privacy.retention_models import UnusedAccountWarning
from portal.people.privacy.unused_queries import list_unused_account_steps
from portal.people.privacy.unused_rules import UNUSED_ACCOUNTS, UNUSED_DAYS, UnusedAccountStep
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import audit, clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db, read_only_transaction, transaction
from portal.platform.kernel.retention import RetentionRule
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail.transport import FolderTransport

log = structlog.get_logger("portal")

BATCH = 200  # rows of one step
STEPS_MAX = 200  # of one rule in one run


def apply_retention(_before: object = None) -> int:
    """Remove what is over, a batch at a time, each in its own transaction; returns how many rows."""
    with read_only_transaction():
        terms = retention_queries.read_term_days()
    total = 0
    for rule in list_contributions(RetentionRule):
        for _step in range(STEPS_MAX):
            removed = _remove_due_batch(rule, terms)
            total += removed
            if removed < BATCH:
                break
    _delete_letter_files()
    return total


def _delete_letter_files() -> None:
    """Delete the files of letters, where no mail server is set, once the term of their rows is over:
    also those whose row an erasure deleted."""
    with read_only_transaction():
        days = retention_queries.get_installation_days(LETTERS)
    folder = FolderTransport(get_service(Settings).mail_folder)
    files = folder.delete_before(clock.now() - timedelta(days=days))
    if files:
        log.info("retention", rule="letters", files=files)


def _remove_due_batch(rule: RetentionRule, terms: Mapping[tuple[UUID, str], int]) -> int:
    columns = sa.inspect(rule.model).primary_key
    with transaction():
        over = retention_queries.build_due_rows_condition(rule, terms)
        keys = db.session.execute(sa.select(*columns).where(over).order_by(*columns).limit(BATCH)).all()
        if keys:
            if rule.forget:
                rule.forget([key[0] for key in keys])
            else:
                _delete_rows(rule.model, keys)
            add_removed_count(rule.key, len(keys))
            log.info("retention", rule=rule.key, rows=len(keys))
        return len(keys)


def _delete_rows(model: Any, keys: Sequence[sa.Row[Any]]) -> None:
    columns = sa.inspect(model).primary_key
    is_over = sa.tuple_(*columns).in_([tuple(key) for key in keys])
    db.session.execute(sa.delete(model).where(is_over), execution_options={"synchronize_session": False})


def handle_unused_accounts(_before: object = None) -> int:
    """Tell, tell again, then ask for the erasure of accounts that nobody uses; returns how many."""
    with read_only_transaction():
        days = retention_queries.read_term_days().get((INSTALLATION, UNUSED_ACCOUNTS), UNUSED_DAYS)
        people = list(db.session.scalars(sa.select(Person.id).order_by(Person.id)))
    count = 0
    for begin in range(0, len(people), BATCH):
        with transaction():
            count += _take_unused_account_steps(people[begin : begin + BATCH], days)
    _approve_erasures_without_texts()
    return count


def _take_unused_account_steps(ids: Sequence[UUID], days: int) -> int:
    count = 0
    for person, row, step in list_unused_account_steps(ids, days):
        count += step is not UnusedAccountStep.WAIT
        _take_unused_account_step(step, person, row)
    return count


def _take_unused_account_step(
    step: UnusedAccountStep, person: Person, row: UnusedAccountWarning | None
) -> None:
    now = clock.now()
    if step is UnusedAccountStep.TELL_FIRST:
        key = queue_mail_to(person, UNUSED_ACCOUNT, name=person.name, days="30").message_key
        db.session.add(UnusedAccountWarning(person_id=person.id, first_at=now, first_key=key))
    elif row is None or step is UnusedAccountStep.WAIT:
        return
    elif step is UnusedAccountStep.FORGET:
        db.session.delete(row)
    elif step is UnusedAccountStep.TELL_SECOND:
        row.second_key = queue_mail_to(person, UNUSED_ACCOUNT, name=person.name, days="7").message_key
        row.second_at = now
    else:
        erasure = Erasure(person_id=person.id)
        db.session.add(erasure)
        db.session.delete(row)
        audit.record(None, REQUESTED, erasure, scope_id=None, facts={"person_id": person.id})
        add_removed_count(UNUSED_ACCOUNTS, 1)


def _approve_erasures_without_texts() -> None:
    """Approve the erasures of unused accounts that leave an administrator nothing to decide."""
    listed = sa.select(Erasure).where(Erasure.asked_by_id.is_(None), Erasure.stage == ErasureStage.LISTED)
    with transaction():
        for erasure in db.session.scalars(listed.with_for_update(skip_locked=True)).all():
            person = erasure_queries.get_person_of_erasure(erasure)
            if not erasure_queries.count_undecided_mentions(
                erasure
            ) and not erasure_queries.list_sole_holder_roles(person):
                erasure.stage = ErasureStage.APPROVED
                audit.record(None, APPROVED, erasure, scope_id=None, facts={"person_id": person.id})
