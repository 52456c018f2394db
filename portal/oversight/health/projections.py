"""What is known of a project's health is kept in the transaction that changed it.

As gates are, and after them: the lines that the transaction wrote to the trail say which facts of
whose may be otherwise. They are read again, and a reading is appended where something is known that
was not known before. A day that passes needs none: signals hold the days to come.

The lateness of a project also depends on the steps of its programme: `lateness_projections`.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from portal.oversight.gates.forecast_rules import Latenesses, derive_lateness_increments, list_latenesses
from portal.oversight.gates.projections import lock_project_gates
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.fact_queries import ALL_PARTS, HealthFactPart, gather_facts
from portal.oversight.health.fact_rules import HealthFacts, facts_as_plain
from portal.oversight.health.lateness_projections import lock_latenesses, refresh_lateness_of_other_teams
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.progress_rules import accepted_as_plain
from portal.oversight.health.queries import find_last_reading, read_definitions
from portal.oversight.health.signal_computation_rules import compute_signals
from portal.oversight.health.signal_rules import Charges, Signal, compute_signal_first_days
from portal.oversight.health.state_rules import signal_as_plain
from portal.platform.kernel import clock
from portal.platform.kernel.database import execute_write, insert_row, lock_row
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project


def refresh_project_reading(
    project: Project,
    parts: frozenset[HealthFactPart] = ALL_PARTS,
    others: Mapping[UUID, Latenesses] | None = None,
) -> bool:
    """Append what is known now, where it is not what was known before; whether it was.

    Where the latenesses of its gates changed, the other teams of the programme follow. `others` are
    the latenesses by project where they are known already: they are not read, and nobody follows.
    """
    lock_project_gates(project)
    last = find_last_reading(project.id)
    before = last.facts if last else None
    facts = gather_facts(project, parts, before)
    latenesses = list_latenesses(facts.planned_gates)
    moves_others = latenesses != (list_latenesses(before.planned_gates) if before else [])
    stored = others
    if stored is None:
        stored = lock_latenesses(project, with_others=moves_others)
        moves_others = moves_others or latenesses != stored.get(project.id, [])
    steps = derive_lateness_increments({**stored, project.id: latenesses}.values())
    definitions = read_definitions(project.programme_id)
    signals_before = last.signals if last else ()
    signals = compute_signals(facts, definitions, clock.today(), signals_before, steps)
    is_new = last is None or facts != before or signals != last.signals
    if is_new or moves_others:
        _append_reading(project, facts, signals, last.charges if last else None)
    if moves_others and others is None:
        refresh_lateness_of_other_teams(project, steps, definitions[SignalCode.GATE_SLIP].thresholds)
    return is_new


def lock_charges(project: Project) -> None:
    """Wait until no other transaction can change the charges of the project before this one ends.
    The order of locks is that of `refresh_project_reading`."""
    lock_project_gates(project)
    lock_row(HealthFigures, project.id)


def refresh_charge_figures(project: Project) -> None:
    """Store from when a signal is in nobody's charge, after a charge; locks are held."""
    last = find_last_reading(project.id)
    if last is not None:
        days = compute_signal_first_days(last.signals, last.charges)
        figures = {
            "mark": secrets.randbits(31),
            "new_watch_from": days.new_watch_from,
            "new_alert_from": days.new_alert_from,
        }
        execute_write(_UPDATE, figures | {"project": project.id})


def refresh_team_readings(parts_by_team: Mapping[Project, frozenset[HealthFactPart]]) -> None:
    """The same for the active teams of a programme whose gates changed for all of them.

    The latenesses of all are known before the first is refreshed, so each is refreshed once.
    """
    for project in parts_by_team:
        lock_project_gates(project)
    latenesses: dict[UUID, Latenesses] = {}
    for project, parts in parts_by_team.items():
        latenesses = latenesses or dict(lock_latenesses(project, with_others=True))
        last = find_last_reading(project.id)
        facts = gather_facts(project, parts, last.facts if last else None)
        latenesses[project.id] = list_latenesses(facts.planned_gates)
    for project, parts in parts_by_team.items():
        refresh_project_reading(project, parts, latenesses)


def _append_reading(
    project: Project, facts: HealthFacts, signals: Sequence[Signal], charges: Charges | None
) -> None:
    """Append a reading; `charges` None: the first one of the project."""
    reading = HealthReading(
        id=new_id(),
        created_at=clock.now(),
        project_id=project.id,
        facts=facts_as_plain(facts),
        signals=[signal_as_plain(signal) for signal in signals],
    )
    insert_row(reading)
    figures = compute_figures(facts, signals, charges or {}) | {"reading_id": reading.id}
    if charges is None:
        insert_row(HealthFigures(project_id=project.id, **figures))
        return
    execute_write(_UPDATE, figures | {"project": project.id})


_UPDATE = update(HealthFigures).where(HealthFigures.project_id == bindparam("project"))


def compute_figures(facts: HealthFacts, signals: Sequence[Signal], charges: Charges) -> dict[str, Any]:
    """What lists sort and filter by."""
    today = clock.today()
    steps = [step for step in facts.steps if not step.is_waived]
    ahead = [step.number for step in steps if not step.is_accepted(today)]
    stale = [since for step in steps if (since := step.stale_since()) is not None]
    return {
        "mark": secrets.randbits(31),
        **asdict(compute_signal_first_days(signals, charges)),
        "next_gate": min(ahead, default=None),
        "stale_from": min(stale, default=None),
        "accepted": accepted_as_plain(facts.steps),
        "slips": list(list_latenesses(facts.planned_gates)),
    }
