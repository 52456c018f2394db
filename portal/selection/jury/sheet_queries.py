"""A juror's own score sheets: what they wrote so far, and how far each is. For that juror alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import Call, CallCriterion
from portal.selection.calls.queries import list_criteria
from portal.selection.jury import policy
from portal.selection.jury.models import JurorScore, JuryAssignment
from portal.selection.jury.queries import list_own_applications
from portal.selection.jury.sheet_rules import (
    ScoreSheetEntry,
    ScoreSheetState,
    SheetEntries,
    compute_sheet_state,
)


@dataclass(frozen=True)
class OwnScoreSheet:
    """An application assigned to the actor with their sheet; `keys` are those of the call's criteria."""

    loaded: LoadedApplication
    keys: Sequence[str]
    entries: SheetEntries

    @property
    def state(self) -> ScoreSheetState:
        own = self.loaded.assignment
        return compute_sheet_state(
            self.keys, self.entries, is_sent=own is not None and own.sent_at is not None
        )


def read_sheet_entries(assignment: JuryAssignment) -> Mapping[str, ScoreSheetEntry]:
    """What its juror has written so far, by key of the criterion."""
    rows = (
        select(CallCriterion.key, JurorScore)
        .join(JurorScore, JurorScore.criterion_id == CallCriterion.id)
        .where(JurorScore.assignment_id == assignment.id)
    )
    return {
        row[0]: ScoreSheetEntry(row[1].value, row[1].abstains, row[1].justification)
        for row in db.session.execute(rows)
    }


def list_own_sheets(actor: Actor) -> Sequence[OwnScoreSheet]:
    """The applications assigned to the actor, by call and number; recused ones are left out. Three
    statements, and one more for each further call."""
    own = list_own_applications(actor)
    calls = {loaded.call.id: loaded.call for loaded in own}
    keys = {id_: [criterion.key for criterion in list_criteria(call)] for id_, call in calls.items()}
    entries = _map_own_entries_by_application(actor, list(calls.values()))
    return [
        OwnScoreSheet(loaded, keys[loaded.call.id], entries.get(loaded.application.id, {})) for loaded in own
    ]


def find_next_awaited_application(actor: Actor, loaded: LoadedApplication) -> LoadedApplication | None:
    """The application on which a juror declares or which they score next, after this one or else from the
    first; None for others, and as long as this one awaits them. One statement."""
    if loaded.assignment is None or policy.is_awaited_of_juror(loaded):
        return None
    call_id, number = loaded.call.id, loaded.application.number
    awaited = [each for each in list_own_applications(actor) if policy.is_awaited_of_juror(each)]
    same_call = [each for each in awaited if each.call.id == call_id]
    later = [each for each in same_call if each.application.number > number]
    return next(iter([*later, *same_call, *awaited]), None)


def _map_own_entries_by_application(actor: Actor, calls: Sequence[Call]) -> Mapping[UUID, SheetEntries]:
    """What the actor wrote on applications of calls, by application."""
    rows = (
        select(JuryAssignment.application_id, CallCriterion.key, JurorScore)
        .join(JurorScore, JurorScore.assignment_id == JuryAssignment.id)
        .join(CallCriterion, CallCriterion.id == JurorScore.criterion_id)
        .where(
            CallCriterion.call_id.in_([call.id for call in calls]),
            JuryAssignment.person_id == actor.person_id,
        )
    )
    sheets: dict[UUID, dict[str, ScoreSheetEntry]] = defaultdict(dict)
    for application_id, key, score in db.session.execute(rows):
        sheets[application_id][key] = ScoreSheetEntry(score.value, score.abstains, score.justification)
    return sheets
