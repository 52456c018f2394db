"""One's calendar link, and the calendar that it opens."""

from typing import Any

from flask import Blueprint, Response, current_app, flash

from portal.communication.calendar import commands, queries
from portal.communication.calendar.entry_queries import CalendarSource
from portal.communication.calendar.icalendar_documents import write_calendar
from portal.communication.calendar.invitation_views import calendar_response, current_site
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.urls import path_to

bp = Blueprint("calendars", __name__)

SHOWN_ONCE = "calendar link"  # the place on the page that shows it


class CalendarLinkForm(Form):
    """Asks nothing: the button is the whole form."""


@bp.get("/inbox/calendar")
def page() -> Response:
    return _page(CalendarLinkForm(formdata=None))


def _page(form: CalendarLinkForm, status: int = 200) -> Response:
    kinds = contributed(CalendarSource)
    return render(
        "communication/calendar/page.html",
        status=status,
        form=form,
        link=queries.find_link(actor),
        entries=[e for e in queries.list_entries(actor, kinds) if e.ends_on >= clock.today()][:10],
        shown_once=SHOWN_ONCE,
    )


@bp.post("/inbox/calendar")
def make() -> Response:
    form = CalendarLinkForm()

    def on_success(token: str) -> Response:
        settings: Settings = current_app.extensions["settings"]
        flash(settings.public_base_url + path_to("calendars.feed", token=token), SHOWN_ONCE)
        return redirect_to(".page")

    return submit(
        form,
        lambda _values: commands.create_link(actor),
        on_success,
        lambda status: _page(form, status),
    )


@bp.post("/inbox/calendar/revoke")
def revoke() -> Response:
    form = CalendarLinkForm()

    def on_success(_result: Any) -> Response:
        flash(_("Ce lien n’ouvre plus rien."))
        return redirect_to(".page")

    return submit(
        form,
        lambda _values: commands.revoke_link(actor),
        on_success,
        lambda status: _page(form, status),
    )


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """For a calendar program, which has the link and no session."""
    reader = queries.get_calendar_owner(token)
    with using_language(reader.locale):
        entries = queries.list_entries(reader.actor, contributed(CalendarSource))
        written = write_calendar(entries, current_site(), _("Portail des lauréats"))
    return calendar_response(written, 'inline; filename="calendar.ics"')
