"""Operations on findings."""

from collections.abc import Sequence
from typing import Any

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.user_tests.findings import (
    closing_commands,
    commands,
    labels,
    merge_commands,
    policy,
    queries,
    retest_commands,
    schemas,
    sighting_commands,
    sighting_queries,
)
from portal.user_tests.findings.filter_schemas import FindingQuerySchema
from portal.user_tests.findings.list_queries import build_filter_conditions, list_retest_candidates
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.retest_commands import RetestEntry
from portal.user_tests.rounds.queries import list_tasks

area = ApiArea("tests")

findings = NumberedApi(
    area,
    "findings",
    ("finding", "findings"),
    Finding,
    schemas.FindingSchema,
    queries.get_finding,
    filters=FindingQuerySchema,
    narrow=build_filter_conditions,
).reads()
findings.histories(labels.ACTION_LABELS)
findings.creates(
    "note_finding",
    "Note a finding of a round.",
    commands.note_finding,
    schemas.NoteFindingSchema,
    names={"round_": "round"},
)
findings.changes("change_finding", "Change a finding.", commands.change_finding, schemas.FindingFactsSchema)
findings.acts(
    "rate", "rate_finding", "Say how severe a finding is.", commands.rate_finding, schemas.RateFindingSchema
)
findings.acts(
    "settle",
    "settle_finding",
    "Close a finding of little severity, with a reason.",
    closing_commands.settle_finding,
    schemas.FindingReasonSchema,
)
findings.acts(
    "accept",
    "accept_finding",
    "Close a finding as it is, with one's name and a reason.",
    closing_commands.accept_finding,
    schemas.FindingReasonSchema,
)
findings.acts("reopen", "reopen_finding", "Open a closed finding again.", closing_commands.reopen_finding)
findings.acts(
    "item",
    "make_item_of_finding",
    "Make an item of the backlog from a finding.",
    commands.create_backlog_item,
)
findings.acts(
    "merge",
    "merge_finding",
    "Close a finding as a part of another one, which takes its sightings.",
    merge_commands.merge_findings,
    schemas.MergeFindingSchema,
)
findings.acts(
    "split", "split_finding", "Open a merged finding again, with its sightings.", merge_commands.split_finding
)
findings.acts(
    "sprint",
    "put_finding_in_sprint",
    "Put the correction of a finding into the running sprint.",
    commands.put_finding_in_sprint,
)
SIGHTINGS = f"{findings.row_path}/sightings"
EVIDENCE = f"{findings.row_path}/evidence"
RETESTS = "/projects/<slug>/rounds/<int(max=9999):number>/retests"


@area.get(SIGHTINGS, schemas.FindingSightingsSchema)
def get_finding_sightings(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Read in which sessions and tasks a finding was seen."""
    return _dump_sightings(queries.get_finding(call.actor, get_project(call.actor, slug), number))


@area.act(SIGHTINGS, schemas.FindingSightingsSchema, body=schemas.NoteFindingSightingsSchema)
def set_finding_sightings(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Say in which tasks of a round a finding was seen, and in which sessions one saw it oneself."""
    project = get_project(call.actor, slug)
    details = queries.read_finding(call.actor, project, number)
    versioned_round = queries.get_round_with_version(call.actor, project, call.body["round"])
    sightings = {
        "tasks": _get_rows_by_body_numbers(call, "tasks", list_tasks(versioned_round[0])),
        "sessions": _get_rows_by_body_numbers(
            call, "sessions", queries.list_counted_sessions(versioned_round[0])
        ),
    }
    sighting_commands.change_sightings(call.actor, project, details, versioned_round, **sightings)
    return _dump_sightings(details.finding)


def _get_rows_by_body_numbers(call: ApiCall, name: str, rows: Sequence[Any]) -> list[Any]:
    """The rows whose numbers a field of the body has. Raises `RuleBroken` on it for others."""
    by_number = {row.number: row for row in rows}
    for number in call.body[name]:
        if number not in by_number:
            raise RuleBroken(name, _("Cette série n’a pas de numéro %(n)s.", n=number))
    return [by_number[number] for number in call.body[name]]


def _dump_sightings(finding: Finding) -> dict[str, Any]:
    tasks = sighting_queries.list_tasks_of_finding(finding)
    return {
        "sessions": sighting_queries.list_sightings(finding),
        "tasks": [{"round": round_, "task": task.number, "title": task.title} for round_, task in tasks],
    }


@area.get(EVIDENCE, schemas.FindingEvidenceSchema)
def get_finding_evidence(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Read which files of sessions show a finding; its team reads all files of those sessions."""
    project = get_project(call.actor, slug)
    return _dump_evidence(call, project, queries.get_finding(call.actor, project, number))


@area.act(EVIDENCE, schemas.FindingEvidenceSchema, body=schemas.ChooseFindingEvidenceSchema)
def choose_finding_evidence(call: ApiCall, slug: str, number: int) -> dict[str, Any]:
    """Choose which files of its sessions show a finding."""
    project = get_project(call.actor, slug)
    finding = queries.get_finding(call.actor, project, number)
    offered = {file.id: file for file, _number, _shown in sighting_queries.list_session_files(finding)}
    if not offered.keys() >= set(call.body["files"]):
        raise RuleBroken("files", _("Ce fichier n’est pas d’une séance où le constat a été vu."))
    evidence = [offered[id_] for id_ in call.body["files"]]
    sighting_commands.choose_evidence(call.actor, project, finding, evidence)
    return _dump_evidence(call, project, finding)


def _dump_evidence(call: ApiCall, project: Project, finding: Finding) -> dict[str, Any]:
    is_writer = policy.can_change(call.actor, project, finding)
    return {
        "files": [
            {"id": file.id, "name": file.name, "session": session, "is_evidence": is_evidence}
            for file, session, is_evidence in sighting_queries.list_session_files(finding)
            if is_evidence or is_writer
        ]
    }


@area.list(RETESTS, schemas.RetestSchema)
def list_retests(call: ApiCall, slug: str, number: int) -> ApiPage:
    """List the findings of earlier versions, and what a round shows of them."""
    project = get_project(call.actor, slug)
    page = call.page.cut_whole_list(
        list_retest_candidates(
            call.actor, project, *queries.get_round_with_version(call.actor, project, number)
        ),
        key_by_fields("finding.id"),
    )
    return ApiPage([schemas.dump_retest_candidate(candidate) for candidate in page.rows], page.next_after)


@area.act(RETESTS, schemas.RetestedFindingsSchema, body=schemas.SaveRetestsSchema)
def note_retests(call: ApiCall, slug: str, number: int) -> dict[str, Sequence[Finding]]:
    """Say what a round shows of earlier findings, which closes them or opens them again."""
    project = get_project(call.actor, slug)
    versioned_round = queries.get_round_with_version(call.actor, project, number)
    answers, knowingly = call.body["answers"], call.body["knowingly"]
    try:
        changed = retest_commands.note_retests(
            call.actor, project, *versioned_round, answers, knowingly=knowingly
        )
    except RuleBroken as refused:
        raise RuleBroken(_find_body_field_path(refused.field, answers), refused.message) from None
    return {"findings": changed}


def _find_body_field_path(field: str | None, answers: Sequence[RetestEntry]) -> str | None:
    """Where the body has the field of a form, which bears the number of its finding."""
    places = {f"result_{entry.number}": f"answers/{place}/result" for place, entry in enumerate(answers)}
    return places.get(field or "", field)
