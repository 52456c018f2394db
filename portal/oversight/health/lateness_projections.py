"""The lateness signal of all teams of a programme, when a team passed a gate.

The range of a forecast follows from the steps of the whole programme. So an acceptance, a waiver or
a new first day moves the lateness of other teams too: their readings are appended in the same
transaction, in a constant number of statements.

Locks are taken in one order: gates of the project, programme, figures by project.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from portal.oversight.gates.forecast_rules import Latenesses, LatenessIncrements
from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.fact_rules import facts_as_plain
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.queries import read_latenesses, read_states
from portal.oversight.health.signal_computation_rules import compute_gate_slip
from portal.oversight.health.signal_rules import Signal, compute_signal_first_days
from portal.oversight.health.state_rules import HealthSnapshot, signal_as_plain
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import execute_write, fetch_rows, lock_row
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project


def lock_latenesses(project: Project, *, with_others: bool) -> Mapping[UUID, Latenesses]:
    """Return the stored latenesses of a programme by project, once no other transaction can change
    the figures of the project, or of all of its programme, before this one ends."""
    if with_others:
        lock_row(Programme, project.programme_id)
        fetch_rows(_LOCK_FIGURES, {"programme": project.programme_id})
    else:
        lock_row(HealthFigures, project.id)
    return read_latenesses(project.programme_id)


_IN_PROGRAMME = select(Project.id).where(Project.programme_id == bindparam("programme"))
_LOCK_FIGURES = (
    select(HealthFigures.project_id)
    .where(HealthFigures.project_id.in_(_IN_PROGRAMME))
    .order_by(HealthFigures.project_id)
    .with_for_update()
)
_TEAMS = select(HealthFigures.project_id).where(HealthFigures.project_id.in_(_IN_PROGRAMME))


def refresh_lateness_of_other_teams(
    project: Project, steps: LatenessIncrements, thresholds: Thresholds
) -> None:
    """Append a reading to each other team of the programme whose lateness signal is another with
    these steps; four statements for any number of teams."""
    team_ids = [id_ for (id_,) in fetch_rows(_TEAMS, {"programme": project.programme_id})]
    states = read_states([id_ for id_ in team_ids if id_ != project.id])
    readings, figures = [], []
    for state in states.values():
        signals = _recompute_lateness_signals(state, steps, thresholds)
        if signals != state.signals:
            reading_id = new_id()
            readings.append(_build_reading_values(reading_id, state, signals))
            figures.append(_build_figure_values(reading_id, state, signals))
    if readings:
        execute_write(_INSERT, readings)
        execute_write(_UPDATE, figures)


def _recompute_lateness_signals(
    state: HealthSnapshot, steps: LatenessIncrements, thresholds: Thresholds
) -> Sequence[Signal]:
    """The signals of a team, its lateness from other steps; none where it has no signals."""
    return tuple(
        compute_gate_slip(state.facts, thresholds, clock.today(), signal, steps)
        if signal.code is SignalCode.GATE_SLIP
        else signal
        for signal in state.signals
    )


def _build_reading_values(id_: UUID, state: HealthSnapshot, signals: Sequence[Signal]) -> dict[str, Any]:
    return {
        "id": id_,
        "created_at": clock.now(),
        "project_id": state.project_id,
        "facts": facts_as_plain(state.facts),
        "signals": [signal_as_plain(signal) for signal in signals],
    }


def _build_figure_values(
    reading_id: UUID, state: HealthSnapshot, signals: Sequence[Signal]
) -> dict[str, Any]:
    return {
        "project": state.project_id,
        "reading_id": reading_id,
        "mark": secrets.randbits(31),
        **asdict(compute_signal_first_days(signals, state.charges)),
    }


_INSERT = insert(HealthReading)
_UPDATE = update(HealthFigures).where(HealthFigures.project_id == bindparam("project"))
