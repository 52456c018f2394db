"""What a round on a later version says of the findings of earlier ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.findings.closings import follow_retests, hold, record
from portal.findings.listing import ToRetest, list_for_retest
from portal.findings.models import Finding, Retest, Retested
from portal.framing.candour import require_nobody
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import db, save
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_work
from portal.prototypes.models import PrototypeVersion
from portal.user_tests.models import TestRound
from portal.user_tests.queries import has_sessions

SAID = audit.Action(
    "finding.tried_again", _l("a dit ce qu’un nouveau test montre du constat %(number)s")
)


@dataclass(frozen=True)
class Said:
    """What somebody says of a finding; `before` is what they read there, so that two who answer at
    once read each other."""

    number: int
    result: Retested
    note: str
    before: Retested | None


def note_retests(
    actor: Actor,
    project: Project,
    round_: TestRound,
    version: PrototypeVersion,
    answers: Sequence[Said],
    *,
    knowingly: bool = False,
) -> Sequence[Finding]:
    """Whoever is answered is closed, opened again or left, as the answer says; those that changed.

    Raises `TooLate` before anybody tried; `RuleBroken` on `result_<number>` where somebody answered
    meanwhile, or where no later version can say anything; on `knowingly` until somebody has looked
    again.
    """
    require_work(actor, project)
    require_tried(project, round_)
    require_nobody(*(said.note for said in answers), knowingly=knowingly)
    hold(project)
    known = list_for_retest(actor, project, round_, version)
    by_number = {one.finding.number: one for one in known}
    changed = []
    for said in answers:
        one = by_number.get(said.number)
        if one is None:
            raise RuleBroken(None, _("Le constat %(n)s ne se vérifie pas ici.", n=said.number))
        stored = one.retest.result if one.retest else None
        if stored is not said.before and stored is not said.result:
            raise RuleBroken(f"result_{said.number}", overtaken(one))
        if _say(actor, project, round_, one, said):
            changed.append(one.finding)
    return changed


def require_tried(project: Project, round_: TestRound) -> None:
    """A version that nobody has tried shows nothing: raise `TooLate` while a rehearsal is all."""
    if not has_sessions(round_):
        sentence = _("Personne n’a encore essayé cette version : une séance d’abord.")
        raise TooLate(sentence, f"/projects/{project.slug}/tests/{round_.number}")


def overtaken(one: ToRetest) -> str:
    """What somebody else answered in between."""
    return _(
        "%(who)s vient de répondre autre chose ; envoyez à nouveau pour garder votre réponse.",
        who=one.who or _("Quelqu’un"),
    )


def _say(actor: Actor, project: Project, round_: TestRound, one: ToRetest, said: Said) -> bool:
    """An answer that is not what is kept. Another result is another row: it has its own day."""
    kept, finding = one.retest, one.finding
    if kept is not None and (kept.result, kept.note) == (said.result, said.note):
        return False
    before = kept.result if kept else None
    if kept is not None and before is said.result:
        kept.note = said.note
        save()
        return False
    if kept is not None:
        db.session.delete(kept)
        save()
    keep(actor, project, round_, finding, result=said.result, note=said.note, before=before)
    return True


def keep(
    actor: Actor,
    project: Project,
    round_: TestRound,
    finding: Finding,
    *,
    result: Retested,
    note: str = "",
    before: Retested | None = None,
) -> None:
    """Keep a result that the round has not said yet, of a finding that is held."""
    ids = {"finding_id": finding.id, "round_id": round_.id, "noted_by_id": actor.person_id}
    db.session.add(Retest(result=result, note=note, created_at=clock.now(), **ids))
    save()
    changes: Mapping[str, tuple[object, object]] = {
        "result": (before, result),
        "round": (None, round_.number),
    }
    record(actor, SAID, project, finding, changes)
    if {result, before} - {None, Retested.NOT_REACHED}:
        follow_retests(actor, project, finding)
