"""The notifications of a mail, read when it is written, so that it contains no outdated ones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.communication.notifications import policy, queries
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.preference_commands import get_mail_hours
from portal.communication.notifications.queries import Kinds
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.mail.letters import LetterPostponed, LetterWithdrawn, QueuedLetter

NOTICE, DIGEST = "notice", "digest"  # kinds of letters: templates/platform/mail/letters
_UNMAILED = {Channel.INBOX, Channel.NEVER}


def read_letter_reader_and_notifications(
    row: QueuedLetter, kinds: Kinds
) -> tuple[Person, Sequence[Notification]]:
    """A letter's reader and its notifications that are still mailable, oldest first.

    A letter may have waited long for its server. Raises `LetterWithdrawn` when nothing is left,
    `LetterPostponed` outside the reader's mail hours.
    """
    reader = db.session.scalar(select(Person).where(Person.id == row.person_id, Person.disabled_at.is_(None)))
    if reader is None:
        raise LetterWithdrawn
    fact_ids = [UUID(id_) for id_ in row.facts["about"]]
    matching = select(Notification).where(
        Notification.person_id == reader.id, Notification.fact_id.in_(fact_ids)
    )
    ordered = matching.order_by(Notification.created_at, Notification.fact_id)
    rows = filter_mailable(actor_for(reader.id), db.session.scalars(ordered).all(), kinds)
    if not rows:
        raise LetterWithdrawn
    hours, now = get_mail_hours(reader.time_zone, queries.find_mail_rhythm(reader.id)), clock.now()
    if not hours.is_open(now):
        raise LetterPostponed(hours.next_opening(now))
    return reader, rows


def filter_mailable(actor: Actor, rows: Sequence[Notification], kinds: Kinds) -> Sequence[Notification]:
    """The notifications that are unread, visible, wished by mail, and not outdated."""
    mailable = [
        row for row in rows if row.read_at is None and row.kind in kinds and policy.can_see(actor, row)
    ]
    mailable = _filter_wished(actor, mailable, kinds) if mailable else []
    outdated = _list_outdated_subjects(actor, mailable, kinds)
    return [row for row in mailable if (row.kind, row.subject_id) not in outdated]


def _filter_wished(actor: Actor, rows: Sequence[Notification], kinds: Kinds) -> list[Notification]:
    """Without kinds that the person keeps to the portal, and without what they muted since."""
    channels, muted = queries.get_chosen_channels(actor.person_id), queries.list_muted_ids(actor)
    return [
        row
        for row in rows
        if channels.get(row.kind) not in _UNMAILED
        and (kinds[row.kind].is_personal or not {row.scope_id, row.group_id} & muted)
    ]


def _list_outdated_subjects(
    actor: Actor, rows: Sequence[Notification], kinds: Kinds
) -> frozenset[tuple[str, UUID]]:
    """Kind and subject of the notifications that are no longer relevant to the actor."""
    outdated: set[tuple[str, UUID]] = set()
    for code in {row.kind for row in rows}:
        relevant_subjects = kinds[code].relevant_subjects
        if relevant_subjects is None:
            continue
        ids = {row.subject_id for row in rows if row.kind == code}
        parameters = {"ids": list(ids), "reader": actor.person_id}
        relevant_ids = set(db.session.scalars(relevant_subjects, parameters))
        outdated |= {(code, id_) for id_ in ids - relevant_ids}
    return frozenset(outdated)
