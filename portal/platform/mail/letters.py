"""Writes a queued row out as a letter, in its reader's language.

A letter of kind `welcome` is two templates, `templates/mail/welcome.txt` and `welcome.html`, which
extend `platform/mail/letters/layout.txt` and `platform/mail/letters/layout.html`. Both fill the block `body`; the block `subject` of
the .txt one is the subject (of the page's title too), one line that holds no secret. They see:

- `facts`: what the command gave to `outbox.queue`. A fact that is missing is a fault, not a blank.
  (Do not call one `items`, `keys`, `values`, `get`, `copy`, `pop` or `update`: those are a
  dictionary's own.) A moment or a day in it is ISO text: `{{ facts.until | from_iso | moment }}`.
- `page_url(endpoint, **values)`: the absolute address of a page, under PUBLIC_BASE_URL.
- `sealed_url(endpoint, purpose, id, **values)`: the same with `token=`, the sealed id of a row. Its
  route opens it with `app.extensions["sealer"].open(purpose, token)` and asks the row whether it
  still allows anything: a sealed token neither ends nor serves once by itself.
- `locale`, `service_name`, and the filters of pages (`day`, `moment`, `number`…).

The marks of a letter that is sent twice (Message-ID, Date) are those of the row, so that both are
the same letter.
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
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import clean, using_language
from portal.platform.kernel.text import gettext as _

SUBJECT_MAX = 200
# Words that headers and templates may meet and that are not the letter's fault to be sent again.
WRITING_ERRORS = (TemplateError, LookupError, TypeError, ValueError, MessageError)


class _UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A header that machines read, of ASCII and without a blank: on one line, however long.

    Python would fold it by encoding it as a word (RFC 2047), which no mail program decodes there.
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "in-reply-to", "references"):
    _HEADERS.map_to_type(_name, _UnfoldedHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class LetterWithdrawn(Exception):
    """There is nothing to tell any more: it was seen, is over, or its reader may not see it."""


class LetterPostponed(Exception):
    """Its reader takes no mail now, but from a moment on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class LetterContent:
    """What a letter says, found out as it is written; and headers of its own."""

    facts: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class QueuedLetter(Protocol):
    """What of a row makes a letter: a row of the outbox itself, or a claimed one."""

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


# Of kinds whose facts are asked for when the letter is written: raises `Withdrawn`.
ContentProviders = Mapping[str, Callable[[QueuedLetter], LetterContent]]


def init_app(app: Flask, tellers: ContentProviders) -> None:
    app.extensions["letter_tellers"] = tellers
    app.jinja_env.globals.update(page_url=page_url, sealed_url=sealed_url)
    app.jinja_env.filters["from_iso"] = parse_iso


def page_url(endpoint: str, **values: Any) -> str:
    """Absolute, from PUBLIC_BASE_URL: never from the name somebody asked the portal by."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_base_url + current_app.url_map.bind("").build(endpoint, values)


def sealed_url(endpoint: str, purpose: str, id_: UUID | str, **values: Any) -> str:
    token = current_app.extensions["sealer"].seal(purpose, UUID(str(id_)))
    return page_url(endpoint, token=token, **values)


def parse_iso(text: str) -> date | datetime:
    """A day, or an aware moment, as JSON holds it."""
    return date.fromisoformat(text) if len(text) == len("2026-11-24") else _moment(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} is a moment without a time zone")
    return moment


def write_letter(row: QueuedLetter) -> EmailMessage:
    """The whole letter. Raises one of `FAULTS` when its templates or its facts do not make one.

    Raises `Withdrawn` where there is nothing left to tell, `Later` where it is not the time.
    """
    tellers: ContentProviders = current_app.extensions["letter_tellers"]
    if row.kind in tellers:
        with read_only_transaction(), using_language(row.locale):
            content = tellers[row.kind](row)
        return render_letter(row, content)
    return render_letter(row, LetterContent(row.facts))


def render_letter(row: QueuedLetter, content: LetterContent) -> EmailMessage:
    """The letter that says this."""
    settings: Settings = current_app.extensions["settings"]
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
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    letter.set_content(text, cte="quoted-printable")
    letter.add_alternative(html, subtype="html", cte="quoted-printable")
    letter["Content-Language"] = row.locale  # last: a Content- header stays with what was there
    return letter


def find_subject(row: QueuedLetter) -> str:
    """What its reader sees first; its kind, where the template does not say or is gone."""
    if row.kind in current_app.extensions["letter_tellers"]:
        return _("Notification")  # what it tells is its reader's
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
        "public_base_url": current_app.extensions["settings"].public_base_url,
    }


def _render_subject(row: QueuedLetter, context: dict[str, Any]) -> str:
    """One line, whatever the facts hold: a header ends where a line does."""
    template = _get_template(row, "txt")
    drawn = "".join(template.blocks["subject"](template.new_context(context)))
    return " ".join(clean(drawn).split())[:SUBJECT_MAX]


def _get_template(row: QueuedLetter, suffix: str) -> Template:
    return current_app.jinja_env.get_template(f"platform/mail/letters/{row.kind}.{suffix}")
