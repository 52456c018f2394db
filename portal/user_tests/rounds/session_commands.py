"""Commands on sessions: start, record consent, save results, end.

Every command locks the row of the session first, so that concurrent observers are serialised and
the second sees what the first has saved. Audit lines are on the round: they never name the session.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import AlreadyDeleted, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    lock_fresh,
    record_change,
    require_not_future,
    require_team_may_write,
)
from portal.user_tests.rounds import policy
from portal.user_tests.rounds import session_queries as queries
from portal.user_tests.rounds.merge_rules import SentValue
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_entry_commands import SessionWriter, TaskAction, stop_stopwatch
from portal.user_tests.rounds.session_models import ParticipantCodeRegister, TestSession
from portal.user_tests.rounds.session_queries import SessionDetails

BEGUN = audit.Action("test_session.begun")
AGREED = audit.Action("test_session.agreed")
TYPED = audit.Action("test_session.typed")
ENDED = audit.Action("test_session.ended")


@dataclass(frozen=True)
class SessionInput:
    """Submitted values by part and field; parts: `s` the session, `t2` task 2, `a3` item 3.

    `action` is applied to the task of that number.
    """

    parts: Mapping[str, Mapping[str, SentValue]] = field(default_factory=dict)
    action: tuple[TaskAction, int] | None = None


@dataclass(frozen=True)
class SessionSaveResult:
    """Whether anything was saved; `clashes`: stored values in conflict, by part and field."""

    changed: bool
    clashes: Mapping[str, Mapping[str, Any]]


def begin_session(
    actor: Actor, project: Project, round_: TestRound, group: TargetGroup | None, *, is_rehearsal: bool
) -> TestSession:
    """Create a session with the next code of the project. Raises `TooLate`."""
    require_team_may_write(actor, project)
    require_round_open(project, round_)
    require_round_ready(project, round_)
    (number,) = reserve_participant_codes(project, 1)
    session = TestSession(
        project_id=project.id,
        number=number,
        round_id=round_.id,
        target_group_id=group and group.id,
        is_rehearsal=is_rehearsal,
        observer_id=actor.person_id,
    )
    db.session.add(session)
    record_change(actor, BEGUN, round_, project=project)
    return session


def reserve_participant_codes(project: Project, count: int) -> Sequence[int]:
    """Reserve this number of participant codes, never reused even after deletions.

    Locks the project until the end of the transaction. Raises `RuleBroken`.
    """
    lock_row(Project, project.id)
    project_register = select(ParticipantCodeRegister).where(ParticipantCodeRegister.project_id == project.id)
    register = db.session.scalar(project_register, execution_options={"populate_existing": True})
    if register is None:
        register = ParticipantCodeRegister(project_id=project.id, last_participant=0)
        db.session.add(register)
    highest_number = select(func.max(TestSession.number)).where(TestSession.project_id == project.id)
    last = max(register.last_participant, db.session.scalar(highest_number) or 0)
    if last + count > NUMBER_MAX:
        raise RuleBroken(None, _("Ce projet en a déjà %(n)s, c’est la limite.", n=NUMBER_MAX))
    register.last_participant = last + count
    return range(last + 1, last + count + 1)


def require_round_open(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` for a round that is over."""
    if round_.ended_on is not None:
        over = _("Cette série est terminée : rouvrez-la pour y ajouter une séance.")
        raise TooLate(over, row_path(project, round_))


def require_round_ready(project: Project, round_: TestRound) -> None:
    """Raise `TooLate` for a round without tasks or without a consent text."""
    if not queries.count_tasks(round_):
        sentence = _("Cette série n’a pas encore de tâche : écrivez ce que la personne essaiera.")
        raise TooLate(sentence, row_path(project, round_))
    if not queries.list_consent_languages(round_):
        sentence = _("Écrivez d’abord ce à quoi la personne consent.")
        raise TooLate(sentence, row_path(project, round_))


def record_consent(actor: Actor, project: Project, details: SessionDetails, on: date) -> None:
    """Record the day of consent and start the session. Idempotent.

    Raises `RuleBroken` for a future day or one before the version was released; `TooLate`.
    """
    require_team_may_write(actor, project)
    require_not_future("consent_on", on)
    _require_possible_consent_day(project, details.round, on)
    lock_fresh(details.round)  # freezes its tasks
    require_round_open(project, details.round)
    session = lock_session(details)
    if session.started_at is not None:
        return
    require_round_ready(project, details.round)
    session.consent_on, session.started_at = on, clock.now()
    record_change(actor, AGREED, details.round, project=project)


def _require_possible_consent_day(project: Project, round_: TestRound, on: date) -> None:
    first = queries.find_earliest_possible_consent_day(project, round_)
    if on < first:
        sentence = _("Avant le %(day)s, il n’y avait rien à essayer : vérifiez l’année.")
        raise RuleBroken("consent_on", sentence % {"day": format_day(first)})


def end_session(actor: Actor, project: Project, details: SessionDetails) -> None:
    """End a session and stop its stopwatches; results can still be corrected."""
    require_team_may_write(actor, project)
    session = lock_session(details)
    require_started(session)
    if session.ended_at is not None:
        return
    for result in queries.reload_session(details).results.values():
        stop_stopwatch(result)
    session.ended_at = clock.now()
    record_change(actor, ENDED, details.round, project=project)


def save_session(
    actor: Actor, project: Project, details: SessionDetails, sent: SessionInput
) -> SessionSaveResult:
    """Save the changed fields, and return the conflicts with what somebody else saved.

    Raises `TooLate` before consent or when the project is not active, `AlreadyDeleted` after a
    withdrawal.
    """
    require_team_may_write(actor, project)
    session = lock_session(details)
    require_started(session)
    writer = SessionWriter(actor, queries.reload_session(details))
    for part, typed in sent.parts.items():
        writer.write_part(part, typed)
    if sent.action:
        writer.apply_action(*sent.action)
    if writer.changed:
        flush_session()
        record_change(actor, TYPED, details.round, project=project)
    return SessionSaveResult(writer.changed, writer.clashes)


def lock_session(details: SessionDetails) -> TestSession:
    """Lock and refresh a session until the end of the transaction. Raises `AlreadyDeleted`."""
    lock_row(TestSession, details.session.id)
    current_row = select(TestSession).where(TestSession.id == details.session.id)
    session = db.session.scalar(current_row, execution_options={"populate_existing": True})
    if session is None:
        raise AlreadyDeleted(_("Cette séance vient d’être supprimée."))
    return session


def require_started(session: TestSession) -> None:
    """Raise `TooLate` before the participant's consent."""
    if session.started_at is None:
        raise TooLate(_("Rien ne se note avant que la personne ait donné son accord."))


EXPORTED = audit.Action("test_sessions.exported")


def record_session_export(actor: Actor, project: Project, round_: TestRound) -> None:
    """Record an export. Raises `NotAllowed` unless the actor is on the team or coaches it."""
    sentence = _("Seuls l’équipe du projet et ses coachs exportent les résultats bruts.")
    require(policy.can_export_sessions(actor, project), sentence)
    record_change(actor, EXPORTED, round_, project=project)
