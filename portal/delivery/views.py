"""The post of this installation: what waits, what was given up, what has left."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, request, url_for

from portal.delivery import commands, policy, queries, words
from portal.delivery.letters import subject_of
from portal.delivery.queries import State
from portal.delivery.transport import Folder
from portal.kernel.outbox import OutboxMessage
from portal.kernel.settings import Settings
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.web.actor import current_actor as actor
from portal.web.forms import CreateForm, submit
from portal.web.render import render, see

bp = Blueprint("letters", __name__, url_prefix="/letters")

PAGES_MAX = 100_000


class AgainForm(CreateForm):
    """Asks nothing: the button is the whole form."""


def settings() -> Settings:
    chosen: Settings = current_app.extensions["settings"]
    return chosen


@bp.get("")
def index() -> Response:
    return _index(AgainForm(formdata=None))


def _index(form: AgainForm, status: int = 200) -> Response:
    counts = queries.count_letters(actor)
    asked = request.args.get("state", "")
    state = State(asked) if asked in State.__members__.values() else _first(counts)
    number = request.args.get("page", 1, type=int)
    page = queries.list_letters(actor, state, min(number, PAGES_MAX), counts[state])
    return render(
        "delivery/index.html",
        status=status,
        counts=counts,
        state=state,
        page=page,
        rows=[(letter, subject_of(letter)) for letter in page.letters],
        url_of=lambda number: url_for(".index", state=state, page=number),
        kept=settings().mail_server is None,
        can_try_again=policy.can_try_again(actor),
        at_once=commands.AT_ONCE,
        form=form,
        words=words,
        State=State,
    )


def _first(counts: Mapping[State, int]) -> State:
    """What needs somebody, else what is still to come, else what has left."""
    for state in (State.GIVEN_UP, State.WAITING):
        if counts[state]:
            return state
    return State.SENT


@bp.get("/<uuid:letter_id>")
def page(letter_id: UUID) -> Response:
    return _page(queries.get_letter(actor, letter_id), AgainForm(formdata=None))


def _page(letter: OutboxMessage, form: AgainForm, status: int = 200) -> Response:
    chosen = settings()
    may_read = policy.can_read_bodies(actor, is_production=chosen.is_production)
    state = queries.state_of(letter)
    kept = may_read and chosen.mail_server is None and state is State.SENT
    return render(
        "delivery/letter.html",
        status=status,
        letter=letter,
        state=state,
        subject=subject_of(letter),
        body=Folder(chosen.mail_folder).find_text(letter.message_key) if kept else None,
        can_try_again=policy.can_try_again(actor) and state is State.GIVEN_UP,
        form=form,
        words=words,
    )


@bp.post("/<uuid:letter_id>/again")
def try_again(letter_id: UUID) -> Response:
    letter, form = queries.get_letter(actor, letter_id), AgainForm()

    def act(_given: Mapping[str, Any]) -> None:
        commands.try_again(actor, letter_id)

    def done(_made: None) -> Response:
        flash(_("Ce courriel repart dans un instant."))
        return see(".index")

    return submit(form, act, done, lambda status: _page(letter, form, status))


@bp.post("/again")
def try_all_again() -> Response:
    form = AgainForm()
    queries.count_letters(actor)  # a page that is not there takes no form either

    def act(_given: Mapping[str, Any]) -> int:
        return commands.try_all_again(actor)

    def done(count: int) -> Response:
        flash(
            ngettext(
                "%(num)s courriel repart dans un instant.",
                "%(num)s courriels repartent dans un instant.",
                count,
            )
        )
        return see(".index")

    return submit(form, act, done, lambda status: _index(form, status))
