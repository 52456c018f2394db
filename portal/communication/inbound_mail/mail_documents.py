"""Parse an incoming mail: the new text, the addresses, and whether it is automatic.

`mail-parser-reply` removes quotes and signatures in French and English. Anybody can send anything
to the server, so parsing is bounded: a mail is parsed in short time or refused.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import compat32, default
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any

import nh3
from mailparser_reply import EmailMessage as Exchange

from portal.platform.kernel.text import clean_text

TEXT_MAX = 40_000  # characters parsed; a comment is shorter
HEADER_MAX = 8000  # characters of one header that are parsed
PART_HEADER_MAX = 2000  # characters of the header of one part
PARTS_MAX = 500  # lines that may be a part boundary
HEADERS_MAX = 128 * 1024  # bytes of all headers
DEPTH_MAX = 200  # nested tags: cleaning HTML takes time by the square of the depth
LANGUAGES = ["fr", "en"]
# Headers that may contain the reply address.
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_QUOTES = frozenset({"blockquote"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
# Advertising that phones and mail programs add as the last line.
_PHONE = re.compile(
    r"\n?^(?:Envoyé (?:de|depuis|à partir de) |Sent from |Obtenez Outlook |Obtenir Outlook "
    r"|Télécharger Outlook |Get Outlook ).{1,80}\Z",
    re.MULTILINE,
)
# Quote headers that the package does not recognise: folded lines, and those of mail programs in
# French administrations. At most three lines, with a date in the first.
_QUOTED = re.compile(
    r"^(?:(?:Le|On) (?=[^\n]*\d)[^\n]{1,200}(?:\n(?!>)[^\n]{1,120}){0,2}?\s(?:a écrit\s?|wrote):"
    r"|-{2,} ?(?:Mail original|Message d['’]origine|Message original|Message transféré"
    r"|Original [Mm]essage) ?-{2,})[ \t]*$",
    re.MULTILINE,
)
_EMPTY = re.compile(r"\n{3,}")
# A line so long that it is neither a quote header nor a signature: the package, whose time is
# quadratic in the length of a line, gets a placeholder instead.
_PARAGRAPH = re.compile(r"^[^\n]{300,}$", re.MULTILINE)
_PART_HEADER = re.compile(rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.MULTILINE | re.IGNORECASE)
_MARK = re.compile("\ue000(\\d+)\ue001")


# One address, alone or after a name that holds none: nothing that programs read differently.
_ADDRESS = r"[^\s<>\"(),:;@\[\]\\]{1,64}@[A-Za-z0-9.-]{1,255}"
_SENDER = re.compile(rf"(?:(?:\"(?:[^\"\\@]|\\.)*\"|[^\"<>(),:;@\\]*)\s*<({_ADDRESS})>|({_ADDRESS}))")
_TAG = re.compile(r"<(/?)([a-zA-Z]+)")
# Tags that need no end, so that an end that is missing says nothing of the depth.
_UNCLOSED = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p"}
    | {"param", "source", "tbody", "td", "th", "thead", "tr", "wbr"}
)


class UnreadableMail(ValueError):
    """The mail is malformed, or would take too long to parse."""


@dataclass(frozen=True, kw_only=True)
class IncomingMail:
    """`addresses` in their order in the mail; `key` identifies the mail if it is received again."""

    addresses: Sequence[str]
    sender: str
    text: str
    key: str
    is_automatic: bool


def read_addresses(raw: bytes, recipients: Sequence[str] = ()) -> Sequence[str]:
    """The addresses that a mail was sent to, before anything else of it is parsed.

    `recipients` are those of the SMTP envelope. Raises `UnreadableMail`.
    """
    if recipients:
        return recipients
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if len(head) > HEADERS_MAX:
        raise UnreadableMail("headers")
    try:
        headers = BytesHeaderParser(policy=compat32).parsebytes(head + b"\n\n")
        values = [str(value)[:HEADER_MAX] for name in _TO for value in headers.get_all(name, [])]
        return [address for _name, address in getaddresses(values)]
    except Exception as error:  # noqa: BLE001  malformed mails raise anything
        raise UnreadableMail(type(error).__name__) from None


def parse_mail(raw: bytes, recipients: Sequence[str] = ()) -> IncomingMail:
    """Parse a mail as received; `recipients` are those of the SMTP envelope.

    Raises `UnreadableMail`.
    """
    try:
        return _parse_mail_within_limits(raw, recipients)
    except UnreadableMail:
        raise
    except Exception as error:  # noqa: BLE001  malformed mails raise anything
        raise UnreadableMail(type(error).__name__) from None


def _parse_mail_within_limits(raw: bytes, recipients: Sequence[str]) -> IncomingMail:
    part_headers = (match[0] for match in _PART_HEADER.finditer(raw))
    if raw.count(b"\n--") > PARTS_MAX or any(len(part) > PART_HEADER_MAX for part in part_headers):
        raise UnreadableMail("parts")  # the email library's time is quadratic in these
    message = message_from_bytes(raw, policy=default)
    header_addresses = getaddresses([text for name in _TO for text in _header_values(message, name)])
    identity = _first_header_value(message, "Message-ID").encode() or raw
    return IncomingMail(
        addresses=[*recipients, *(address for _name, address in header_addresses)],
        sender=_read_sender(message),
        text=_reply_text(message),
        key=hashlib.sha256(identity).hexdigest(),
        is_automatic=_is_automatic(message),
    )


def _header_values(message: EmailMessage, name: str) -> list[str]:
    """The raw values of a header, cut to `HEADER_MAX`, unfolded, in ASCII."""
    values = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    lines = (" ".join(value[:HEADER_MAX].split()) for value in values)
    return [line.encode("ascii", "replace").decode() for line in lines]


def _read_sender(message: EmailMessage) -> str:
    """The address of the only `From` header; "" unless it names exactly one, strictly written."""
    values = _header_values(message, "From")
    match = _SENDER.fullmatch(values[0].strip()) if len(values) == 1 else None
    return (match[1] or match[2]).lower() if match else ""


def _refuse_deep_html(html: str) -> None:
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _UNCLOSED:
            depth = max(0, depth - 1) if closing else depth + 1
        if depth > DEPTH_MAX:
            raise UnreadableMail("depth")


def _first_header_value(message: EmailMessage, name: str) -> str:
    return next(iter(_header_values(message, name)), "")


def _is_automatic(message: EmailMessage) -> bool:
    """Whether it is an auto-reply, a bounce or list mail, which must not be answered (RFC 3834)."""
    auto_submitted = _first_header_value(message, "Auto-Submitted").partition(";")[0].strip().lower()
    bounced = _first_header_value(message, "Return-Path").strip() == "<>"
    report = message.get_content_type() == "multipart/report"
    bulk = _first_header_value(message, "Precedence").strip().lower() in _BULK
    listed = any(message.get(name) for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    return auto_submitted not in {"", "no"} or bounced or report or bulk or listed


def _reply_text(message: EmailMessage) -> str:
    """The new text without quotes and signature; empty when there is none."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        content = body.get_content()
    except (LookupError, ValueError, AttributeError):  # an unknown charset
        return ""
    text = str(content)[: 4 * TEXT_MAX]
    if body.get_content_subtype() == "html":
        text = _html_to_text(text)
    reply = _cut_older_mails(_without_quote(clean_text(text)[:TEXT_MAX]))
    own_lines = [line for line in reply.split("\n") if not line.lstrip().startswith(">")]
    return _EMPTY.sub("\n\n", clean_text(_PHONE.sub("", clean_text("\n".join(own_lines)))))


def _cut_older_mails(text: str) -> str:
    """Without older mails and signature; lists keep their hyphens."""
    paragraphs: list[str] = []

    def mark(match: re.Match[str]) -> str:
        paragraphs.append(match[0])
        return f"\ue000{len(paragraphs) - 1}\ue001"

    short = _PARAGRAPH.sub(mark, _MARK.sub("", text))
    exchange = Exchange(text=short, languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    reply = str(exchange.replies[0].body) if exchange.replies else ""
    return _MARK.sub(lambda match: paragraphs[int(match[1])], reply)


def _without_quote(text: str) -> str:
    """The text above the quote; the text below it when there is none above."""
    quote = _QUOTED.search(text)
    if quote is None:
        return text
    above = text[: quote.start()]
    return above if above.strip() else text[quote.end() :]


def _html_to_text(html: str) -> str:
    """Sanitises the HTML first: Python's parser may take hours over malformed input."""
    _refuse_deep_html(html)
    extractor = _TextExtractor()
    extractor.feed(nh3.clean(html, tags=set(_BREAKS | _QUOTES), attributes={}))
    extractor.close()
    return "".join(extractor.parts)


class _TextExtractor(HTMLParser):
    """The text of an HTML document without block quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002  the parser's signature
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
