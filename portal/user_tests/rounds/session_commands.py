"""Running a session: begun under a code, agreed to, typed live by one or two observers, ended.

Whatever writes in a session holds its row first, so that two who write at once take turns, and the
second one sees what the first has written. The trail knows the round, never the participant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import AlreadyDeleted, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.work_commands import require_past, require_work
from portal.user_tests.rounds import session_queries as queries
from portal.user_tests.rounds.merge_rules import SentValue
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_entry_commands import (
    SessionWriter,
    TaskAction,
    stop_stopwatch,
)
from portal.user_tests.rounds.session_models import TestRegister, TestSession
from portal.user_tests.rounds.session_queries import SessionDetails

BEGUN = audit.Action("test_session.begun")
AGREED = audit.Action("test_session.agreed")
TYPED = audit.Action("test_session.typed")
ENDED = audit.Action("test_session.ended")


@dataclass(frozen=True)
class SessionInput:
    """What a form says, by part and field: `s` is the session itself, `t2` task 2, `a3` item 3.

    `deed` is asked of the task of that number, beside.
    """

    parts: Mapping[str, Mapping[str, SentValue]] = field(default_factory=dict)
    action: tuple[TaskAction, int] | None = None


@dataclass(frozen=True)
class SessionSaveResult:
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
    session = TestSession(
        project_id=project.id,
        number=number,
        round_id=round_.id,
        target_group_id=group and group.id,
        is_rehearsal=is_rehearsal,
        observer_id=actor.person_id,
    )
    db.session.add(session)
    record_action(actor, BEGUN, project, round_)
    return session


def next_codes(project: Project, count: int) -> Sequence[int]:
    """So many, never one that was given before, whatever was deleted. Held until the transaction
    ends. Raises `RuleBroken`."""
    lock_row(Project, project.id)
    project_register = select(TestRegister).where(TestRegister.project_id == project.id)
    register = db.session.scalar(project_register, execution_options={"populate_existing": True})
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
        raise TooLate(over, round_path(project, round_))


def require_ready(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` while there is nothing to try, or nothing to agree to."""
    if not queries.count_tasks(round_):
        sentence = _("Cette série n’a pas encore de tâche : écrivez ce que la personne essaiera.")
        raise TooLate(sentence, round_path(project, round_))
    if not queries.list_consent_languages(round_):
        sentence = _("Écrivez d’abord ce à quoi la personne consent.")
        raise TooLate(sentence, round_path(project, round_))


def record_consent(actor: Actor, project: Project, details: SessionDetails, on: date) -> None:
    """They agreed, that day: from now on the session can be typed. Once; said again, it stays.

    Raises `RuleBroken` for a day to come, or before there was anything to try; `TooLate`.
    """
    require_work(actor, project)
    require_past("consent_on", on)
    _require_after_start(project, details.round, on)
    lock_row(TestRound, details.round.id)  # its tasks hold still from here on
    db.session.refresh(details.round)
    require_open(project, details.round)
    session = lock_session(details)
    if session.started_at is not None:
        return
    require_ready(project, details.round)
    session.consent_on, session.started_at = on, clock.now()
    record_action(actor, AGREED, project, details.round)


def _require_after_start(project: Project, round_: TestRound, on: date) -> None:
    first = queries.find_first_consent_day(project, round_)
    if on < first:
        sentence = _("Avant le %(day)s, il n’y avait rien à essayer : vérifiez l’année.")
        raise RuleBroken("consent_on", sentence % {"day": format_day(first)})


def end_session(actor: Actor, project: Project, details: SessionDetails) -> None:
    """Stopwatches stop too. What was typed can still be mended."""
    require_work(actor, project)
    session = lock_session(details)
    if session.started_at is None:
        raise TooLate(_before_consent())
    if session.ended_at is not None:
        return
    for result in queries.reload_session(details).results.values():
        stop_stopwatch(result)
    session.ended_at = clock.now()
    record_action(actor, ENDED, project, details.round)


def save_session(
    actor: Actor, project: Project, details: SessionDetails, sent: SessionInput
) -> SessionSaveResult:
    """Write what was touched; where somebody else wrote the same field since, say what.

    Raises `TooLate` before consent and once the project rests, `Gone` after a withdrawal.
    """
    require_work(actor, project)
    session = lock_session(details)
    if session.started_at is None:
        raise TooLate(_before_consent())
    pen = SessionWriter(actor, queries.reload_session(details))
    for part, typed in sent.parts.items():
        pen.write(part, typed)
    if sent.action:
        pen.apply_action(*sent.action)
    if pen.changed:
        flush_session()
        record_action(actor, TYPED, project, details.round)
    return SessionSaveResult(pen.changed, pen.clashes)


def lock_session(details: SessionDetails) -> TestSession:
    """The session as it is by now, until the end of the transaction. Raises `Gone`."""
    lock_row(TestSession, details.session.id)
    current_row = select(TestSession).where(TestSession.id == details.session.id)
    session = db.session.scalar(current_row, execution_options={"populate_existing": True})
    if session is None:
        raise AlreadyDeleted(_("Cette séance vient d’être effacée."))
    return session


def _before_consent() -> str:
    return _("Rien ne se note avant que la personne ait donné son accord.")


def record_action(
    actor: Actor | None, action: audit.Action, project: Project, round_: TestRound
) -> None:
    """A line about a session says of which round it was, and nothing more."""
    facts = {"number": round_.number, "path": round_path(project, round_)}
    audit.record(actor, action, round_, scope_id=project.id, facts=facts)


def round_path(project: Project, round_: TestRound) -> str:
    return f"/projects/{project.slug}/tests/{round_.number}"
