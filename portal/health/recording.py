"""What is known of a project's health is kept in the transaction that changed it.

As gates are, and after them: the lines that the transaction wrote to the trail say which facts of
whose may be otherwise. They are read again, and a reading is appended where something is known that
was not known before. A day that passes needs none: signals hold the days to come.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from portal.gates.evaluating import hold
from portal.health.facts import Facts, as_plain
from portal.health.forecast import slips
from portal.health.gathering import EVERYTHING, Part, gather
from portal.health.models import HealthFigures, HealthReading
from portal.health.queries import definitions_of, find_last
from portal.health.signals import Signal, first_days, read
from portal.health.standing import signal_as_plain
from portal.kernel import clock
from portal.kernel.audit import AuditEvent, Line
from portal.kernel.audit_chain import follow
from portal.kernel.db import db, insert, write
from portal.kernel.ids import new_id
from portal.projects.models import Project

_GATES = frozenset({Part.STEPS})
_TESTS = _GATES | {Part.TESTS}
_RISKS = _GATES | {Part.RISKS}
_ETHICS = _GATES | {Part.ETHICS}
_ROLES = _GATES | {Part.ROLES, Part.ETHICS}
_COACHING = _GATES | {Part.CONTACT}

# Which facts a line of the trail may have changed, by what it is about…
_ABOUT: Mapping[str, frozenset[Part]] = {
    "gate": _GATES,
    "target_group": _GATES,
    "assumption": _GATES,
    "interview": _GATES,
    "metric": _GATES,
    "data_source": _GATES,
    "prototype": _GATES,
    "protocol": _GATES,
    "evaluation": _GATES,
    "demonstration": _GATES,
    "sheet": _GATES,
    "panel": _GATES,
    "change_plan": _GATES,
    "round": _TESTS,
    "test_task": _TESTS,
    "test_session": _TESTS,
    "test_sessions": _TESTS,
    "finding": _GATES | {Part.FINDINGS},
    "risk": _RISKS,
    "mitigation": _RISKS,
    "review": _ETHICS,
    "condition": _ETHICS,
    "rereview": _ETHICS,
    "coaching": _COACHING,
    "clinic": frozenset({Part.WORK}),
    "sprint": _GATES | {Part.WORK},
    "recommendation": frozenset({Part.ADVICE}),
    "engagement": _ROLES,
    "role": _ROLES,
}
# …or, where that is otherwise, by what was done.
_DONE: Mapping[str, frozenset[Part]] = {
    "project.created": EVERYTHING,
    "project.resumed": frozenset({Part.FILE}),
    "project.edited": frozenset({Part.FILE, Part.STEPS}),
    "project.paused": frozenset({Part.FILE}),
    "project.finished": frozenset({Part.FILE}),
    "project.stopped": frozenset({Part.FILE}),
    "project.tracks_chosen": _ROLES,
    "finding.seen": frozenset(),
    "finding.planned": frozenset(),
    "test_session.agreed": frozenset(),
    "review.answered": frozenset(),
    "review.answers_imported": frozenset(),
    "review.opinion_written": frozenset(),
    "role.offered": frozenset(),
    "role.offer_withdrawn": frozenset(),
    "sprint.drafted": frozenset(),
    "coaching.decided": frozenset(),
    "coaching.decision_changed": frozenset(),
    "coaching.decision_dropped": frozenset(),
    "coaching.decision_planned": frozenset(),
}


def init_app() -> None:
    """From here on, whatever commits lines of the trail has the health of projects read. Hung up
    before gates are, which look first."""
    follow(catch_up)


def touches(line: AuditEvent | Line) -> frozenset[Part]:
    """The facts that a deed may have changed."""
    done = _DONE.get(line.action)
    return _ABOUT.get(line.action.split(".")[0], frozenset()) if done is None else done


def catch_up(lines: Iterable[AuditEvent | Line]) -> None:
    """Read what these lines touched, each project once."""
    touched: dict[UUID, frozenset[Part]] = defaultdict(frozenset)
    for line in lines:
        parts = touches(line)
        if line.scope_id is not None and parts:
            touched[line.scope_id] |= parts
    if not touched:
        return
    projects = select(Project).where(Project.id.in_(touched)).order_by(Project.id)
    for project in db.session.scalars(projects).all():
        read_project(project, touched[project.id])


def read_project(project: Project, parts: frozenset[Part] = EVERYTHING) -> bool:
    """Append what is known now, where it is not what was known before; whether it was."""
    hold(project)
    last = find_last(project.id)
    before = last.facts if last else None
    facts = gather(project, parts, before)
    definitions = definitions_of(project.programme_id)
    signals = read(facts, definitions, clock.today(), last.signals if last else ())
    if last is not None and facts == before and _same(signals, last.signals):
        return False
    _append(project, facts, signals, is_first=last is None)
    return True


def _same(now: Sequence[Signal], before: Sequence[Signal]) -> bool:
    """Whether nothing is said that was not: a slip that grows with the days says nothing new."""
    return [_said(one) for one in now] == [_said(one) for one in before]


def _said(signal: Signal) -> Signal:
    return replace(signal, given={}) if signal.code == "gate_slip" else signal


def _append(project: Project, facts: Facts, signals: Sequence[Signal], *, is_first: bool) -> None:
    reading = HealthReading(
        id=new_id(),
        created_at=clock.now(),
        project_id=project.id,
        facts=as_plain(facts),
        signals=[signal_as_plain(one) for one in signals],
    )
    insert(reading)
    told = figures_of(facts, signals) | {"reading_id": reading.id}
    if is_first:
        insert(HealthFigures(project_id=project.id, **told))
        return
    write(_UPDATE, told | {"project": project.id})


_UPDATE = update(HealthFigures).where(HealthFigures.project_id == bindparam("project"))


def figures_of(facts: Facts, signals: Sequence[Signal]) -> dict[str, Any]:
    """What lists sort and filter by."""
    today = clock.today()
    watch, alert = first_days(signals)
    steps = [one for one in facts.steps if not one.is_waived]
    ahead = [one.number for one in steps if not one.is_accepted(today)]
    stale = [since for one in steps if (since := one.stale_since()) is not None]
    return {
        "mark": secrets.randbits(31),
        "watch_from": watch,
        "alert_from": alert,
        "next_gate": min(ahead, default=None),
        "stale_from": min(stale, default=None),
        "slips": list(slips(facts.aims(today))),
    }
