"""The inbox: groups of notifications, their filters and buttons."""

from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.communication.notifications import commands, labels, policy, queries
from portal.communication.notifications.inbox_queries import (
    InboxFilters,
    list_filter_choices,
    read_inbox,
    read_inbox_cache_key,
)
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.people.programmes.invitation_views import list_own_offers
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGES_MAX = 1_000


@bp.get("")
def index(status: int = 200, form: Form | None = None) -> Response:
    """The inbox; `form` is a refused button of it."""
    kinds, filters = kinds_by_code(), _read_filters()
    number, roles = _page_number(), frozenset(actor.roles.items())
    page, sections, (inbox_kinds, places) = cache_until_change(
        actor,
        ("inbox", actor.person_id, filters, number, roles, read_inbox_cache_key(actor)),
        lambda: _read_inbox_page(kinds, filters, number),
    )
    return render(
        "communication/notifications/index.html",
        status=status,
        fragment="inbox",
        inbox=page,
        sections=sections,
        filters=filters,
        url_of=lambda number: url_for(".index", **_filter_arguments(), page=number),
        filter_arguments=_filter_arguments(),
        kinds=tuple((code, str(kind.label)) for code, kind in kinds.items() if code in inbox_kinds),
        places=tuple(sorted(((str(id_), place.name) for id_, place in places.items()), key=itemgetter(1))),
        shown_at=clock.now().isoformat(),
        form=form or ButtonForm(formdata=None),
        offers=list_own_offers(),
        is_mentionable=policy.is_mentionable(actor),
    )


def _read_inbox_page(kinds: queries.Kinds, filters: InboxFilters, number: int) -> tuple[Any, ...]:
    """The page, its sections in words, and what its filters offer."""
    page = read_inbox(actor, kinds, filters, number)
    sections = tuple(labels.build_section_values(kinds, section) for section in page.sections)
    return page, sections, list_filter_choices(actor)


def _page_number() -> int:
    return max(1, min(request.args.get("page", 1, type=int), PAGES_MAX))


def _read_filters() -> InboxFilters:
    return InboxFilters(
        unread=request.args.get("unread", "") == "1",
        kind=kind if (kind := request.args.get("kind", "")) in kinds_by_code() else "",
        scope_id=request.args.get("project", type=UUID),
    )


def _filter_arguments() -> dict[str, Any]:
    """The filters in the query string, unchanged."""
    return {name: request.args[name] for name in ("unread", "kind", "project") if request.args.get(name)}


@bp.get("/<uuid:fact_id>")
def follow_link(fact_id: UUID) -> Response:
    """The permanent link of a notification, which mails contain; redirects to its subject."""
    row = queries.get_notification(actor, fact_id)
    commands.mark_group_read_up_to(actor, row)
    return redirect_to_path(queries.find_subject_path(kinds_by_code(), row))


@bp.post("/read")
def mark_all_read() -> Response:
    """Mark everything as read that was shown, or what one `place` holds: a scope, or "" for none."""
    place = request.form.get("place")
    scope_id = request.form.get("place", type=UUID)

    def mark_read() -> int:
        if place is None:
            return commands.mark_all_read(actor, _read_shown_at())
        if place and scope_id is None:
            raise NotFound
        return commands.mark_scope_read(actor, scope_id, _read_shown_at())

    return write_button(mark_read, message=_describe_marked_count, to=_inbox_url, page=index)


def _inbox_url(_result: Any) -> str:
    """The inbox as it was, with its filters and page."""
    page: dict[str, Any] = {"page": _page_number()} if _page_number() > 1 else {}
    return url_for(".index", **_filter_arguments() | page)


def _describe_marked_count(count: int) -> str:
    if not count:
        return _("Rien n’était à lire.")
    return ngettext(
        "%(num)s notification marquée comme lue.", "%(num)s notifications marquées comme lues.", count
    )


def _read_shown_at() -> datetime:
    """When the page was shown: notifications written since stay unread."""
    try:
        shown_at = datetime.fromisoformat(request.form.get("shown_at", ""))
    except ValueError:
        return clock.now()
    return min(shown_at, clock.now()) if shown_at.tzinfo else clock.now()


@bp.post("/groups/<uuid:group_id>/<any(read, mute, unmute):verb>")
def mark_or_mute_group(group_id: UUID, verb: str) -> Response:
    """Mark a group as read, mute or unmute it. Raises `NotFound`."""
    queries.get_latest_of_group(actor, group_id)
    actions = {
        "read": (commands.mark_group_read, _("Marqué comme lu.")),
        "mute": (
            commands.mute_group,
            _("Vous n’en entendrez plus parler, sauf si quelqu’un vous mentionne."),
        ),
        "unmute": (commands.unmute_group, _("Vous serez de nouveau prévenu.")),
    }
    command, message = actions[verb]
    return write_button(lambda: command(actor, group_id), message=message, to=_inbox_url, page=index)
