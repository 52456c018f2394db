"""What one deed costs among many teams: it has one of them judged, and no other. An acceptance also
moves the forecast of the others."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench import serving
from bench.measure import counted
from bench.pages import Visitor
from portal.oversight.gates.definition_rules import GATE_COUNT, GateVerb
from portal.oversight.gates.models import GateEvaluation
from portal.oversight.health import projections
from portal.oversight.health.fact_queries import HealthFactPart
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.database import db
from portal.project.framing import commands as framing
from portal.project.framing.commands import GroupFacts
from portal.project.framing.models import TargetAudience
from portal.project.projects.models import Project
from tests.support.gates import decision

_LOCK = "SELECT programme.id"  # from here on the steps and dates of the other teams are looked at
DEEDS = 20
ACCEPTANCES = 5


def measure(base: serving.Base) -> dict[str, Any]:
    """A group of people added to one team's file: the statements of the whole deed, its time, and
    whose gates and health were told anew."""
    visitor, sent, took = Visitor(base), list[str](), list[float]()
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
        project = sa.select(Project).where(Project.slug == base.cast.busy[0].slug)
        before = _kept()
        for n in range(DEEDS):
            mine = db.session.scalars(project).one()
            on_team = sa.select(RoleAssignment.person_id).where(RoleAssignment.scope_id == mine.id)
            actor = actor_for(db.session.scalars(on_team).all()[0])
            facts = GroupFacts(audience=TargetAudience.AGENTS, name=f"Public {n}", size=12, access_needs="")
            sent.clear()
            began = time.perf_counter()
            framing.add_group(actor, mine, facts)
            db.session.commit()
            took.append((time.perf_counter() - began) * 1000)
        told = _kept() - before
        own = told.pop(db.session.scalars(project).one().id, 0)
        db.session.remove()
    return {
        "teams": base.teams,
        "gates": base.teams * GATE_COUNT,
        "queries": counted(sent),
        "ms": sorted(took)[DEEDS // 2],
        "rows_of_the_team": own / DEEDS,
        "rows_of_others": sum(told.values()),
    }


def measure_acceptance(base: serving.Base) -> dict[str, Any]:
    """A gate accepted of teams that have one open: the statements and the time of the refresh of
    health, of which those for the steps and dates of the programme, and how many teams have another
    lateness since."""
    app, sent, took = Visitor(base).app, list[str](), list[float]()
    queries, of_programme, moved = list[int](), list[int](), list[int]()
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
        busy = sa.select(Project).where(Project.slug == base.cast.busy[0].slug)
        programme_id = db.session.scalars(busy).one().programme_id
        open_teams = (
            sa.select(Project.id, HealthFigures.next_gate)
            .join(HealthFigures, HealthFigures.project_id == Project.id)
            .where(Project.programme_id == programme_id, HealthFigures.next_gate.is_not(None))
            .order_by(Project.id)
            .limit(ACCEPTANCES)
        )
        for id_, gate in db.session.execute(open_teams).all():
            before = _kept()
            project = db.session.get_one(Project, id_)
            on_team = sa.select(Person).join(RoleAssignment).where(RoleAssignment.scope_id == id_)
            decision(project, gate, GateVerb.ACCEPTED, db.session.scalars(on_team).all()[0])
            sent.clear()
            began = time.perf_counter()
            projections.refresh_project_reading(project, frozenset({HealthFactPart.STEPS}))
            db.session.commit()
            took.append((time.perf_counter() - began) * 1000)
            queries.append(counted(sent))
            of_programme.append(_count_of_programme(sent))
            moved.append(len(_kept() - before) - 1)
        db.session.remove()
    return {
        "queries": max(queries),
        "queries_of_programme": max(of_programme),
        "ms": max(took),
        "teams_moved": max(moved),
    }


def _count_of_programme(sent: Sequence[str]) -> int:
    """The statements from the lock of the programme on; 0 where an acceptance was not the first."""
    starts = [place for place, text in enumerate(sent) if text.startswith(_LOCK)]
    return counted(sent[starts[0] :]) if starts else 0


def _kept() -> Counter[UUID]:
    """What was ever judged and read, counted by project."""
    found: Counter[UUID] = Counter()
    for model in (GateEvaluation, HealthReading):
        by = sa.select(model.project_id, sa.func.count()).group_by(model.project_id)
        found.update(dict(row._tuple() for row in db.session.execute(by)))
    return found
