"""The page of a person's calendar link, and the feed behind the link."""

from flask import Blueprint, Response, flash, url_for

from portal.communication.calendar import commands, queries
from portal.communication.calendar.entry_queries import CalendarSource
from portal.communication.calendar.icalendar_documents import serialize_calendar
from portal.communication.calendar.invitation_views import build_portal_site, calendar_response
from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.people.second_factor.gate_views import lacks_demanded_factor_here
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.urls import path_to
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("calendars", __name__)

ENTRIES_SHOWN = 10  # the next ones

SHOWN_ONCE = "calendar link"  # the flash category that the page shows as the link


@bp.get("/inbox/calendar")
def page(status: int = 200, form: Form | None = None) -> Response:
    """The page of the link; `form` is a refused button of it."""
    key = "calendar", actor.person_id, frozenset(actor.roles.items())
    entries = cache_until_change(
        actor, key, lambda: queries.list_entries(actor, list_contributions(CalendarSource))
    )
    return render(
        "communication/calendar/page.html",
        status=status,
        form=form or ButtonForm(formdata=None),
        link=queries.find_own_link(actor),
        lacks_factor=lacks_demanded_factor_here(),
        entries=[entry for entry in entries if entry.ends_on >= clock.today()][:ENTRIES_SHOWN],
        shown_once=SHOWN_ONCE,
        when=format_day_and_hour,
    )


@bp.post("/inbox/calendar")
def make_link() -> Response:
    form = ButtonForm()

    def on_success(token: str) -> Response:
        settings = get_service(Settings)
        flash(settings.public_base_url + path_to("calendars.feed", token=token), SHOWN_ONCE)
        return redirect_to(".page")

    return submit(
        form,
        lambda _values: commands.create_or_replace_link(actor),
        on_success,
        lambda status: page(status, form),
    )


@bp.post("/inbox/calendar/revoke")
def revoke_link() -> Response:
    return write_button(
        lambda: commands.revoke_link(actor),
        message=_("Ce lien n’ouvre plus rien."),
        to=url_for(".page"),
        page=page,
    )


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """The feed for calendar programs: the token identifies the person, there is no session."""
    owner = queries.get_calendar_owner(token)
    with using_language(owner.locale):
        entries = queries.list_entries(owner.actor, list_contributions(CalendarSource))
        content = serialize_calendar(entries, build_portal_site(), _("Portail des lauréats"))
    return calendar_response(content, 'inline; filename="calendar.ics"')
