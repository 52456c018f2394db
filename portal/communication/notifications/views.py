"""One's inbox: what happened, what it stands with, and where it leads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.communication.notifications import commands, labels, queries
from portal.communication.notifications.kind_queries import NotificationKind, kinds_by_code
from portal.communication.notifications.queries import InboxFilters, NotificationGroup
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, redirect_to_path, render

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGES_MAX = 1_000


class InboxActionForm(Form):
    """Asks nothing: the button is the whole form."""


def kinds() -> Mapping[str, NotificationKind]:
    return kinds_by_code()


@bp.get("")
def index() -> Response:
    return _index(InboxActionForm(formdata=None))


def _index(form: InboxActionForm, status: int = 200) -> Response:
    narrowing = _read_filters()
    count = queries.count_groups(actor, narrowing)
    pages = max(1, -(-count // queries.PER_PAGE))
    number = max(1, min(request.args.get("page", 1, type=int), pages, PAGES_MAX))
    groups = queries.list_groups(actor, kinds(), narrowing, number=number)
    inbox_kinds, places = queries.list_kinds(actor), queries.list_places(actor)
    return render(
        "communication/notifications/index.html",
        status=status,
        fragment="inbox",
        lines=[(group, _group_sentence(group)) for group in groups],
        labels={code: str(kind.label) for code, kind in kinds().items()},
        narrowing=narrowing,
        has_unread=any(group.unread for group in groups),
        count=count,
        number=number,
        pages=pages,
        url_of=lambda page: url_for(".index", **_filter_arguments(), page=page),
        asked=_filter_arguments(),
        kinds=[(code, str(kind.label)) for code, kind in kinds().items() if code in inbox_kinds],
        places=sorted((str(id_), place.name) for id_, place in places.items()),
        shown_at=clock.now().isoformat(),
        form=form,
    )


def _group_sentence(group: NotificationGroup) -> str:
    return labels.sentence(kinds().get(group.latest.kind), group.latest, group.who, group.person)


def _read_filters() -> InboxFilters:
    return InboxFilters(
        unread=request.args.get("unread", "") == "1",
        kind=kind if (kind := request.args.get("kind", "")) in kinds() else "",
        scope_id=request.args.get("project", type=UUID),
    )


def _filter_arguments() -> dict[str, Any]:
    """The filters of the address, as they came."""
    return {
        name: request.args[name] for name in ("unread", "kind", "project") if request.args.get(name)
    }


@bp.get("/<uuid:fact_id>")
def follow(fact_id: UUID) -> Response:
    """Where a notification leads, for ever: mails hold this address."""
    row = queries.get_notification(actor, fact_id)
    commands.mark_seen_with_group(actor, row)
    return redirect_to_path(queries.get_path(kinds(), row))


@bp.post("/read")
def read_all() -> Response:
    form = InboxActionForm()

    def act(_values: Mapping[str, Any]) -> int:
        return commands.mark_all_read(actor, _read_shown_at())

    def on_success(count: int) -> Response:
        message = _("Rien n’était à lire.")
        if count:
            message = ngettext(
                "%(num)s notification marquée comme lue.",
                "%(num)s notifications marquées comme lues.",
                count,
            )
        flash(message)
        return redirect_to(".index")

    return submit(form, act, on_success, lambda status: _index(form, status))


def _read_shown_at() -> datetime:
    """When the page was shown; what came since stays unread."""
    try:
        shown_at = datetime.fromisoformat(request.form.get("shown_at", ""))
    except ValueError:
        return clock.now()
    return min(shown_at, clock.now()) if shown_at.tzinfo else clock.now()


@bp.post("/groups/<uuid:group_id>/<any(read, mute, unmute):verb>")
def act(group_id: UUID, verb: str) -> Response:
    """What is done with all that stands together."""
    form = InboxActionForm()
    queries.get_in_group(actor, group_id)
    actions = {
        "read": (commands.mark_group_read, _("Marqué comme lu.")),
        "mute": (
            commands.mute_group,
            _("Vous n’en entendrez plus parler, sauf si quelqu’un vous cite."),
        ),
        "unmute": (commands.unmute, _("Vous serez de nouveau prévenu.")),
    }
    command, message = actions[verb]

    def on_success(_result: None) -> Response:
        flash(message)
        return redirect_to(".index")

    return submit(
        form,
        lambda _values: command(actor, group_id),
        on_success,
        lambda status: _index(form, status),
    )
