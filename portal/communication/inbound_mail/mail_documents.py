"""What of a mail that came in its writer wrote, to which address, and whether a machine sent it.

Quotes and signatures are cut by `mail-parser-reply`, in French and in English. Whoever knows the
server's name can send anything, before any address is looked at: whatever it is made of is read in
a moment, or not at all.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from typing import Any

import nh3
from mailparser_reply import EmailMessage as Exchange

from portal.platform.kernel.text import clean

TEXT_MAX = 40_000  # characters that are looked at; a comment is shorter
HEADER_MAX = 8000  # characters of one header that are looked at
PART_HEADER_MAX = 2000  # characters of what one part says of itself
PARTS_MAX = 500  # lines that may begin one
LANGUAGES = ["fr", "en"]
# Where an address may stand that brought the mail here.
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_QUOTES = frozenset({"blockquote"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
# What phones and their programs add of themselves, as the last line.
_PHONE = re.compile(
    r"\n?^(?:Envoyé (?:de|depuis|à partir de) |Sent from |Obtenez Outlook |Obtenir Outlook "
    r"|Télécharger Outlook |Get Outlook ).{1,80}\Z",
    re.MULTILINE,
)
# Where a quote begins, as the package does not know it: a line that a program folded, and what
# programs of French administrations write. At most three lines, with a date in the first.
_QUOTED = re.compile(
    r"^(?:(?:Le|On) (?=[^\n]*\d)[^\n]{1,200}(?:\n(?!>)[^\n]{1,120}){0,2}?\s(?:a écrit\s?|wrote):"
    r"|-{2,} ?(?:Mail original|Message d['’]origine|Message original|Message transféré"
    r"|Original [Mm]essage) ?-{2,})[ \t]*$",
    re.MULTILINE,
)
_EMPTY = re.compile(r"\n{3,}")
# A line that is a paragraph, and neither a header of a quote nor a signature: the package, which
# looks at each character of a line from each other one, is shown a mark in its place.
_PARAGRAPH = re.compile(r"^[^\n]{300,}$", re.MULTILINE)
_PART_HEADER = re.compile(
    rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.MULTILINE | re.IGNORECASE
)
_MARK = re.compile("\ue000(\\d+)\ue001")


class UnreadableMail(ValueError):
    """It is built so that no program reads it, or none in a moment."""


@dataclass(frozen=True, kw_only=True)
class IncomingMail:
    """`addresses` in the order they stand; `key` is the same however often the mail comes in."""

    addresses: Sequence[str]
    sender: str
    text: str
    key: str
    is_automatic: bool


def parse_mail(raw: bytes, recipients: Sequence[str] = ()) -> IncomingMail:
    """A mail as it came, of whatever shape. `recipients`: those the server names beside it.

    Raises `Unreadable`.
    """
    try:
        return _parse_mail(raw, recipients)
    except UnreadableMail:
        raise
    except Exception as broken:  # noqa: BLE001  a thousand ways to build a mail wrongly
        raise UnreadableMail(type(broken).__name__) from None


def _parse_mail(raw: bytes, recipients: Sequence[str]) -> IncomingMail:
    if raw.count(b"\n--") > PARTS_MAX or any(
        len(header_part[0]) > PART_HEADER_MAX for header_part in _PART_HEADER.finditer(raw)
    ):
        raise UnreadableMail(
            "parts"
        )  # the library takes a time that grows with the square of these
    message = message_from_bytes(raw, policy=default)
    named = getaddresses([text for name in _TO for text in _header_values(message, name)])
    named_once = _first_header(message, "Message-ID").encode() or raw
    return IncomingMail(
        addresses=[*recipients, *(address for _name, address in named)],
        sender=parseaddr(_first_header(message, "From"))[1].lower(),
        text=_reply_text(message),
        key=hashlib.sha256(named_once).hexdigest(),
        is_automatic=_is_automatic(message),
    )


def _header_values(message: EmailMessage, name: str) -> list[str]:
    """A header as it came, the beginning of it: one line of ASCII, however it was folded."""
    values = (str(value) for each, value in message.raw_items() if each.lower() == name.lower())
    lines = (" ".join(value[:HEADER_MAX].split()) for value in values)
    return [line.encode("ascii", "replace").decode() for line in lines]


def _first_header(message: EmailMessage, name: str) -> str:
    return next(iter(_header_values(message, name)), "")


def _is_automatic(message: EmailMessage) -> bool:
    """An absence, a bounce, a list: nobody wrote it, and nobody is to be answered (RFC 3834)."""
    auto_submitted = _first_header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    bounced = _first_header(message, "Return-Path").strip() == "<>"
    report = message.get_content_type() == "multipart/report"
    bulk = _first_header(message, "Precedence").strip().lower() in _BULK
    listed = any(message.get(name) for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    return auto_submitted not in {"", "no"} or bounced or report or bulk or listed


def _reply_text(message: EmailMessage) -> str:
    """The words above the quote, without the signature; empty where there are none."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        content = body.get_content()
    except (LookupError, ValueError, AttributeError):  # a charset that nobody knows
        return ""
    text = str(content)[: 4 * TEXT_MAX]
    if body.get_content_subtype() == "html":
        text = _html_to_text(text)
    reply = _latest_reply(_without_quote(clean(text)[:TEXT_MAX]))
    own_lines = [line for line in reply.split("\n") if not line.lstrip().startswith(">")]
    return _EMPTY.sub("\n\n", clean(_PHONE.sub("", clean("\n".join(own_lines)))))


def _latest_reply(text: str) -> str:
    """Without older mails and without the signature; lists keep their hyphens."""
    paragraphs: list[str] = []

    def mark(match: re.Match[str]) -> str:
        paragraphs.append(match[0])
        return f"\ue000{len(paragraphs) - 1}\ue001"

    short = _PARAGRAPH.sub(mark, _MARK.sub("", text))
    exchange = Exchange(text=short, languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    reply = str(exchange.replies[0].body) if exchange.replies else ""
    return _MARK.sub(lambda match: paragraphs[int(match[1])], reply)


def _without_quote(text: str) -> str:
    """What stands above the quote; what stands below it, where nothing does."""
    quote = _QUOTED.search(text)
    if quote is None:
        return text
    above = text[: quote.start()]
    return above if above.strip() else text[quote.end() :]


def _html_to_text(html: str) -> str:
    """Of a page that is made whole first: Python's parser takes hours over a broken one."""
    words = _TextExtractor()
    words.feed(nh3.clean(html, tags=set(_BREAKS | _QUOTES), attributes={}))
    words.close()
    return "".join(words.parts)


class _TextExtractor(HTMLParser):
    """The text of a page, without what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  its own shape
        if tag in _QUOTES:
            self._hidden += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _QUOTES:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
