"""Record retests: whether a round on a later version still shows earlier findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import require_team_may_write
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.closing_commands import (
    close_or_reopen_by_last_retest,
    lock_project_findings,
    record_finding_change,
)
from portal.user_tests.findings.list_queries import RetestCandidate, list_retest_candidates
from portal.user_tests.findings.models import Finding, Retest, RetestResult
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import has_counted_sessions

RETEST_ANSWERED = audit.Action(
    "finding.tried_again", _l("a dit ce qu’un nouveau test montre du constat %(number)s")
)


@dataclass(frozen=True)
class RetestEntry:
    """An answer about a finding; `before` is the result shown in the form, to detect a concurrent
    answer."""

    number: int
    result: RetestResult
    note: str
    before: RetestResult | None


def note_retests(
    actor: Actor,
    project: Project,
    round_: TestRound,
    version: PrototypeVersion,
    answers: Sequence[RetestEntry],
    *,
    knowingly: bool = False,
) -> Sequence[Finding]:
    """Save the answers, close or reopen the findings accordingly, and return those that changed.

    Raises `TooLate` for a round without sessions; `RuleBroken` on `result_<number>` where somebody
    else answered meanwhile, without a field for a finding that the round cannot retest, and on
    `knowingly` for text that looks like personal data until confirmed.
    """
    require_team_may_write(actor, project)
    require_counted_sessions(project, round_)
    require_anonymous(*(entry.note for entry in answers), knowingly=knowingly)
    lock_project_findings(project)
    candidates = list_retest_candidates(actor, project, round_, version)
    by_number = {candidate.finding.number: candidate for candidate in candidates}
    changed = []
    for entry in answers:
        candidate = by_number.get(entry.number)
        if candidate is None:
            raise RuleBroken(None, _("Le constat %(n)s ne se vérifie pas ici.", n=entry.number))
        stored = candidate.retest.result if candidate.retest else None
        if stored is not entry.before and stored is not entry.result:
            raise RuleBroken(f"result_{entry.number}", describe_retest_conflict(candidate))
        if _save_retest_entry(actor, project, round_, candidate, entry):
            changed.append(candidate.finding)
    return changed


def require_counted_sessions(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` for a round without counted sessions: it cannot retest anything."""
    if not has_counted_sessions(round_):
        sentence = _("Personne n’a encore essayé cette version : une séance d’abord.")
        raise TooLate(sentence, row_path(project, round_))


def describe_retest_conflict(candidate: RetestCandidate) -> str:
    """Return what somebody else answered in the meantime."""
    return _(
        "%(who)s vient de répondre autre chose ; envoyez à nouveau pour garder votre réponse.",
        who=candidate.who or _("Quelqu’un"),
    )


def _save_retest_entry(
    actor: Actor, project: Project, round_: TestRound, candidate: RetestCandidate, entry: RetestEntry
) -> bool:
    """Save an answer; return whether the result changed. A new result is a new row, with its own
    date."""
    stored_retest, finding = candidate.retest, candidate.finding
    if stored_retest is not None and (stored_retest.result, stored_retest.note) == (entry.result, entry.note):
        return False
    before = stored_retest.result if stored_retest else None
    if stored_retest is not None and before is entry.result:
        stored_retest.note = entry.note
        flush_session()
        return False
    if stored_retest is not None:
        db.session.delete(stored_retest)
        flush_session()
    retest_locked_finding(
        actor, project, round_, finding, result=entry.result, note=entry.note, before=before
    )
    return True


def retest_locked_finding(
    actor: Actor,
    project: Project,
    round_: TestRound,
    finding: Finding,
    *,
    result: RetestResult,
    note: str = "",
    before: RetestResult | None = None,
) -> None:
    """Add the round’s first result for a finding whose project is locked."""
    ids = {"finding_id": finding.id, "round_id": round_.id, "noted_by_id": actor.person_id}
    db.session.add(Retest(result=result, note=note, created_at=clock.now(), **ids))
    flush_session()
    changes: Mapping[str, tuple[object, object]] = {
        "result": (before, result),
        "round": (None, round_.number),
    }
    record_finding_change(actor, RETEST_ANSWERED, project, finding, changes)
    if {result, before} - {None, RetestResult.NOT_REACHED}:
        close_or_reopen_by_last_retest(actor, project, finding)
