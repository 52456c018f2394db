"""A juror's sheet: kept as a draft, sent and locked; changed with a reason once it is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, SeveralRulesBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application
from portal.selection.applications.queries import LoadedApplication, get_known_application_by_id
from portal.selection.calls.models import Call, CallCriterion
from portal.selection.calls.queries import list_criteria
from portal.selection.jury import policy, queries
from portal.selection.jury.models import JurorScore, JuryAssignment, ScoreChange
from portal.selection.jury.opening_commands import open_scores_when_complete
from portal.selection.jury.sheet_rules import ScoreSheetEntry, SheetEntries, list_unfinished_criteria

SENT = audit.Action("scores.sent")
CHANGED = audit.Action("scores.changed")
WHY, VALUE = "why_", "value_"  # before the key of a criterion, in the names of fields


def save_sheet(actor: Actor, loaded: LoadedApplication, entries: SheetEntries, version: int) -> None:
    """Keep a draft. Raises `Conflict`, and `Overtaken` once it is sent or scores are open."""
    own = _lock_sheet(actor, loaded, version)
    _write_scores(own, list_criteria(loaded.call), entries)
    own.version += 1


def send_sheet(actor: Actor, loaded: LoadedApplication, entries: SheetEntries, version: int) -> bool:
    """Send and lock one's sheet; returns whether that opened the scores.

    Raises `SeveralRulesBroken` beside each criterion that lacks a score or its justification.
    """
    own = _lock_sheet(actor, loaded, version)
    criteria = list_criteria(loaded.call)
    if lacking := list_unfinished_criteria([criterion.key for criterion in criteria], entries):
        raise SeveralRulesBroken([_describe_lack(key, entries) for key in lacking])
    _write_scores(own, criteria, entries)
    own.sent_at = clock.now()
    # No trail of an application tells who sent what: how many are in stands on its page.
    applications.record_application_act(actor, SENT, loaded.application, person_id=actor.person_id)
    return open_scores_when_complete(actor, loaded.call, loaded.application)


def _describe_lack(key: str, entries: SheetEntries) -> tuple[str, str]:
    """The field of an unfinished criterion, and what it lacks."""
    if entries.get(key, ScoreSheetEntry()).value is None:
        return VALUE + key, _("Notez ce critère, ou abstenez-vous.")
    return WHY + key, _("Justifiez cette note : elle ne compte pas sans.")


def _lock_sheet(actor: Actor, loaded: LoadedApplication, version: int) -> JuryAssignment:
    """Lock the actor's sheet while it may be written."""
    own = loaded.assignment
    require(own is not None and loaded.rights.is_judge)
    assert own is not None  # noqa: S101  for the type checker
    lock_row(Call, loaded.call.id)
    lock_row(Application, loaded.application.id)
    for row in (loaded.call, loaded.application, own):
        reload_row(row)
    fresh = get_known_application_by_id(actor, loaded.application.id)
    if not policy.can_score(fresh):
        sentence = _("Vos notes sont déjà envoyées, ou celles de la candidature sont ouvertes.")
        raise Overtaken(sentence, applications.application_path(loaded))
    check_version(own, version)
    return own


def _write_scores(own: JuryAssignment, criteria: Sequence[CallCriterion], entries: SheetEntries) -> None:
    stored = _read_stored_scores(own)
    for criterion in criteria:
        entry = entries.get(criterion.key, ScoreSheetEntry())
        score = stored.get(criterion.key)
        if score is None:
            score = JurorScore(assignment_id=own.id, criterion_id=criterion.id)
            db.session.add(score)
        score.abstains = entry.abstains
        score.value = None if entry.abstains else entry.value
        score.justification = entry.justification


def _read_stored_scores(own: JuryAssignment) -> Mapping[str, JurorScore]:
    rows = (
        select(CallCriterion.key, JurorScore)
        .join(JurorScore, JurorScore.criterion_id == CallCriterion.id)
        .where(JurorScore.assignment_id == own.id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


@dataclass(frozen=True)
class ScoreRevision:
    """A new score on a criterion, and why it changes."""

    key: str
    entry: ScoreSheetEntry
    reason: str


def change_score(actor: Actor, loaded: LoadedApplication, revision: ScoreRevision, version: int) -> None:
    """Change one's own opened score; both values are kept, with why. `version` is the sheet's.

    Raises `RuleBroken` on `justification` or `value`; `Conflict`, `TooLate`.
    """
    own, entry = loaded.assignment, revision.entry
    require(own is not None and loaded.rights.is_judge)
    assert own is not None  # noqa: S101  for the type checker
    lock_row(Call, loaded.call.id)
    reload_row(loaded.call)
    reload_row(own)
    if not policy.can_change_own_score(loaded):
        raise TooLate(_("Cette note ne change plus."), applications.application_path(loaded))
    check_version(own, version)
    score = queries.get_own_opened_score(actor, loaded, revision.key).score
    if not entry.is_complete:
        raise RuleBroken("justification", _("Justifiez cette note : elle ne compte pas sans."))
    if (entry.value, entry.justification) == (score.value, score.justification):
        raise RuleBroken("value", _("C’est la note d’avant."))
    change = ScoreChange(
        score_id=score.id,
        author_id=actor.person_id,
        old_value=score.value,
        new_value=entry.value,
        old_justification=score.justification,
        new_justification=entry.justification,
        reason=revision.reason,
    )
    db.session.add(change)
    score.value, score.abstains = entry.value, entry.abstains
    score.justification = entry.justification
    own.version += 1
    applications.record_application_act(actor, CHANGED, loaded.application, person_id=actor.person_id)
