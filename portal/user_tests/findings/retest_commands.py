"""What a round on a later version says of the findings of earlier ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.anonymity_rules import require_anonymous
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_work
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.closing_commands import apply_retests, lock_findings, record_change
from portal.user_tests.findings.list_queries import RetestCandidate, list_retest_candidates
from portal.user_tests.findings.models import Finding, Retest, RetestResult
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import has_sessions

RETEST_ANSWERED = audit.Action(
    "finding.tried_again", _l("a dit ce qu’un nouveau test montre du constat %(number)s")
)


@dataclass(frozen=True)
class RetestEntry:
    """What somebody says of a finding; `before` is what they read there, so that two who answer at
    once read each other."""

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
    """Whoever is answered is closed, opened again or left, as the answer says; those that changed.

    Raises `TooLate` before anybody tried; `RuleBroken` on `result_<number>` where somebody answered
    meanwhile, or where no later version can say anything; on `knowingly` until somebody has looked
    again.
    """
    require_work(actor, project)
    require_sessions(project, round_)
    require_anonymous(*(entry.note for entry in answers), knowingly=knowingly)
    lock_findings(project)
    candidates = list_retest_candidates(actor, project, round_, version)
    by_number = {candidate.finding.number: candidate for candidate in candidates}
    changed = []
    for entry in answers:
        candidate = by_number.get(entry.number)
        if candidate is None:
            raise RuleBroken(None, _("Le constat %(n)s ne se vérifie pas ici.", n=entry.number))
        stored = candidate.retest.result if candidate.retest else None
        if stored is not entry.before and stored is not entry.result:
            raise RuleBroken(f"result_{entry.number}", conflict_sentence(candidate))
        if _save_entry(actor, project, round_, candidate, entry):
            changed.append(candidate.finding)
    return changed


def require_sessions(project: Project, round_: TestRound) -> None:
    """A version that nobody has tried shows nothing: raise `TooLate` while a rehearsal is all."""
    if not has_sessions(round_):
        sentence = _("Personne n’a encore essayé cette version : une séance d’abord.")
        raise TooLate(sentence, f"/projects/{project.slug}/tests/{round_.number}")


def conflict_sentence(candidate: RetestCandidate) -> str:
    """What somebody else answered in between."""
    return _(
        "%(who)s vient de répondre autre chose ; envoyez à nouveau pour garder votre réponse.",
        who=candidate.who or _("Quelqu’un"),
    )


def _save_entry(
    actor: Actor,
    project: Project,
    round_: TestRound,
    candidate: RetestCandidate,
    entry: RetestEntry,
) -> bool:
    """An answer that is not what is kept. Another result is another row: it has its own day."""
    stored_retest, finding = candidate.retest, candidate.finding
    if stored_retest is not None and (stored_retest.result, stored_retest.note) == (
        entry.result,
        entry.note,
    ):
        return False
    before = stored_retest.result if stored_retest else None
    if stored_retest is not None and before is entry.result:
        stored_retest.note = entry.note
        flush_session()
        return False
    if stored_retest is not None:
        db.session.delete(stored_retest)
        flush_session()
    add_retest(actor, project, round_, finding, result=entry.result, note=entry.note, before=before)
    return True


def add_retest(
    actor: Actor,
    project: Project,
    round_: TestRound,
    finding: Finding,
    *,
    result: RetestResult,
    note: str = "",
    before: RetestResult | None = None,
) -> None:
    """Keep a result that the round has not said yet, of a finding that is held."""
    ids = {"finding_id": finding.id, "round_id": round_.id, "noted_by_id": actor.person_id}
    db.session.add(Retest(result=result, note=note, created_at=clock.now(), **ids))
    flush_session()
    changes: Mapping[str, tuple[object, object]] = {
        "result": (before, result),
        "round": (None, round_.number),
    }
    record_change(actor, RETEST_ANSWERED, project, finding, changes)
    if {result, before} - {None, RetestResult.NOT_REACHED}:
        apply_retests(actor, project, finding)
