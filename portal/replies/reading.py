"""What of a mail that came in its writer wrote, to which address, and whether a machine sent it.

Quotes and signatures are cut by `mail-parser-reply`, in French and in English.
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

from mailparser_reply import EmailReplyParser

from portal.kernel.text import clean

TEXT_MAX = 40_000  # characters that are looked at; a comment is shorter
LANGUAGES = ["fr", "en"]
# Where an address may stand that brought the mail here.
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_UNSEEN = frozenset({"style", "script", "head", "title"})
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


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """`addresses` in the order they stand; `key` is the same however often the mail comes in."""

    addresses: Sequence[str]
    sender: str
    text: str
    key: str
    is_automatic: bool


def read(raw: bytes, recipients: Sequence[str] = ()) -> Incoming:
    """A mail as it came, of whatever shape. `recipients`: those the server names beside it."""
    message = message_from_bytes(raw, policy=default)
    named = getaddresses([text for name in _TO for text in _all(message, name)])
    named_once = str(message.get("Message-ID", "")).encode() or raw
    return Incoming(
        addresses=[*recipients, *(address for _name, address in named)],
        sender=parseaddr(_text_of(message, "From"))[1].lower(),
        text=_written(message),
        key=hashlib.sha256(named_once).hexdigest(),
        is_automatic=_is_automatic(message),
    )


def _all(message: EmailMessage, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _text_of(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _is_automatic(message: EmailMessage) -> bool:
    """An absence, a bounce, a list: nobody wrote it, and nobody is to be answered (RFC 3834)."""
    said = _text_of(message, "Auto-Submitted").partition(";")[0].strip().lower()
    bounced = _text_of(message, "Return-Path").strip() == "<>"
    report = message.get_content_type() == "multipart/report"
    bulk = _text_of(message, "Precedence").strip().lower() in _BULK
    listed = any(message.get(name) for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    return said not in {"", "no"} or bounced or report or bulk or listed


def _written(message: EmailMessage) -> str:
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
        text = _words_of(text)
    text = _unquoted(clean(text)[:TEXT_MAX])
    replies = EmailReplyParser(languages=list(LANGUAGES)).read(text).replies
    reply = str(replies[0].body) if replies else ""
    kept = [line for line in reply.split("\n") if not line.lstrip().startswith(">")]
    return _EMPTY.sub("\n\n", clean(_PHONE.sub("", clean("\n".join(kept)))))


def _unquoted(text: str) -> str:
    """What stands above the quote; what stands below it, where nothing does."""
    found = _QUOTED.search(text)
    if found is None:
        return text
    above = text[: found.start()]
    return above if above.strip() else text[found.end() :]


def _words_of(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.parts)


class _Words(HTMLParser):
    """The text of a page, without what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  its own shape
        if tag in _UNSEEN | _QUOTES:
            self._hidden += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN | _QUOTES:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
