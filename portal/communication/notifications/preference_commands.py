"""A person's preferences: read and saved as a whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from portal.communication.notifications import queries
from portal.communication.notifications.hours_rules import MailHours
from portal.communication.notifications.models import (
    CLOSES,
    OPENS,
    WORKING_DAYS,
    Channel,
    PersonMailHours,
    Preference,
)
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _


@dataclass(frozen=True, kw_only=True)
class NotificationPreferenceValues:
    """`channels` contains chosen ones only, by kind; `version` is 0 before the first save."""

    channels: Mapping[str, Channel]
    opens: int = OPENS
    closes: int = CLOSES
    days: Collection[int] = tuple(map(int, WORKING_DAYS))
    at_once_most: int | None = None
    no_digest: bool = False
    version: int = 0


def read_notification_preferences(actor: Actor) -> NotificationPreferenceValues:
    """The actor's preferences, or the defaults."""
    channels = queries.get_chosen_channels(actor.person_id)
    rhythm = queries.find_mail_rhythm(actor.person_id)
    if rhythm is None:
        return NotificationPreferenceValues(channels=channels)
    return NotificationPreferenceValues(
        channels=channels,
        opens=rhythm.opens,
        closes=rhythm.closes,
        days=tuple(map(int, rhythm.days)),
        at_once_most=rhythm.at_once_most,
        no_digest=rhythm.no_digest,
        version=rhythm.version,
    )


def get_mail_hours(zone: str, rhythm: PersonMailHours | None) -> MailHours:
    """A person's mail hours in the time zone `zone`, or the default ones."""
    if rhythm is None:
        return MailHours(zone, OPENS, CLOSES, frozenset(map(int, WORKING_DAYS)))
    return MailHours(zone, rhythm.opens, rhythm.closes, frozenset(map(int, rhythm.days)))


def replace_notification_preferences(
    actor: Actor,
    wishes: NotificationPreferenceValues,
    version: int,
    *,
    kinds: Collection[str] | None = None,
) -> None:
    """Replace all preferences; of the channels those of `kinds` alone, where given.

    Raises `RuleBroken` on `closes` or `days`, `Conflict`.
    """
    if wishes.opens >= wishes.closes:
        raise RuleBroken("closes", _("La fin doit venir après le début."))
    if not wishes.days:
        raise RuleBroken("days", _("Gardez au moins un jour où un courriel peut arriver."))
    rhythm = queries.find_mail_rhythm(actor.person_id)
    if rhythm is None:
        if version:
            raise Conflict
        rhythm = _create_mail_rhythm(actor.person_id)
    else:
        check_version(rhythm, version)
    rhythm.opens, rhythm.closes = wishes.opens, wishes.closes
    rhythm.days = "".join(map(str, sorted(wishes.days)))
    rhythm.at_once_most, rhythm.no_digest = wishes.at_once_most, wishes.no_digest
    rhythm.saves += 1  # so that changing channels only increments the version too
    flush_session()
    replaced = sa.delete(Preference).where(Preference.person_id == actor.person_id)
    db.session.execute(replaced if kinds is None else replaced.where(Preference.kind.in_(kinds)))
    db.session.add_all(
        Preference(person_id=actor.person_id, kind=kind, channel=channel)
        for kind, channel in wishes.channels.items()
    )


def _create_mail_rhythm(person_id: UUID) -> PersonMailHours:
    rhythm = PersonMailHours(person_id=person_id, saves=0)
    db.session.add(rhythm)
    return rhythm


def stop_mails(person_id: UUID, kind: str | None) -> None:
    """Unsubscribe from mails of a kind, or from digests (`kind` None); the inbox keeps them."""
    if kind is None:
        rhythm = queries.find_mail_rhythm(person_id) or _create_mail_rhythm(person_id)
        rhythm.no_digest = True
        flush_session()
        return
    statement = sa.select(Preference).where(Preference.person_id == person_id, Preference.kind == kind)
    preference = db.session.scalar(statement)
    if preference is None:
        db.session.add(Preference(person_id=person_id, kind=kind, channel=Channel.INBOX))
    elif preference.channel is not Channel.NEVER:
        preference.channel = Channel.INBOX
    flush_session()
