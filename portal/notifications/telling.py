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

from portal.accounts.models import Person
from portal.delivery.letters import Later, Queued, Told, Withdrawn, page_url
from portal.discussions.models import Comment
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.notifications import policy, queries, words
from portal.notifications.kinds import Kind
from portal.notifications.models import Channel, Notification
from portal.notifications.preferences import hours_of
from portal.notifications.queries import Kinds, Place
from portal.notifications.replying import reply_address
from portal.programmes.queries import actor_for

NOTICE, DIGEST = "notice", "digest"  # kinds of letters: templates/mail
_UNMAILED = {Channel.INBOX, Channel.NEVER}
LINES_MAX = 40  # of a digest; the inbox holds the others


@dataclass(frozen=True)
class Line:
    """A sentence, and where it leads."""

    said: str
    url: str


def tell_notice(row: Queued) -> Told:
    """One thing, at once. A mail program puts all mails about it together."""
    reader, rows = _still(row)
    latest = rows[-1]
    lines, places = _lines(rows), queries.places_of(rows)
    facts = _about(reader, latest.kind) | {
        "name": reader.name,
        "lines": lines,
        "place": _name_of(latest, places),
        "kind": str(_kinds()[latest.kind].label),
        "can_reply": bool(replies := _replies(latest)),
    }
    return Told(facts, _unsubscribe(facts["stop"]) | _thread(latest) | replies)


def tell_digest(row: Queued) -> Told:
    """What waited, by place, the place with most of it first."""
    reader, rows = _still(row)
    rhythm = queries.find_rhythm(reader.id)
    if rhythm is not None and rhythm.no_digest:
        raise Withdrawn
    places = queries.places_of(rows)
    by_place: dict[str, list[Line]] = {}
    for notification, line in zip(rows, _lines(rows), strict=True):
        by_place.setdefault(_name_of(notification, places), []).append(line)
    shown = sorted(by_place.items(), key=lambda each: (-len(each[1]), each[0]))
    facts = _about(reader, DIGEST) | {
        "name": reader.name,
        "count": len(rows),
        "places": _cut(shown),
        "more": max(0, len(rows) - LINES_MAX),
        "names": ", ".join(name for name, _ in shown[:3] if name),
    }
    return Told(facts, _unsubscribe(facts["stop"]))


TELLERS = {NOTICE: tell_notice, DIGEST: tell_digest}


def _kinds() -> Kinds:
    known: Mapping[str, Kind] = current_app.extensions["notification_kinds"]
    return known


def _still(row: Queued) -> tuple[Person, Sequence[Notification]]:
    """Who reads it, and what of it is still to be told, oldest first.

    A letter may have waited for its server. Raises `Withdrawn`, and `Later` outside their hours.
    """
    reader = db.session.scalar(
        select(Person).where(Person.id == row.person_id, Person.disabled_at.is_(None))
    )
    if reader is None:
        raise Withdrawn
    about = [UUID(id_) for id_ in row.facts["about"]]
    found = select(Notification).where(
        Notification.person_id == reader.id, Notification.fact_id.in_(about)
    )
    ordered = found.order_by(Notification.created_at, Notification.fact_id)
    rows = worth_telling(actor_for(reader.id), db.session.scalars(ordered).all(), _kinds())
    if not rows:
        raise Withdrawn
    hours, now = hours_of(reader.time_zone, queries.find_rhythm(reader.id)), clock.now()
    if not hours.is_open(now):
        raise Later(hours.next_opening(now))
    return reader, rows


def worth_telling(
    actor: Actor, rows: Sequence[Notification], kinds: Kinds
) -> Sequence[Notification]:
    """Those that are unread, that the person may still see and wishes to hear of by mail, and that
    are not over."""
    kept = [
        row
        for row in rows
        if row.read_at is None and row.kind in kinds and policy.can_see(actor, row)
    ]
    kept = _wished(actor, kept, kinds) if kept else []
    over = _over(actor, kept, kinds)
    return [row for row in kept if (row.kind, row.subject_id) not in over]


def _wished(actor: Actor, rows: Sequence[Notification], kinds: Kinds) -> list[Notification]:
    """Without what the person keeps to the portal, or has silenced since."""
    chosen, silent = queries.preferences_of(actor.person_id), queries.list_muted(actor)
    return [
        row
        for row in rows
        if chosen.get(row.kind) not in _UNMAILED
        and (kinds[row.kind].is_personal or not {row.scope_id, row.group_id} & silent)
    ]


def _over(actor: Actor, rows: Sequence[Notification], kinds: Kinds) -> frozenset[tuple[str, UUID]]:
    over: set[tuple[str, UUID]] = set()
    for code in {row.kind for row in rows}:
        standing = kinds[code].standing
        if standing is None:
            continue
        ids = {row.subject_id for row in rows if row.kind == code}
        given = {"ids": list(ids), "reader": actor.person_id}
        left = set(db.session.scalars(standing, given))
        over |= {(code, id_) for id_ in ids - left}
    return frozenset(over)


def _lines(rows: Sequence[Notification]) -> list[Line]:
    names = queries.names_in(rows)
    lines = []
    for row in rows:
        who = names.get(row.actor_id, "") if row.actor_id else ""
        person = queries.person_in(row)
        said = words.sentence(_kinds()[row.kind], row, who, names.get(person, "") if person else "")
        lines.append(Line(said, page_url("inbox.follow", fact_id=row.fact_id)))
    return lines


def _cut(places: Sequence[tuple[str, list[Line]]]) -> list[tuple[str, list[Line]]]:
    left, shown = LINES_MAX, []
    for name, lines in places:
        if left:
            shown.append((name, lines[-left:]))
            left -= len(shown[-1][1])
    return shown


def _name_of(row: Notification, places: Mapping[UUID, Place]) -> str:
    place = places.get(row.scope_id) if row.scope_id else None
    return place.name if place else ""


def _about(reader: Person, kind: str) -> dict[str, Any]:
    """The ways out that every such mail holds."""
    token = current_app.extensions["sealer"].seal(f"unsubscribe {kind}", reader.id)
    return {
        "stop": page_url("unsubscribe.ask", kind=kind, token=token),
        "choose": page_url("preferences.page"),
        "inbox": page_url("inbox.index"),
    }


def _unsubscribe(address: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058: a mail program offers to stop this, in one click."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _replies(row: Notification) -> dict[str, str]:
    """Where an answer becomes a comment: of a comment, where the installation takes mails in."""
    domain = current_app.extensions["settings"].reply_domain
    if not domain or row.subject != Comment.__tablename__:
        return {}
    return {"Reply-To": reply_address(current_app.extensions["sealer"], row, domain)}


def _thread(row: Notification) -> dict[str, str]:
    """All mails about a thing answer one that was never sent, which puts them together."""
    host = urlsplit(current_app.extensions["settings"].public_base_url).hostname
    root = f"<{row.group_id.hex}.{row.person_id.hex[-12:]}@{host}>"
    return {"In-Reply-To": root, "References": root}
