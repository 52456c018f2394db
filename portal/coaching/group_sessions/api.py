"""Operations on the group sessions of a programme."""

from portal.coaching.group_sessions import commands, queries, schemas
from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.group_sessions.models import NUMBER_MAX, Gathering
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("coaching")
SESSIONS = "/programmes/<programme>/group-sessions"
SESSION = f"{SESSIONS}/<int(max={NUMBER_MAX}):number>"


@area.list(SESSIONS, schemas.GroupSessionSchema)
def list_group_sessions(call: ApiCall, programme: str) -> ApiPage:
    """List the group sessions of a programme, the latest first; a page has twenty, whatever the limit."""
    opened, page = queries.get_programme(call.actor, programme), call.page.first or 1
    listing = queries.list_gatherings(opened, page)
    return ApiPage([line.row for line in listing.rows], page + 1 if page < listing.pages else None)


@area.get(SESSION, schemas.GroupSessionSchema)
def get_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Read a group session."""
    return queries.get_gathering(queries.get_programme(call.actor, programme), number)


@area.create(SESSIONS, schemas.GroupSessionSchema, body=schemas.GroupSessionFactsSchema)
def announce_group_session(call: ApiCall, programme: str) -> Gathering:
    """Announce a group session."""
    opened = queries.get_programme(call.actor, programme)
    row = commands.announce(call.actor, opened, GatheringFacts(**call.body))
    call.location = f"/programmes/{programme}/group-sessions/{row.number}"
    return row


@area.change(SESSION, schemas.GroupSessionSchema, body=schemas.GroupSessionFactsSchema)
def change_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Change a group session."""
    opened = queries.get_programme(call.actor, programme)
    row = queries.get_gathering(opened, number)
    commands.change_gathering(call.actor, opened, row, GatheringFacts(**call.body), call.version)
    return row
