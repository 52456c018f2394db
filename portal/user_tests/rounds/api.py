"""Operations on rounds of tests, their tasks and their sessions, which bear a number and no name."""

from collections.abc import Iterator
from typing import Any

from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import Conflict, require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.bound_api import call_command
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import (
    NumberedApi,
    ResumeStreamQuerySchema,
    build_programme_line_schema,
)
from portal.project.projects.numbered_queries import list_rows_after
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_team_member
from portal.user_tests.rounds import (
    commands,
    consent_commands,
    labels,
    link_views,
    participant_commands,
    policy,
    queries,
    removal_commands,
    schemas,
    session_commands,
    session_queries,
    task_commands,
    withdrawal_commands,
)
from portal.user_tests.rounds.models import ConsentText, TestRound, TestTask
from portal.user_tests.rounds.result_schemas import (
    SaveSessionResultsSchema,
    SessionDetailsSchema,
    SessionMeasuresSchema,
    build_session_input,
    dump_measures,
    dump_session,
)
from portal.user_tests.rounds.session_models import ParticipantLink, TestSession

area = ApiArea("tests")
SESSIONS = "/projects/<slug>/sessions"
LINK = f"{SESSIONS}/<int(max=9999):number>/participant-link"
TASKS = "/projects/<slug>/rounds/<int(max=9999):number>/tasks"
TASK = f"{TASKS}/<int(max=999):task>"
CONSENT = "/projects/<slug>/rounds/<int(max=9999):number>/consent/<language>"
PLAN = {"version": "prototype", "participant_goal": "wanted"}

rounds = NumberedApi(area, "rounds", ("round", "rounds"), TestRound, schemas.RoundSchema).reads()
rounds.histories(labels.ACTION_LABELS, queries.list_round_history_subject_ids)
rounds.creates(
    "plan_round", "Plan a round of tests.", commands.plan_round, schemas.RoundPlanSchema, names=PLAN
)
rounds.changes("change_round", "Change a round.", commands.change_round, schemas.RoundPlanSchema, names=PLAN)
rounds.acts(
    "access-needs",
    "count_access_needs",
    "Say how many participants of a round had an access need.",
    commands.record_access_needs_count,
    schemas.AccessNeedsSchema,
    names={"people": "access_needs", "reason": "no_access_needs"},
)
rounds.deletes("remove_round", "Delete a round of which nothing was learnt.", removal_commands.remove_round)
rounds.acts(
    "end",
    "end_round",
    "End a round, or open it again.",
    commands.end_or_reopen_round,
    schemas.EndOrReopenRoundSchema,
)


@area.create(f"{rounds.row_path}/copy", schemas.RoundSchema, body=schemas.RoundCopySchema)
def copy_round(call: ApiCall, slug: str, number: int) -> TestRound:
    """Plan a round with the tasks, groups and texts of another one, for a version."""
    project = get_project(call.actor, slug)
    copied = queries.get_round(call.actor, project, number)
    round_: TestRound = call_command(commands.copy_round, call, project, copied, {"version": "prototype"})
    call.location = f"/projects/{slug}/rounds/{round_.number}"
    return round_


@area.get(CONSENT, schemas.ConsentTextSchema)
def get_consent_text(call: ApiCall, slug: str, number: int, language: str) -> ConsentText:
    """Read the consent text of a round, in `fr` or `en`."""
    return queries.get_consent_text(
        queries.get_round(call.actor, get_project(call.actor, slug), number), language
    )


@area.change(CONSENT, schemas.ConsentTextSchema, body=schemas.ConsentPartsSchema)
def change_consent_text(call: ApiCall, slug: str, number: int, language: str) -> ConsentText:
    """Change a consent text, until the first session."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    text = queries.get_consent_text(round_, language)
    call_command(consent_commands.change_consent_text, call, project, (round_, text), {})
    return text


@area.list(TASKS, schemas.TaskSchema)
def list_tasks(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the tasks of a round, in their order."""
    round_ = queries.get_round(call.actor, get_project(call.actor, slug), number)
    return call.page.cut_whole_list(queries.list_tasks(round_))


@area.create(TASKS, schemas.TaskSchema, body=schemas.TaskTextSchema)
def add_task(call: ApiCall, slug: str, number: int) -> TestTask:
    """Add a task to a round without sessions."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    task: TestTask = call_command(task_commands.add_task, call, project, round_, {})
    return task


@area.get(TASK, schemas.TaskSchema)
def get_task(call: ApiCall, slug: str, number: int, task: int) -> TestTask:
    """Read a task of a round."""
    return queries.get_task(queries.get_round(call.actor, get_project(call.actor, slug), number), task)


@area.change(TASK, schemas.TaskSchema, body=schemas.TaskTextSchema)
def change_task(call: ApiCall, slug: str, number: int, task: int) -> TestTask:
    """Change a task of a round without sessions."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    row = queries.get_task(round_, task)
    call_command(task_commands.change_task, call, project, (round_, row), {})
    return row


@area.act(f"{TASK}/move", schemas.TaskSchema, body=schemas.MoveTaskSchema)
def move_task(call: ApiCall, slug: str, number: int, task: int) -> TestTask:
    """Swap a task with the one before or after it, in a round without sessions."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    row = queries.get_task(round_, task)
    task_commands.move_task(call.actor, project, round_, row, call.body["to"])
    return row


@area.delete(TASK)
def remove_task(call: ApiCall, slug: str, number: int, task: int) -> None:
    """Remove a task of a round without sessions."""
    project = get_project(call.actor, slug)
    round_ = queries.get_round(call.actor, project, number)
    task_commands.remove_task(call.actor, project, round_, queries.get_task(round_, task))


@area.list(SESSIONS, schemas.SessionSchema)
def list_sessions(call: ApiCall, slug: str) -> ApiPage:
    """List the sessions of a project's tests, by number: for its team and its coaches."""
    project = get_project(call.actor, slug)
    require(policy.can_export_sessions(call.actor, project))
    return call.page.cut_numbered(
        list_rows_after(call.actor, TestSession, project, call.page.cursor_number, call.page.limit)
    )


@area.get(
    "/programmes/<programme>/sessions",
    build_programme_line_schema(SessionMeasuresSchema),
    is_stream=True,
    query=ResumeStreamQuerySchema,
)
def stream_sessions(call: ApiCall, programme: str) -> Iterator[list[dict[str, Any]]]:
    """Read the sessions of all projects of a programme that one is on the team of, or coaches, one a
    line: what they measured, without notes."""
    opened, after = get_programme(call.actor, programme), call.query.get("after")
    for batch in session_queries.iterate_measured_session_batches(call.actor, opened.id, after):
        yield [dump_measures(*measured) for measured in batch]


def _read_and_dump_session(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    require(policy.can_export_sessions(actor, project))
    return dump_session(session_queries.read_session(actor, project, number))


sessions = NumberedApi(
    area,
    "sessions",
    ("session", "sessions"),
    TestSession,
    SessionDetailsSchema,
    session_queries.read_session,
    _read_and_dump_session,
).gets()
sessions.creates(
    "begin_session",
    "Begin a session: the participant gets a number, never a name.",
    session_commands.begin_session,
    schemas.SessionBeginSchema,
    under=rounds,
)
sessions.acts(
    "consent",
    "record_consent",
    "Note the day of consent, which starts the session.",
    session_commands.record_consent,
    schemas.SessionConsentSchema,
    names={"on": "consent_on"},
)
sessions.acts("end", "end_session", "End a session.", session_commands.end_session)
sessions.deletes(
    "withdraw_session",
    "Delete a session at once, because the person withdraws.",
    withdrawal_commands.withdraw_session,
)


@area.act(f"{SESSIONS}/<int(max=9999):number>/results", SessionDetailsSchema, body=SaveSessionResultsSchema)
def save_session_results(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Write what a session showed."""
    project = get_project(call.actor, slug)
    details = session_queries.read_session(call.actor, project, number)
    sent = build_session_input(details, call.body)
    if session_commands.save_session(call.actor, project, details, sent).clashes:
        raise Conflict
    return _read_and_dump_session(call.actor, project, number)


@area.get(LINK, schemas.ParticipantLinkSchema)
def get_participant_link(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Read the link by which the participant of a session answers the scale, while it is of use."""
    project = get_project(call.actor, slug)
    require_team_member(call.actor, project)
    return _dump_link(session_queries.read_session(call.actor, project, number).link)


@area.create(LINK, schemas.ParticipantLinkSchema, body=None)
def make_participant_link(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Make a link by which the participant answers the scale, once; an earlier one is of no use then."""
    project = get_project(call.actor, slug)
    details = session_queries.read_session(call.actor, project, number)
    link = participant_commands.create_participant_link(
        call.actor, project, details, link_views.make_link_token
    )
    call.location = f"/projects/{slug}/sessions/{number}/participant-link"
    return _dump_link(link)


@area.delete(LINK)
def revoke_participant_link(call: ApiCall, slug: str, number: int) -> None:
    """Revoke the link of a session, if there is one."""
    project = get_project(call.actor, slug)
    details = session_queries.read_session(call.actor, project, number)
    participant_commands.revoke_participant_links(call.actor, project, details)


def _dump_link(link: ParticipantLink | None) -> dict[str, Any]:
    url = link_views.link_url(require_row(link))
    return {"url": require_row(url), "expires_at": require_row(link).expires_at}
