"""Teams of a reader with a signal on alert in nobody's charge, for their digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.queries import read_states
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

TEAMS_MAX = 10


@dataclass(frozen=True)
class UnattendedAlert:
    """The first signal of a team on alert that nobody took charge of."""

    project: Project
    signal: Signal
    state: HealthSnapshot


def list_unattended_alerts(actor: Actor) -> Sequence[UnattendedAlert]:
    """Of the teams that the actor is part of, coaches or leads, the newest first, at most
    `TEAMS_MAX`. Two statements."""
    statement = (
        select(Project)
        .options(load_only(Project.programme_id, Project.slug, Project.acronym, Project.organisation))
        .join(HealthFigures, HealthFigures.project_id == Project.id)
        .where(
            policy.member_coach_or_lead_condition(actor),
            *IS_ACTIVE,
            HealthFigures.new_alert_from <= clock.today(),
        )
        .order_by(HealthFigures.new_alert_from.desc(), Project.slug)
        .limit(TEAMS_MAX)
    )
    projects = db.session.scalars(statement).all()
    states = read_states([project.id for project in projects]) if projects else {}
    return [
        UnattendedAlert(project, signal, states[project.id])
        for project in projects
        if project.id in states and (signal := _find_first_unattended_alert(states[project.id]))
    ]


def _find_first_unattended_alert(state: HealthSnapshot) -> Signal | None:
    return next(
        (
            signal
            for signal in state.reasons
            if signal.level(state.day) is HealthLevel.ALERT and state.charge_of(signal) is None
        ),
        None,
    )
