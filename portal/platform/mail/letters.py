"""Rendering of queued mails in their recipient's language.

A mail of kind `welcome` has two templates, `welcome.txt` and `welcome.html` in
`templates/platform/mail/letters`, which extend `layout.txt` and `layout.html`. Both define the
block `body`; the block `subject` of the .txt template is the subject, one line without secrets.
Variables of the templates:

- `facts`: the facts passed to `outbox.queue_letter`. A missing fact is an error, not a blank. (Name
  none like a dictionary's method: `items`, `keys`, `values`, `get`, `copy`, `pop`, `update`.)
  Times and dates are ISO text: `{{ facts.until | from_iso | moment }}`.
- `page_url(endpoint, **values)`: the absolute URL of a page, under PUBLIC_BASE_URL.
- `sealed_url(endpoint, purpose, id, **values)`: the same with `token=`, the sealed id of a row. The
  route opens it with `get_service(TokenSealer).open(purpose, token)` and checks the row: a sealed
  token neither expires nor is used up.
- `locale`, `service_name`, and the filters of pages (`day`, `moment`, `number`…).

Message-ID and Date come from the row, so that a mail sent twice is recognised as one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app
from jinja2 import Template, TemplateError

from portal.platform.kernel.database import read_only_transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import clean_text, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer

SUBJECT_MAX = 200
# Errors of templates, facts and headers.
WRITING_ERRORS = (TemplateError, LookupError, TypeError, ValueError, MessageError)


class _UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A machine-readable ASCII header without spaces, on one line however long.

    Python would fold it as encoded words (RFC 2047), which mail programs do not decode there.
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "in-reply-to", "references"):
    _HEADERS.map_to_type(_name, _UnfoldedHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class LetterWithdrawn(Exception):
    """The mail is obsolete: its news was read, is over, or the recipient may not see it."""


class LetterPostponed(Exception):
    """The recipient takes no mail before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class LetterContent:
    """The facts of a mail, determined when it is rendered, and additional headers."""

    facts: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class QueuedLetter(Protocol):
    """The attributes of an `OutboxMessage` or a `ClaimedLetter` that rendering uses."""

    @property
    def kind(self) -> str: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def address(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def message_key(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


# By kind: facts determined at rendering. May raise `LetterWithdrawn` or `LetterPostponed`.
ContentProviders = Mapping[str, Callable[[QueuedLetter], LetterContent]]


def init_app(app: Flask, providers: ContentProviders) -> None:
    """Register the content providers by kind, and the functions and filters of mail templates."""
    app.extensions["letter_content"] = providers
    app.jinja_env.globals.update(page_url=page_url, sealed_url=sealed_url)
    app.jinja_env.filters["from_iso"] = parse_iso_day_or_moment


def page_url(endpoint: str, **values: Any) -> str:
    """The absolute URL of a page, from PUBLIC_BASE_URL and not from the request's host."""
    settings = get_service(Settings)
    return settings.public_base_url + current_app.url_map.bind("").build(endpoint, values)


def sealed_url(endpoint: str, purpose: str, id_: UUID | str, **values: Any) -> str:
    """The URL of a page with a token for the row `id_` and a purpose."""
    token = get_service(TokenSealer).seal(purpose, UUID(str(id_)))
    return page_url(endpoint, token=token, **values)


def parse_iso_day_or_moment(text: str) -> date | datetime:
    """A date or an aware datetime from ISO text. Raises `ValueError` without a time zone."""
    return date.fromisoformat(text) if len(text) == len("2026-11-24") else _parse_datetime(text)


def _parse_datetime(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment


def build_letter_message(row: QueuedLetter) -> EmailMessage:
    """The complete mail.

    Raises one of `WRITING_ERRORS` when a template or a fact is wrong, `LetterWithdrawn` when there
    is nothing left to say, and `LetterPostponed` when the recipient takes no mail now.
    """
    providers: ContentProviders = current_app.extensions["letter_content"]
    if row.kind in providers:
        with read_only_transaction(), using_language(row.locale):
            content = providers[row.kind](row)
        return build_letter_with_content(row, content)
    return build_letter_with_content(row, LetterContent(row.facts))


def build_letter_with_content(row: QueuedLetter, content: LetterContent) -> EmailMessage:
    """The mail with the given content."""
    settings = get_service(Settings)
    with using_language(row.locale):
        context = _template_context(row) | {"facts": content.facts}
        subject = _render_subject(row, context)
        text = _get_template(row, "txt").render(context | {"subject": subject})
        html = _get_template(row, "html").render(context | {"subject": subject})
        name = settings.mail_from.name or context["service_name"]
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(name, addr_spec=settings.mail_from.address)
    letter["To"] = Address(addr_spec=row.address)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(row.created_at)
    letter["Message-ID"] = f"<{row.message_key}@{urlsplit(settings.public_base_url).hostname}>"
    for header, value in content.headers.items():
        letter[header] = value
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic replies
    letter.set_content(text, cte="quoted-printable")
    letter.add_alternative(html, subtype="html", cte="quoted-printable")
    letter["Content-Language"] = row.locale  # last: Content- headers are dropped by set_content
    return letter


def render_subject_or_kind(row: QueuedLetter) -> str:
    """The subject for administrators; the kind when it cannot be rendered."""
    if row.kind in current_app.extensions["letter_content"]:
        return _("Notification")  # its subject is private
    with using_language(row.locale):
        try:
            return _render_subject(row, _template_context(row))
        except WRITING_ERRORS:
            return row.kind


def _template_context(row: QueuedLetter) -> dict[str, Any]:
    return {
        "facts": row.facts,
        "locale": row.locale,
        "service_name": _("Portail des lauréats"),
        "public_base_url": get_service(Settings).public_base_url,
    }


def _render_subject(row: QueuedLetter, context: dict[str, Any]) -> str:
    """The subject on one line, whatever the facts hold (header injection)."""
    template = _get_template(row, "txt")
    subject = "".join(template.blocks["subject"](template.new_context(context)))
    return " ".join(clean_text(subject).split())[:SUBJECT_MAX]


def _get_template(row: QueuedLetter, suffix: str) -> Template:
    return current_app.jinja_env.get_template(f"platform/mail/letters/{row.kind}.{suffix}")
