"""What mails say: found out when they are written, so that nothing is told that is over.

A mail names who, what and where, and leads there. It holds no text that people typed beside the
names of things; what a test, a review or a note says is read in the portal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from portal.collaboration.discussions.models import Comment
from portal.communication.notifications import labels, policy, queries
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.preference_commands import get_mail_hours
from portal.communication.notifications.queries import Kinds, NotificationPlace
from portal.communication.notifications.reply_address_queries import reply_address
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.mail.letters import (
    LetterContent,
    LetterPostponed,
    LetterWithdrawn,
    QueuedLetter,
    page_url,
)

NOTICE, DIGEST = "notice", "digest"  # kinds of letters: templates/mail
_UNMAILED = {Channel.INBOX, Channel.NEVER}
LINES_MAX = 40  # of a digest; the inbox holds the others


@dataclass(frozen=True)
class MailLine:
    """A sentence, and where it leads."""

    sentence: str
    url: str


def build_notice_mail(row: QueuedLetter) -> LetterContent:
    """One thing, at once. A mail program puts all mails about it together."""
    reader, rows = _read_mailable(row)
    latest = rows[-1]
    lines, places = _lines(rows), queries.get_places(rows)
    facts = _footer_links(reader, latest.kind) | {
        "name": reader.name,
        "lines": lines,
        "place": _place_name(latest, places),
        "kind": str(_kinds()[latest.kind].label),
        "can_reply": bool(replies := _reply_headers(latest)),
    }
    return LetterContent(
        facts, _unsubscribe_headers(facts["stop"]) | _thread_headers(latest) | replies
    )


def build_digest_mail(row: QueuedLetter) -> LetterContent:
    """What waited, by place, the place with most of it first."""
    reader, rows = _read_mailable(row)
    rhythm = queries.find_rhythm(reader.id)
    if rhythm is not None and rhythm.no_digest:
        raise LetterWithdrawn
    places = queries.get_places(rows)
    by_place: dict[str, list[MailLine]] = {}
    for notification, line in zip(rows, _lines(rows), strict=True):
        by_place.setdefault(_place_name(notification, places), []).append(line)
    ordered_places = sorted(by_place.items(), key=lambda each: (-len(each[1]), each[0]))
    facts = _footer_links(reader, DIGEST) | {
        "name": reader.name,
        "count": len(rows),
        "places": _limit_lines(ordered_places),
        "more": max(0, len(rows) - LINES_MAX),
        "names": ", ".join(name for name, _ in ordered_places[:3] if name),
    }
    return LetterContent(facts, _unsubscribe_headers(facts["stop"]))


MAIL_BUILDERS = {NOTICE: build_notice_mail, DIGEST: build_digest_mail}


def _kinds() -> Kinds:
    return kinds_by_code()


def _read_mailable(row: QueuedLetter) -> tuple[Person, Sequence[Notification]]:
    """Who reads it, and what of it is still to be told, oldest first.

    A letter may have waited for its server. Raises `Withdrawn`, and `Later` outside their hours.
    """
    reader = db.session.scalar(
        select(Person).where(Person.id == row.person_id, Person.disabled_at.is_(None))
    )
    if reader is None:
        raise LetterWithdrawn
    about = [UUID(id_) for id_ in row.facts["about"]]
    matching = select(Notification).where(
        Notification.person_id == reader.id, Notification.fact_id.in_(about)
    )
    ordered = matching.order_by(Notification.created_at, Notification.fact_id)
    rows = filter_mailable(actor_for(reader.id), db.session.scalars(ordered).all(), _kinds())
    if not rows:
        raise LetterWithdrawn
    hours, now = get_mail_hours(reader.time_zone, queries.find_rhythm(reader.id)), clock.now()
    if not hours.is_open(now):
        raise LetterPostponed(hours.next_opening(now))
    return reader, rows


def filter_mailable(
    actor: Actor, rows: Sequence[Notification], kinds: Kinds
) -> Sequence[Notification]:
    """Those that are unread, that the person may still see and wishes to hear of by mail, and that
    are not over."""
    mailable = [
        row
        for row in rows
        if row.read_at is None and row.kind in kinds and policy.can_see(actor, row)
    ]
    mailable = _filter_wished(actor, mailable, kinds) if mailable else []
    over = _find_outdated(actor, mailable, kinds)
    return [row for row in mailable if (row.kind, row.subject_id) not in over]


def _filter_wished(actor: Actor, rows: Sequence[Notification], kinds: Kinds) -> list[Notification]:
    """Without what the person keeps to the portal, or has silenced since."""
    channels, silent = queries.get_chosen_channels(actor.person_id), queries.list_muted(actor)
    return [
        row
        for row in rows
        if channels.get(row.kind) not in _UNMAILED
        and (kinds[row.kind].is_personal or not {row.scope_id, row.group_id} & silent)
    ]


def _find_outdated(
    actor: Actor, rows: Sequence[Notification], kinds: Kinds
) -> frozenset[tuple[str, UUID]]:
    over: set[tuple[str, UUID]] = set()
    for code in {row.kind for row in rows}:
        standing = kinds[code].relevant_subjects
        if standing is None:
            continue
        ids = {row.subject_id for row in rows if row.kind == code}
        parameters = {"ids": list(ids), "reader": actor.person_id}
        left = set(db.session.scalars(standing, parameters))
        over |= {(code, id_) for id_ in ids - left}
    return frozenset(over)


def _lines(rows: Sequence[Notification]) -> list[MailLine]:
    names = queries.get_names_in(rows)
    lines = []
    for row in rows:
        who = names.get(row.actor_id, "") if row.actor_id else ""
        person = queries.find_named_person(row)
        sentence = labels.sentence(
            _kinds()[row.kind], row, who, names.get(person, "") if person else ""
        )
        lines.append(MailLine(sentence, page_url("inbox.follow", fact_id=row.fact_id)))
    return lines


def _limit_lines(places: Sequence[tuple[str, list[MailLine]]]) -> list[tuple[str, list[MailLine]]]:
    left, limited = LINES_MAX, []
    for name, lines in places:
        if left:
            limited.append((name, lines[-left:]))
            left -= len(limited[-1][1])
    return limited


def _place_name(row: Notification, places: Mapping[UUID, NotificationPlace]) -> str:
    place = places.get(row.scope_id) if row.scope_id else None
    return place.name if place else ""


def _footer_links(reader: Person, kind: str) -> dict[str, Any]:
    """The ways out that every such mail holds."""
    token = current_app.extensions["sealer"].seal(f"unsubscribe {kind}", reader.id)
    return {
        "stop": page_url("unsubscribe.ask", kind=kind, token=token),
        "choose": page_url("preferences.page"),
        "inbox": page_url("inbox.index"),
    }


def _unsubscribe_headers(address: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058: a mail program offers to stop this, in one click."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _reply_headers(row: Notification) -> dict[str, str]:
    """Where an answer becomes a comment: of a comment, where the installation takes mails in."""
    domain = current_app.extensions["settings"].reply_domain
    if not domain or row.subject != Comment.__tablename__:
        return {}
    return {"Reply-To": reply_address(current_app.extensions["sealer"], row, domain)}


def _thread_headers(row: Notification) -> dict[str, str]:
    """All mails about a thing answer one that was never sent, which puts them together."""
    host = urlsplit(current_app.extensions["settings"].public_base_url).hostname
    root = f"<{row.group_id.hex}.{row.person_id.hex[-12:]}@{host}>"
    return {"In-Reply-To": root, "References": root}
