"""One's inbox: what happened, what it stands with, and where it leads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, request, url_for

from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.notifications import commands, queries, words
from portal.notifications.kinds import Kind
from portal.notifications.queries import Group, Narrowing
from portal.web.actor import current_actor as actor
from portal.web.forms import Form, submit
from portal.web.render import render, see, see_path

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGES_MAX = 1_000


class ActForm(Form):
    """Asks nothing: the button is the whole form."""


def kinds() -> Mapping[str, Kind]:
    known: Mapping[str, Kind] = current_app.extensions["notification_kinds"]
    return known


@bp.get("")
def index() -> Response:
    return _index(ActForm(formdata=None))


def _index(form: ActForm, status: int = 200) -> Response:
    narrowing = _narrowing()
    count = queries.count_groups(actor, narrowing)
    pages = max(1, -(-count // queries.PER_PAGE))
    number = max(1, min(request.args.get("page", 1, type=int), pages, PAGES_MAX))
    groups = queries.list_groups(actor, kinds(), narrowing, number=number)
    held, places = queries.list_kinds(actor), queries.list_places(actor)
    return render(
        "notifications/index.html",
        status=status,
        fragment="inbox",
        lines=[(group, _say(group)) for group in groups],
        labels={code: str(kind.label) for code, kind in kinds().items()},
        narrowing=narrowing,
        has_unread=any(group.unread for group in groups),
        count=count,
        number=number,
        pages=pages,
        url_of=lambda page: url_for(".index", **_asked(), page=page),
        asked=_asked(),
        kinds=[(code, str(kind.label)) for code, kind in kinds().items() if code in held],
        places=sorted((str(id_), place.name) for id_, place in places.items()),
        shown_at=clock.now().isoformat(),
        form=form,
    )


def _say(group: Group) -> str:
    return words.sentence(kinds().get(group.latest.kind), group.latest, group.who, group.person)


def _narrowing() -> Narrowing:
    return Narrowing(
        unread=request.args.get("unread", "") == "1",
        kind=kind if (kind := request.args.get("kind", "")) in kinds() else "",
        scope_id=request.args.get("project", type=UUID),
    )


def _asked() -> dict[str, Any]:
    """The filters of the address, as they came."""
    return {
        name: request.args[name] for name in ("unread", "kind", "project") if request.args.get(name)
    }


@bp.get("/<uuid:fact_id>")
def follow(fact_id: UUID) -> Response:
    """Where a notification leads, for ever: mails hold this address."""
    row = queries.get_notification(actor, fact_id)
    commands.see(actor, row)
    return see_path(queries.path_to(kinds(), row))


@bp.post("/read")
def read_all() -> Response:
    form = ActForm()

    def act(_given: Mapping[str, Any]) -> int:
        return commands.mark_all_read(actor, _shown_at())

    def done(count: int) -> Response:
        told = _("Rien n’était à lire.")
        if count:
            told = ngettext(
                "%(num)s notification marquée comme lue.",
                "%(num)s notifications marquées comme lues.",
                count,
            )
        flash(told)
        return see(".index")

    return submit(form, act, done, lambda status: _index(form, status))


def _shown_at() -> datetime:
    """When the page was shown; what came since stays unread."""
    try:
        shown = datetime.fromisoformat(request.form.get("shown_at", ""))
    except ValueError:
        return clock.now()
    return min(shown, clock.now()) if shown.tzinfo else clock.now()


@bp.post("/groups/<uuid:group_id>/<any(read, mute, unmute):verb>")
def act(group_id: UUID, verb: str) -> Response:
    """What is done with all that stands together."""
    form = ActForm()
    queries.get_in_group(actor, group_id)
    deeds = {
        "read": (commands.mark_group_read, _("Marqué comme lu.")),
        "mute": (
            commands.mute_group,
            _("Vous n’en entendrez plus parler, sauf si quelqu’un vous cite."),
        ),
        "unmute": (commands.unmute, _("Vous serez de nouveau prévenu.")),
    }
    deed, told = deeds[verb]

    def done(_made: None) -> Response:
        flash(told)
        return see(".index")

    return submit(
        form, lambda _given: deed(actor, group_id), done, lambda status: _index(form, status)
    )
