"""Operations on calls and their applications, for whoever may read them. Scores stay sealed."""

from typing import Any

from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.selection.applications import queries
from portal.selection.applications.application_schemas import (
    CONTACTS,
    TEXTS,
    ApplicationLineSchema,
    ApplicationSchema,
    CallSchema,
)
from portal.selection.applications.list_queries import ApplicationFilters, list_applications
from portal.selection.applications.models import NUMBER_MAX
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_led_call, get_led_programme, list_calls

area = ApiArea("selection")
CALLS = "/programmes/<programme>/calls"
CALL = f"{CALLS}/<int(max=9999):number>"


@area.list(CALLS, CallSchema)
def list_programme_calls(call: ApiCall, programme: str) -> ApiPage:
    """List the calls of a programme, for its leads."""
    led = get_led_programme(call.actor, programme)
    return call.page.cut([row for row, _programme in list_calls(call.actor, led)])


@area.get(CALL, CallSchema)
def get_programme_call(call: ApiCall, programme: str, number: int) -> Call:
    """Read a call, for the leads of its programme."""
    return get_led_call(call.actor, programme, number)[1]


@area.list(f"{CALL}/applications", ApplicationLineSchema)
def list_call_applications(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List the applications of a call, for its leads; a page has twenty, whatever the limit."""
    _programme, row = get_led_call(call.actor, programme, number)
    page = call.page.first or 1
    listing = list_applications(call.actor, row, ApplicationFilters(), page)
    return ApiPage(listing.rows, page + 1 if page < listing.pages else None)


@area.get(f"{CALL}/applications/<int(max={NUMBER_MAX}):application>", ApplicationSchema)
def get_application(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Read an application, for its leads and its jurors."""
    loaded = queries.get_known(call.actor, programme, number, application)
    row, whole = loaded.application, loaded.rights.reads_whole
    hidden = ("state", "received_on", *TEXTS, *CONTACTS)
    names = ("id", "number", "created_at", "organisation", "title", *hidden)
    values = {name: None if name in hidden and not whole else getattr(row, name) for name in names}
    version = row.version if whole else 0  # what grows tells that something happened
    return values | {"reads_whole": whole, "version": version}
