"""Operations on the jury of an application: assign, recuse, open; one's own interests and sheets."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.platform.web.api_problems import ApiRefusal
from portal.selection.applications import queries as applications
from portal.selection.applications.api import APPLICATION, dump_application
from portal.selection.applications.application_schemas import ApplicationSchema
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import policy as calls
from portal.selection.calls.queries import list_criteria
from portal.selection.jury import assignment_commands, opening_commands, queries, schemas
from portal.selection.jury import score_commands as scores
from portal.selection.jury.models import JuryAssignment
from portal.selection.jury.queries import ApplicationJuror
from portal.selection.jury.score_commands import ScoreRevision
from portal.selection.jury.sheet_queries import OwnScoreSheet, list_own_sheets, read_sheet_entries
from portal.selection.jury.sheet_rules import ScoreSheetEntry, SheetEntries

area = ApiArea("selection")
SHEET = f"{APPLICATION}/sheet"
SentScores = Sequence[Mapping[str, Any]]


@area.list("/jury/applications", schemas.ApplicationToJudgeSchema)
def list_own_applications(call: ApiCall) -> ApiPage:
    """List the applications that one judges, with how far one is oneself: never what others say."""
    if not calls.is_juror_somewhere(call.actor):
        raise NotFound
    return call.page.cut_whole_list(
        [_dump_own_application(sheet) for sheet in list_own_sheets(call.actor)],
        key_by_fields("programme", "call", "application"),
    )


def _dump_own_application(sheet: OwnScoreSheet) -> dict[str, Any]:
    loaded, own = sheet.loaded, sheet.loaded.assignment
    return {
        "programme": loaded.programme.slug,
        "call": loaded.call.number,
        "application": loaded.application.number,
        "organisation": loaded.application.organisation,
        "title": loaded.application.title,
        "declaration": own and own.declaration,
        "sheet": sheet.state,
        "sent_at": own and own.sent_at,
    }


@area.list(f"{APPLICATION}/jurors", schemas.ApplicationJurorSchema)
def list_application_jurors(call: ApiCall, programme: str, number: int, application: int) -> ApiPage:
    """List the jurors of an application and how far each is, for its leads; never a score."""
    loaded = applications.get_led_application(call.actor, programme, number, application)
    seats = queries.list_application_jurors(loaded)
    return call.page.cut_whole_list(
        [_dump_application_juror(seat) for seat in seats], key_by_fields("person_id")
    )


def _dump_application_juror(seat: ApplicationJuror) -> dict[str, Any]:
    own = seat.assignment
    return {
        "person_id": own.person_id,
        "name": seat.name,
        "standing": own.standing,
        "conflict_reason": own.conflict_reason,
    }


@area.act(f"{APPLICATION}/jurors", ApplicationSchema, body=schemas.AssignJurorSchema)
def assign_juror(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Assign a juror to an application, at once."""
    loaded = applications.get_led_application(call.actor, programme, number, application)
    assignment_commands.assign_juror(call.actor, loaded, call.body["person"])
    return dump_application(loaded)


@area.act(f"{APPLICATION}/jurors/<uuid:person_id>/recuse", ApplicationSchema, body=schemas.RecuseJurorSchema)
def recuse_juror(
    call: ApiCall, programme: str, number: int, application: int, person_id: UUID
) -> dict[str, Any]:
    """Take a juror off an application, and put another in their place."""
    loaded = applications.get_led_application(call.actor, programme, number, application)
    assignment_commands.recuse_juror(call.actor, loaded, person_id, call.body["replacement"])
    return dump_application(loaded)


@area.act(f"{APPLICATION}/interests", ApplicationSchema, body=schemas.DeclareInterestSchema)
def declare_interests(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Say as a juror whether one has an interest: before that, the title alone is read. A “no” becomes a
    “yes” until scores open."""
    loaded, body = applications.get_known_application(call.actor, programme, number, application), call.body
    if loaded.assignment is None:
        raise NotFound
    assignment_commands.declare_interests(
        call.actor, loaded, body["reason"], has_conflict=body["has_conflict"]
    )
    if not call.is_dry_run:  # it shows the title alone: what the act opens is not open yet
        loaded = applications.get_known_application(call.actor, programme, number, application)
    return dump_application(loaded)


@area.act(f"{APPLICATION}/interests/undo", ApplicationSchema)
def take_conflict_back(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Take back the conflict that one declared as a juror: within an hour, until scores open."""
    loaded = applications.get_known_application(call.actor, programme, number, application)
    assignment_commands.take_conflict_back(call.actor, loaded)
    return dump_application(loaded)


@area.act(f"{APPLICATION}/open", ApplicationSchema, body=schemas.OpenScoresSchema, is_versioned=True)
def open_scores(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Open the scores of an application before all are in, with a reason that is kept."""
    loaded = applications.get_led_application(call.actor, programme, number, application)
    opening_commands.open_scores(call.actor, loaded, call.body["reason"], call.version)
    return dump_application(loaded)


@area.list(f"{APPLICATION}/scores", schemas.OpenedScoreSchema)
def list_application_scores(call: ApiCall, programme: str, number: int, application: int) -> ApiPage:
    """List the scores of an application once they are open; none before."""
    loaded = applications.get_readable_application(call.actor, programme, number, application)
    return call.page.cut_whole_list(
        [
            {
                "criterion": each.criterion.key,
                "person_id": each.juror_id,
                "name": each.juror,
                "value": each.score.value,
                "abstains": each.score.abstains,
                "justification": each.score.justification,
            }
            for each in queries.list_opened_scores(loaded)
        ],
        key_by_fields("criterion", "person_id"),
    )


@area.get(SHEET, schemas.ScoreSheetSchema)
def get_sheet(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Read one's own score sheet."""
    return _dump_sheet(_get_judged_with_sheet(call, programme, number, application)[1])


@area.change(SHEET, schemas.ScoreSheetSchema)
def save_sheet(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Keep one's own score sheet as a draft."""
    loaded, own = _get_judged_with_sheet(call, programme, number, application)
    scores.save_sheet(call.actor, loaded, _read_entries(loaded, call.body["scores"]), call.version)
    return _dump_sheet(own)


@area.act(f"{SHEET}/send", schemas.ScoreSheetSchema, body=schemas.ScoreSheetSchema, is_versioned=True)
def send_sheet(call: ApiCall, programme: str, number: int, application: int) -> dict[str, Any]:
    """Send and lock one's own score sheet."""
    loaded, own = _get_judged_with_sheet(call, programme, number, application)
    sent = call.body["scores"]
    try:
        scores.send_sheet(call.actor, loaded, _read_entries(loaded, sent), call.version)
    except RuleBroken as broken:
        raise ApiRefusal(422, "rule_broken", broken.message, _locate_refusals_in_body(broken, sent)) from None
    return _dump_sheet(own)


@area.act(
    f"{SHEET}/<criterion>/change",
    schemas.ScoreSheetSchema,
    body=schemas.ReviseScoreSchema,
    is_versioned=True,
)
def change_score(
    call: ApiCall, programme: str, number: int, application: int, criterion: str
) -> dict[str, Any]:
    """Change one's own opened score, with a reason; both values are kept."""
    loaded, own = _get_judged_with_sheet(call, programme, number, application)
    entry = ScoreSheetEntry(call.body["value"], abstains=False, justification=call.body["justification"])
    revision = ScoreRevision(criterion, entry, call.body["reason"])
    scores.change_score(call.actor, loaded, revision, call.version)
    return _dump_sheet(own)


def _get_judged_with_sheet(
    call: ApiCall, programme: str, number: int, application: int
) -> tuple[LoadedApplication, JuryAssignment]:
    """An application that the caller judges, with their sheet. Raises `NotFound`."""
    loaded = applications.get_readable_application(call.actor, programme, number, application)
    if not loaded.rights.is_judge or loaded.assignment is None:
        raise NotFound
    return loaded, loaded.assignment


def _read_entries(loaded: LoadedApplication, sent: SentScores) -> SheetEntries:
    """What a body says on each criterion. Raises `ApiRefusal` 422 with all that it cannot say."""
    keys = {criterion.key for criterion in list_criteria(loaded.call)}
    entries: dict[str, ScoreSheetEntry] = {}
    errors = []
    for place, each in enumerate(sent):
        key, value = each["criterion"], each["value"]
        if key not in keys:
            errors.append((f"/scores/{place}/criterion", _("L’appel n’a pas ce critère.")))
        elif key in entries:
            errors.append((f"/scores/{place}/criterion", _("Ce critère est déjà noté plus haut.")))
        if each["abstains"] and value is not None:
            errors.append((f"/scores/{place}/value", _("Notez ce critère, ou abstenez-vous : pas les deux.")))
        entries[key] = ScoreSheetEntry(value, each["abstains"], each["justification"])
    if errors:
        raise ApiRefusal(422, errors=errors)
    return entries


def _locate_refusals_in_body(broken: RuleBroken, sent: SentScores) -> list[tuple[str, str]]:
    """Where in a body, and what: the page has two fields a criterion. Criteria that the body leaves
    out have no place of their own."""
    places = {each["criterion"]: place for place, each in enumerate(sent)}
    located = {}
    for field, sentence in broken.faults:
        part = "value" if (field or "").startswith(scores.VALUE) else "justification"
        key = (field or "").removeprefix(scores.VALUE if part == "value" else scores.WHY)
        located[f"/scores/{places[key]}/{part}" if key in places else "/scores"] = sentence
    return list(located.items())


def _dump_sheet(own: JuryAssignment) -> dict[str, Any]:
    entries = read_sheet_entries(own)
    return {
        "version": own.version,
        "sent_at": own.sent_at,
        "scores": [{"criterion": key, **vars(entry)} for key, entry in entries.items()],
    }
