"""Running a session: begun under a code, agreed to, typed live by one or two observers, ended.

Whatever writes in a session holds its row first, so that two who write at once take turns, and the
second one sees what the first has written. The trail knows the round, never the participant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.framing.models import TargetGroup
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import db, lock_row, save
from portal.kernel.errors import Gone, RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import write_day
from portal.projects.models import NUMBER_MAX, Project
from portal.projects.teamwork import require_past, require_work
from portal.user_tests import session_queries as queries
from portal.user_tests.merging import Typed
from portal.user_tests.models import TestRound
from portal.user_tests.pen import Deed, Pen, stop
from portal.user_tests.session_queries import Held
from portal.user_tests.sessions import TestRegister, TestSession

BEGUN = audit.Action("test_session.begun")
AGREED = audit.Action("test_session.agreed")
TYPED = audit.Action("test_session.typed")
ENDED = audit.Action("test_session.ended")


@dataclass(frozen=True)
class Sent:
    """What a form says, by part and field: `s` is the session itself, `t2` task 2, `a3` item 3.

    `deed` is asked of the task of that number, beside.
    """

    parts: Mapping[str, Mapping[str, Typed]] = field(default_factory=dict)
    deed: tuple[Deed, int] | None = None


@dataclass(frozen=True)
class Kept:
    """Whether anything was written; `clashes` say by part and field what somebody else wrote."""

    changed: bool
    clashes: Mapping[str, Mapping[str, Any]]


def begin_session(
    actor: Actor,
    project: Project,
    round_: TestRound,
    group: TargetGroup | None,
    *,
    is_rehearsal: bool,
) -> TestSession:
    """The next code of the project. Nothing can be typed before consent. Raises `TooLate`."""
    require_work(actor, project)
    require_open(project, round_)
    require_ready(project, round_)
    (number,) = next_codes(project, 1)
    made = TestSession(
        project_id=project.id,
        number=number,
        round_id=round_.id,
        target_group_id=group and group.id,
        is_rehearsal=is_rehearsal,
        observer_id=actor.person_id,
    )
    db.session.add(made)
    record(actor, BEGUN, project, round_)
    return made


def next_codes(project: Project, count: int) -> Sequence[int]:
    """So many, never one that was given before, whatever was deleted. Held until the transaction
    ends. Raises `RuleBroken`."""
    lock_row(Project, project.id)
    chosen = select(TestRegister).where(TestRegister.project_id == project.id)
    register = db.session.scalar(chosen, execution_options={"populate_existing": True})
    if register is None:
        register = TestRegister(project_id=project.id, last_participant=0)
        db.session.add(register)
    there = select(func.max(TestSession.number)).where(TestSession.project_id == project.id)
    last = max(register.last_participant, db.session.scalar(there) or 0)
    if last + count > NUMBER_MAX:
        raise RuleBroken(None, _("Ce projet en a déjà %(n)s, c’est la limite.", n=NUMBER_MAX))
    register.last_participant = last + count
    return range(last + 1, last + count + 1)


def require_open(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` once a round is over."""
    if round_.ended_on is not None:
        over = _("Cette série est terminée : rouvrez-la pour y ajouter une séance.")
        raise TooLate(over, page_of(project, round_))


def require_ready(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` while there is nothing to try, or nothing to agree to."""
    if not queries.count_tasks(round_):
        sentence = _("Cette série n’a pas encore de tâche : écrivez ce que la personne essaiera.")
        raise TooLate(sentence, page_of(project, round_))
    if not queries.list_consent_languages(round_):
        sentence = _("Écrivez d’abord ce à quoi la personne consent.")
        raise TooLate(sentence, page_of(project, round_))


def give_consent(actor: Actor, project: Project, held: Held, on: date) -> None:
    """They agreed, that day: from now on the session can be typed. Once; said again, it stays.

    Raises `RuleBroken` for a day to come, or before there was anything to try; `TooLate`.
    """
    require_work(actor, project)
    require_past("consent_on", on)
    _require_after_start(project, held.round, on)
    lock_row(TestRound, held.round.id)  # its tasks hold still from here on
    db.session.refresh(held.round)
    require_open(project, held.round)
    session = hold(held)
    if session.started_at is not None:
        return
    require_ready(project, held.round)
    session.consent_on, session.started_at = on, clock.now()
    record(actor, AGREED, project, held.round)


def _require_after_start(project: Project, round_: TestRound, on: date) -> None:
    first = queries.find_first_day(project, round_)
    if on < first:
        sentence = _("Avant le %(day)s, il n’y avait rien à essayer : vérifiez l’année.")
        raise RuleBroken("consent_on", sentence % {"day": write_day(first)})


def end_session(actor: Actor, project: Project, held: Held) -> None:
    """Stopwatches stop too. What was typed can still be mended."""
    require_work(actor, project)
    session = hold(held)
    if session.started_at is None:
        raise TooLate(_before_consent())
    if session.ended_at is not None:
        return
    for result in queries.reread(held).results.values():
        stop(result)
    session.ended_at = clock.now()
    record(actor, ENDED, project, held.round)


def save_session(actor: Actor, project: Project, held: Held, sent: Sent) -> Kept:
    """Write what was touched; where somebody else wrote the same field since, say what.

    Raises `TooLate` before consent and once the project rests, `Gone` after a withdrawal.
    """
    require_work(actor, project)
    session = hold(held)
    if session.started_at is None:
        raise TooLate(_before_consent())
    pen = Pen(actor, queries.reread(held))
    for part, typed in sent.parts.items():
        pen.write(part, typed)
    if sent.deed:
        pen.do(*sent.deed)
    if pen.changed:
        save()
        record(actor, TYPED, project, held.round)
    return Kept(pen.changed, pen.clashes)


def hold(held: Held) -> TestSession:
    """The session as it is by now, until the end of the transaction. Raises `Gone`."""
    lock_row(TestSession, held.session.id)
    chosen = select(TestSession).where(TestSession.id == held.session.id)
    session = db.session.scalar(chosen, execution_options={"populate_existing": True})
    if session is None:
        raise Gone(_("Cette séance vient d’être effacée."))
    return session


def _before_consent() -> str:
    return _("Rien ne se note avant que la personne ait donné son accord.")


def record(actor: Actor | None, action: audit.Action, project: Project, round_: TestRound) -> None:
    """A line about a session says of which round it was, and nothing more."""
    facts = {"number": round_.number, "path": page_of(project, round_)}
    audit.record(actor, action, round_, scope_id=project.id, facts=facts)


def page_of(project: Project, round_: TestRound) -> str:
    return f"/projects/{project.slug}/tests/{round_.number}"
