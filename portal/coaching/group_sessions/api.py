"""Operations on the group sessions of a programme, on who came, and on what teams thought of them."""

from typing import Any
from uuid import UUID

from portal.coaching.group_sessions import commands, policy, queries, schemas
from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.group_sessions.models import NUMBER_MAX, Gathering
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import require
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.numbered_queries import PER_PAGE

area = ApiArea("coaching")
SESSIONS = "/programmes/<programme>/group-sessions"
SESSION = f"{SESSIONS}/<int(max={NUMBER_MAX}):number>"


@area.list(SESSIONS, schemas.GroupSessionSchema)
def list_group_sessions(call: ApiCall, programme: str) -> ApiPage:
    """List the group sessions of a programme, the latest first."""
    opened = queries.get_programme(call.actor, programme)
    lines = call.page.gather_portal_pages(
        lambda page: queries.read_gatherings_page(opened, page), PER_PAGE, key_by_fields("row.id")
    )
    return ApiPage([line.row for line in lines.rows], lines.next_after)


@area.get(SESSION, schemas.GroupSessionSchema)
def get_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Read a group session."""
    return queries.get_gathering(queries.get_programme(call.actor, programme), number)


@area.create(SESSIONS, schemas.GroupSessionSchema, body=schemas.GroupSessionFactsSchema)
def announce_group_session(call: ApiCall, programme: str) -> Gathering:
    """Announce a group session."""
    opened = queries.get_programme(call.actor, programme)
    row = commands.announce_gathering(call.actor, opened, GatheringFacts(**call.body))
    call.location = f"/programmes/{programme}/group-sessions/{row.number}"
    return row


@area.change(SESSION, schemas.GroupSessionSchema, body=schemas.GroupSessionFactsSchema)
def change_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Change a group session."""
    opened = queries.get_programme(call.actor, programme)
    row = queries.get_gathering(opened, number)
    commands.change_gathering(call.actor, opened, row, GatheringFacts(**call.body), call.version)
    return row


@area.act(
    f"{SESSION}/cancel", schemas.GroupSessionSchema, body=schemas.CancelGroupSessionSchema, is_versioned=True
)
def cancel_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Cancel a group session that was announced by mistake; whoever was invited is told."""
    opened = queries.get_programme(call.actor, programme)
    row = queries.get_gathering(opened, number)
    commands.cancel_gathering(call.actor, opened, row, call.body["reason"], call.version)
    return row


@area.act(f"{SESSION}/undo", schemas.GroupSessionSchema, is_versioned=True)
def undo_group_session_cancellation(call: ApiCall, programme: str, number: int) -> Gathering:
    """Undo the cancellation of a group session within the hour."""
    opened = queries.get_programme(call.actor, programme)
    row = queries.get_gathering(opened, number)
    commands.undo_cancellation(call.actor, opened, row, call.version)
    return row


def _open_gathering_to_organise(call: ApiCall, programme: str, number: int) -> tuple[Programme, Gathering]:
    """A group session, for whoever organises those of its programme."""
    opened = queries.get_programme(call.actor, programme)
    require(policy.can_organise(call.actor, opened), commands.ORGANISERS_ONLY)
    return opened, queries.get_gathering(opened, number)


def _describe_attendance(row: Gathering) -> dict[str, Any]:
    came = queries.read_attendance(row)
    teams = [{"project_id": id_, "people": people} for id_, people in sorted(came.items())]
    return {"version": row.version, "counted_at": row.counted_at, "teams": teams}


@area.get(f"{SESSION}/attendance", schemas.AttendanceSchema)
def get_group_session_attendance(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read how many people of each team came, for whoever organises."""
    return _describe_attendance(_open_gathering_to_organise(call, programme, number)[1])


@area.change(f"{SESSION}/attendance", schemas.AttendanceSchema, body=schemas.RecordAttendanceSchema)
def record_group_session_attendance(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Note how many people of each team came; teams that are left out keep their number."""
    opened, row = _open_gathering_to_organise(call, programme, number)
    came: dict[UUID, int] = {}
    for team in call.body["teams"]:
        if team["project_id"] in came:
            repeated = team["project_id"]
            raise RuleBroken("teams", _("Ce projet est nommé deux fois : %(id)s.", id=repeated))
        came[team["project_id"]] = team["people"]
    commands.record_attendance(call.actor, opened, row, came, call.version)
    return _describe_attendance(row)


@area.get(f"{SESSION}/satisfaction", schemas.SatisfactionSchema)
def get_group_session_satisfaction(call: ApiCall, programme: str, number: int) -> dict[str, Any]:
    """Read the sums of what people of the teams answered, for whoever organises; none for very few."""
    satisfaction = queries.read_satisfaction(_open_gathering_to_organise(call, programme, number)[1])
    tallies = satisfaction.tallies if satisfaction.is_shown else {}
    return {
        "people": satisfaction.count,
        "answers": [
            {"question": name, "counts": list(tallies[question].values())}
            for question, name in zip(tallies, schemas.QUESTION_NAMES, strict=False)
        ],
    }


@area.change(
    f"{SESSION}/satisfaction",
    schemas.GroupSessionSchema,
    body=schemas.SatisfactionAnswerSchema,
    is_versioned=False,
    is_anonymous=True,
)
def answer_group_session(call: ApiCall, programme: str, number: int) -> Gathering:
    """Say what one thought of a group session, once, for people of the teams; only sums are kept."""
    opened = queries.get_programme(call.actor, programme)
    row = queries.get_gathering(opened, number)
    marks = [call.body[name] for name in schemas.QUESTION_NAMES]
    commands.record_satisfaction_answer(call.actor, opened, row, marks)
    return row
