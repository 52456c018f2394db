"""The pages of the outbox for administrators."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.mail import commands, labels, policy, queries
from portal.platform.mail.letters import render_subject_or_kind
from portal.platform.mail.queries import LetterState
from portal.platform.mail.transport import FolderTransport
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("letters", __name__, url_prefix="/letters")

PAGES_MAX = 100_000


class RetryLetterForm(CreateForm):
    """A form without fields: a button."""


def _get_settings() -> Settings:
    return get_service(Settings)


@bp.get("")
def index() -> Response:
    return _render_index(RetryLetterForm(formdata=None))


def _render_index(form: RetryLetterForm, status: int = 200) -> Response:
    counts = queries.count_letters_by_state(actor)
    requested_state = request.args.get("state", "")
    state = (
        LetterState(requested_state)
        if requested_state in LetterState.__members__.values()
        else _first_state_to_show(counts)
    )
    number = request.args.get("page", 1, type=int)
    page = queries.read_letter_page(actor, state, min(number, PAGES_MAX), counts[state])
    return render(
        "platform/mail/index.html",
        status=status,
        counts=counts,
        state=state,
        page=page,
        rows=[(letter, render_subject_or_kind(letter)) for letter in page.letters],
        url_of=lambda number: url_for(".index", state=state, page=number),
        is_folder=_get_settings().mail_server is None,
        can_try_again=policy.can_retry_letters(actor),
        retry_batch=commands.RETRY_BATCH,
        form=form,
        letter_labels=labels,
        State=LetterState,
    )


def _first_state_to_show(counts: Mapping[LetterState, int]) -> LetterState:
    """Given-up mails if any, else waiting ones, else sent ones."""
    for state in (LetterState.GIVEN_UP, LetterState.WAITING):
        if counts[state]:
            return state
    return LetterState.SENT


@bp.get("/<uuid:letter_id>")
def page(letter_id: UUID) -> Response:
    return _render_letter(queries.get_letter(actor, letter_id), RetryLetterForm(formdata=None))


def _render_letter(letter: OutboxMessage, form: RetryLetterForm, status: int = 200) -> Response:
    app_settings = _get_settings()
    may_read = policy.can_read_letter_bodies(actor, is_production=app_settings.is_production)
    state = queries.letter_state_of(letter)
    is_body_readable = may_read and app_settings.mail_server is None and state is LetterState.SENT
    return render(
        "platform/mail/letter.html",
        status=status,
        letter=letter,
        state=state,
        subject=render_subject_or_kind(letter),
        body=FolderTransport(app_settings.mail_folder).find_text(letter.message_key)
        if is_body_readable
        else None,
        can_try_again=policy.can_retry_letters(actor) and state is LetterState.GIVEN_UP,
        form=form,
        letter_labels=labels,
    )


@bp.post("/<uuid:letter_id>/again")
def try_again(letter_id: UUID) -> Response:
    letter, form = queries.get_letter(actor, letter_id), RetryLetterForm()
    return write(
        form,
        lambda _values: commands.retry_letter(actor, letter_id),
        message=_("Ce courriel repart dans un instant."),
        to=url_for(".index"),
        page=lambda status: _render_letter(letter, form, status),
    )


@bp.post("/again")
def try_all_again() -> Response:
    form = RetryLetterForm()
    queries.count_letters_by_state(actor)  # raises `NotFound` like the page
    return write(
        form,
        lambda _values: commands.retry_all_letters(actor),
        message=lambda count: ngettext(
            "%(num)s courriel repart dans un instant.", "%(num)s courriels repartent dans un instant.", count
        ),
        to=url_for(".index"),
        page=lambda status: _render_index(form, status),
    )
