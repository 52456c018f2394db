"""The content of notification mails, built when a letter is written.

A mail names who, what and where, and links there. It contains names of objects but no other text
that people typed: what a test, a review or a note says is read in the portal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from portal.collaboration.discussions.models import Comment
from portal.communication.notifications import labels, queries
from portal.communication.notifications.digest_queries import DigestSection
from portal.communication.notifications.mail_queries import (
    DIGEST,
    NOTICE,
    read_letter_reader_and_notifications,
)
from portal.communication.notifications.models import Notification
from portal.communication.notifications.queries import Kinds, NotificationScope
from portal.communication.notifications.reply_address_queries import reply_address
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.mail.letters import (
    ContentProviders,
    LetterContent,
    LetterWithdrawn,
    QueuedLetter,
    page_url,
)
from portal.project.projects.to_decide_queries import count_waiting

LINES_MAX = 40  # of a digest; the inbox shows the others


@dataclass(frozen=True)
class MailLine:
    """A sentence and its link."""

    sentence: str
    url: str


@dataclass(frozen=True)
class NotificationMailBuilder:
    """Builds the content of notices and digests.

    The builders raise `LetterWithdrawn` when nothing is left to send, and `LetterPostponed` outside
    the reader's mail hours.
    """

    kinds: Kinds
    sealer: TokenSealer
    settings: Settings

    @property
    def builders(self) -> ContentProviders:
        """The builder of each kind of letter."""
        return {NOTICE: self._build_notice, DIGEST: self._build_digest}

    def _build_notice(self, row: QueuedLetter) -> LetterContent:
        """A mail about one object, sent at once; mail programs thread all mails about it."""
        reader, rows = read_letter_reader_and_notifications(row, self.kinds)
        latest = rows[-1]
        reply_headers = self._reply_headers(latest)
        facts = self._footer_links(reader, latest.kind) | {
            "name": reader.name,
            "lines": self._build_lines(rows),
            "place": _scope_name(latest, queries.get_notification_scopes(rows)),
            "kind": str(self.kinds[latest.kind].label),
            "can_reply": bool(reply_headers),
        }
        headers = _unsubscribe_headers(facts["stop"]) | self._thread_headers(latest)
        return LetterContent(facts, headers | reply_headers)

    def _build_digest(self, row: QueuedLetter) -> LetterContent:
        """All pending notifications by place, the place with the most lines first."""
        reader, rows = read_letter_reader_and_notifications(row, self.kinds)
        rhythm = queries.find_mail_rhythm(reader.id)
        if rhythm is not None and rhythm.no_digest:
            raise LetterWithdrawn
        places = queries.get_notification_scopes(rows)
        by_place: dict[str, list[MailLine]] = {}
        for notification, line in zip(rows, self._build_lines(rows), strict=True):
            by_place.setdefault(_scope_name(notification, places), []).append(line)
        ordered_places = sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
        actor = actor_for(reader.id)
        facts = self._footer_links(reader, DIGEST) | {
            "name": reader.name,
            "count": len(rows),
            "places": _limit_lines(ordered_places),
            "more": max(0, len(rows) - LINES_MAX),
            "names": ", ".join(name for name, _lines in ordered_places[:3] if name),
            "to_decide": count_waiting(actor).total,
            "to_decide_url": page_url("to_decide.index"),
            "sections": self._list_sections(actor),
        }
        return LetterContent(facts, _unsubscribe_headers(facts["stop"]))

    def _build_lines(self, rows: Sequence[Notification]) -> list[MailLine]:
        names = queries.get_person_names_in(rows)
        lines = []
        for row in rows:
            who = names.get(row.actor_id, "") if row.actor_id else ""
            person_id = queries.find_person_id_in_facts(row)
            person = names.get(person_id, "") if person_id else ""
            sentence = labels.sentence(self.kinds[row.kind], row, who, person)
            lines.append(MailLine(sentence, page_url("inbox.follow_link", fact_id=row.fact_id)))
        return lines

    def _list_sections(self, actor: Actor) -> list[tuple[str, list[MailLine]]]:
        """What features add, by title; without those that have nothing to tell the reader."""
        sections = []
        for section in list_contributions(DigestSection):
            lines = [
                MailLine(
                    _("%(name)s : %(what)s", name=line.place, what=line.sentence),
                    f"{self.settings.public_base_url}{line.path}",
                )
                for line in section.list_lines(actor)
            ]
            if lines:
                sections.append((str(section.title), lines))
        return sections

    def _footer_links(self, reader: Person, kind: str) -> dict[str, Any]:
        """Links to unsubscribe, to the preferences and to the inbox."""
        token = self.sealer.seal(f"unsubscribe {kind}", reader.id)
        return {
            "stop": page_url("unsubscribe.show_unsubscribe_page", kind=kind, token=token),
            "choose": page_url("preferences.page"),
            "inbox": page_url("inbox.index"),
        }

    def _reply_headers(self, row: Notification) -> dict[str, str]:
        """`Reply-To` for notifications about comments, if the installation accepts mail."""
        domain = self.settings.reply_domain
        if not domain or row.subject != Comment.__tablename__:
            return {}
        return {"Reply-To": reply_address(self.sealer, row, domain)}

    def _thread_headers(self, row: Notification) -> dict[str, str]:
        """All mails about an object reply to one that was never sent, which threads them."""
        host = urlsplit(self.settings.public_base_url).hostname
        root = f"<{row.group_id.hex}.{row.person_id.hex[-12:]}@{host}>"
        return {"In-Reply-To": root, "References": root}


def _limit_lines(places: Sequence[tuple[str, list[MailLine]]]) -> list[tuple[str, list[MailLine]]]:
    left, limited = LINES_MAX, []
    for name, lines in places:
        if left:
            limited.append((name, lines[-left:]))
            left -= len(limited[-1][1])
    return limited


def _scope_name(row: Notification, places: Mapping[UUID, NotificationScope]) -> str:
    place = places.get(row.scope_id) if row.scope_id else None
    return place.name if place else ""


def _unsubscribe_headers(url: str) -> dict[str, str]:
    """One-click unsubscription (RFC 2369 and RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
