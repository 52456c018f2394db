"""What is known of a project's health is kept in the transaction that changed it.

As gates are, and after them: the lines that the transaction wrote to the trail say which facts of
whose may be otherwise. They are read again, and a reading is appended where something is known that
was not known before. A day that passes needs none: signals hold the days to come.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update

from portal.oversight.gates.projections import lock_project_gates
from portal.oversight.health.fact_queries import ALL_PARTS, HealthFactPart, gather_facts
from portal.oversight.health.fact_rules import HealthFacts, facts_as_plain
from portal.oversight.health.forecast_rules import slips
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.queries import find_last_reading, read_definitions
from portal.oversight.health.signal_rules import Signal, compute_signals, first_days
from portal.oversight.health.state_rules import signal_as_plain
from portal.platform.kernel import clock
from portal.platform.kernel.database import execute_write, insert_row
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project


def refresh_project(project: Project, parts: frozenset[HealthFactPart] = ALL_PARTS) -> bool:
    """Append what is known now, where it is not what was known before; whether it was."""
    lock_project_gates(project)
    last = find_last_reading(project.id)
    before = last.facts if last else None
    facts = gather_facts(project, parts, before)
    definitions = read_definitions(project.programme_id)
    signals = compute_signals(facts, definitions, clock.today(), last.signals if last else ())
    if last is not None and facts == before and _says_the_same(signals, last.signals):
        return False
    _append(project, facts, signals, is_first=last is None)
    return True


def _says_the_same(now: Sequence[Signal], before: Sequence[Signal]) -> bool:
    """Whether nothing is said that was not: a slip that grows with the days says nothing new."""
    return [_without_slip(signal) for signal in now] == [_without_slip(signal) for signal in before]


def _without_slip(signal: Signal) -> Signal:
    return replace(signal, parameters={}) if signal.code == "gate_slip" else signal


def _append(project: Project, facts: HealthFacts, signals: Sequence[Signal], *, is_first: bool) -> None:
    reading = HealthReading(
        id=new_id(),
        created_at=clock.now(),
        project_id=project.id,
        facts=facts_as_plain(facts),
        signals=[signal_as_plain(signal) for signal in signals],
    )
    insert_row(reading)
    figures = compute_figures(facts, signals) | {"reading_id": reading.id}
    if is_first:
        insert_row(HealthFigures(project_id=project.id, **figures))
        return
    execute_write(_UPDATE, figures | {"project": project.id})


_UPDATE = update(HealthFigures).where(HealthFigures.project_id == bindparam("project"))


def compute_figures(facts: HealthFacts, signals: Sequence[Signal]) -> dict[str, Any]:
    """What lists sort and filter by."""
    today = clock.today()
    watch, alert = first_days(signals)
    steps = [step for step in facts.steps if not step.is_waived]
    ahead = [step.number for step in steps if not step.is_accepted(today)]
    stale = [since for step in steps if (since := step.stale_since()) is not None]
    return {
        "mark": secrets.randbits(31),
        "watch_from": watch,
        "alert_from": alert,
        "next_gate": min(ahead, default=None),
        "stale_from": min(stale, default=None),
        "slips": list(slips(facts.planned_gates(today))),
    }
