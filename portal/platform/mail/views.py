"""The post of this installation: what waits, what was given up, what has left."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, request, url_for

from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.mail import commands, labels, policy, queries
from portal.platform.mail.letters import find_subject
from portal.platform.mail.queries import LetterState
from portal.platform.mail.transport import FolderTransport
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm, submit
from portal.platform.web.rendering import redirect_to, render

bp = Blueprint("letters", __name__, url_prefix="/letters")

PAGES_MAX = 100_000


class RetryForm(CreateForm):
    """Asks nothing: the button is the whole form."""


def get_settings() -> Settings:
    app_settings: Settings = current_app.extensions["settings"]
    return app_settings


@bp.get("")
def index() -> Response:
    return _render_index(RetryForm(formdata=None))


def _render_index(form: RetryForm, status: int = 200) -> Response:
    counts = queries.count_letters(actor)
    requested_state = request.args.get("state", "")
    state = (
        LetterState(requested_state)
        if requested_state in LetterState.__members__.values()
        else _first_state_to_show(counts)
    )
    number = request.args.get("page", 1, type=int)
    page = queries.list_letters(actor, state, min(number, PAGES_MAX), counts[state])
    return render(
        "platform/mail/index.html",
        status=status,
        counts=counts,
        state=state,
        page=page,
        rows=[(letter, find_subject(letter)) for letter in page.letters],
        url_of=lambda number: url_for(".index", state=state, page=number),
        kept=get_settings().mail_server is None,
        can_try_again=policy.can_try_again(actor),
        at_once=commands.RETRY_BATCH,
        form=form,
        words=labels,
        State=LetterState,
    )


def _first_state_to_show(counts: Mapping[LetterState, int]) -> LetterState:
    """What needs somebody, else what is still to come, else what has left."""
    for state in (LetterState.GIVEN_UP, LetterState.WAITING):
        if counts[state]:
            return state
    return LetterState.SENT


@bp.get("/<uuid:letter_id>")
def page(letter_id: UUID) -> Response:
    return _render_letter(queries.get_letter(actor, letter_id), RetryForm(formdata=None))


def _render_letter(letter: OutboxMessage, form: RetryForm, status: int = 200) -> Response:
    app_settings = get_settings()
    may_read = policy.can_read_bodies(actor, is_production=app_settings.is_production)
    state = queries.state_of(letter)
    is_body_readable = may_read and app_settings.mail_server is None and state is LetterState.SENT
    return render(
        "platform/mail/letter.html",
        status=status,
        letter=letter,
        state=state,
        subject=find_subject(letter),
        body=FolderTransport(app_settings.mail_folder).find_text(letter.message_key)
        if is_body_readable
        else None,
        can_try_again=policy.can_try_again(actor) and state is LetterState.GIVEN_UP,
        form=form,
        words=labels,
    )


@bp.post("/<uuid:letter_id>/again")
def try_again(letter_id: UUID) -> Response:
    letter, form = queries.get_letter(actor, letter_id), RetryForm()

    def act(_values: Mapping[str, Any]) -> None:
        commands.retry_letter(actor, letter_id)

    def redirect_to_index(_result: None) -> Response:
        flash(_("Ce courriel repart dans un instant."))
        return redirect_to(".index")

    return submit(form, act, redirect_to_index, lambda status: _render_letter(letter, form, status))


@bp.post("/again")
def try_all_again() -> Response:
    form = RetryForm()
    queries.count_letters(actor)  # a page that is not there takes no form either

    def act(_values: Mapping[str, Any]) -> int:
        return commands.retry_all_letters(actor)

    def redirect_to_index(count: int) -> Response:
        flash(
            ngettext(
                "%(num)s courriel repart dans un instant.",
                "%(num)s courriels repartent dans un instant.",
                count,
            )
        )
        return redirect_to(".index")

    return submit(form, act, redirect_to_index, lambda status: _render_index(form, status))
