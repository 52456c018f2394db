"""How one wishes to be told: read as a whole, changed as a whole."""

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
    Preference,
    Rhythm,
)
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`channels` by kind, those that were chosen alone; `version` 0: nothing was ever saved."""

    channels: Mapping[str, Channel]
    opens: int = OPENS
    closes: int = CLOSES
    days: Collection[int] = tuple(map(int, WORKING_DAYS))
    at_once_most: int | None = None
    no_digest: bool = False
    version: int = 0


def read_wishes(actor: Actor) -> Wishes:
    channels, rhythm = (
        queries.get_chosen_channels(actor.person_id),
        queries.find_rhythm(actor.person_id),
    )
    if rhythm is None:
        return Wishes(channels=channels)
    return Wishes(
        channels=channels,
        opens=rhythm.opens,
        closes=rhythm.closes,
        days=tuple(map(int, rhythm.days)),
        at_once_most=rhythm.at_once_most,
        no_digest=rhythm.no_digest,
        version=rhythm.version,
    )


def get_mail_hours(zone: str, rhythm: Rhythm | None) -> MailHours:
    """When a mail may come to somebody."""
    if rhythm is None:
        return MailHours(zone, OPENS, CLOSES, frozenset(map(int, WORKING_DAYS)))
    return MailHours(zone, rhythm.opens, rhythm.closes, frozenset(map(int, rhythm.days)))


def save_wishes(actor: Actor, wishes: Wishes, version: int) -> None:
    """Raises `RuleBroken` on `closes` and `days`, `Conflict` where another window saved first."""
    if wishes.opens >= wishes.closes:
        raise RuleBroken("closes", _("La fin doit venir après le début."))
    if not wishes.days:
        raise RuleBroken("days", _("Gardez au moins un jour où un courriel peut arriver."))
    rhythm = queries.find_rhythm(actor.person_id)
    if rhythm is None:
        if version:
            raise Conflict
        rhythm = _new_rhythm(actor.person_id)
    else:
        check_version(rhythm, version)
    rhythm.opens, rhythm.closes = wishes.opens, wishes.closes
    rhythm.days = "".join(map(str, sorted(wishes.days)))
    rhythm.at_once_most, rhythm.no_digest = wishes.at_once_most, wishes.no_digest
    rhythm.saves += 1  # what was chosen by kind alone is a save of the whole too
    flush_session()
    own_preferences = Preference.person_id == actor.person_id
    db.session.execute(sa.delete(Preference).where(own_preferences))
    db.session.add_all(
        Preference(person_id=actor.person_id, kind=kind, channel=channel)
        for kind, channel in wishes.channels.items()
    )


def _new_rhythm(person_id: UUID) -> Rhythm:
    rhythm = Rhythm(person_id=person_id, saves=0)
    db.session.add(rhythm)
    return rhythm


def stop_mails(person_id: UUID, kind: str | None) -> None:
    """No mail of a kind any more, or no digest: what a mail's own link does. It stays in the inbox.

    Nothing happens for somebody who is no more.
    """
    if kind is None:
        rhythm = queries.find_rhythm(person_id) or _new_rhythm(person_id)
        rhythm.no_digest = True
        flush_session()
        return
    same_preference = Preference.person_id == person_id, Preference.kind == kind
    preference = db.session.scalar(sa.select(Preference).where(*same_preference))
    if preference is None:
        db.session.add(Preference(person_id=person_id, kind=kind, channel=Channel.INBOX))
    elif preference.channel is not Channel.NEVER:
        preference.channel = Channel.INBOX
    flush_session()
