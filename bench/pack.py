"""A committee pack of all teams, made as the worker makes it: how long, and in how much memory.

It is made in a process of its own, so that its peak of memory is its own. `python -m bench.pack
fill` and `make` are those processes.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench.data import SEED, Writer
from bench.serving import ROOT, Base
from portal.app.application.factory import create_app
from portal.collaboration.discussions.models import Discussion
from portal.ethics.risks.models import Risk
from portal.oversight.committee_packs import commands, jobs
from portal.oversight.committee_packs.models import CommitteePack, PackPdf
from portal.oversight.gates import projections
from portal.oversight.health import projections as health_projections
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db, transaction
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.prototypes.models import AutomationLevel, Exposure, PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import RoundScale, SessionMethod, TestRound

SEVERE, HIGH = 6, 3  # open findings and risks of each team
CHUNK = 20  # teams judged in one transaction


def measure(base: Base) -> dict[str, Any]:
    """Seconds, megabytes and the weight of the paper."""
    _run(base, "fill")
    return _run(base, "make")


def _run(base: Base, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.pack", what]
    done = subprocess.run(command, cwd=ROOT, env=base.env, check=True, capture_output=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


class _Teams:
    """Gives a team something on each part of its page."""

    def __init__(self, write: Writer) -> None:
        self.write = write

    def _talk(self, project: Project) -> UUID:
        return self.write.add(Discussion, scope_id=project.id, page=f"/projects/{project.slug}")

    def add(self, project: Project, sprint: Sprint) -> None:
        add, mine = self.write.add, {"project_id": project.id, "version": 1}
        version = add(
            PrototypeVersion, **mine, number=90, released_on=date(2026, 3, 1), changes="La carte.",
            link="https://demo.example/v", recording="", automation=AutomationLevel.SUGGEST,
            exposure=Exposure.AGENTS, discussion_id=self._talk(project), model_family="",
            model_provider="",
        )  # fmt: skip
        round_ = add(
            TestRound, **mine, number=90, discussion_id=self._talk(project), title="Lire la carte",
            prototype_version_id=version, method=SessionMethod.MODERATED, scale=RoundScale.F_SUS,
        )  # fmt: skip
        for n in range(SEVERE):
            add(
                Finding, **mine, number=n + 90, discussion_id=self._talk(project), round_id=round_,
                what=f"Le bouton {n} se cache sous la carte", detail="", severity=3 + n % 2,
                is_harm=False, closing_reason="", purged_session_count=0,
            )  # fmt: skip
        for n in range(HIGH):
            add(
                Risk, **mine, number=n + 1, discussion_id=self._talk(project), what="Écarter",
                affected="Les usagers", detail="", likelihood=4, severity=4, residual_reason="",
                closing_reason="",
            )  # fmt: skip
        counts = dict.fromkeys(
            ("team_business", "team_technical", "citizens", "management", "coaches", "others"), 0
        )
        add(
            Demonstration, **mine, **counts, number=1, sprint_id=sprint.id, agents=4, support=1,
            discussion_id=self._talk(project), prototype_version_id=version,
            held_on=sprint.ends_on, feedback="Utile.", decisions="Continuer avec deux services.",
        )  # fmt: skip


def _fill() -> dict[str, Any]:
    app = create_app()
    with app.app_context():
        with transaction():
            projects = db.session.scalars(sa.select(Project).order_by(Project.slug)).all()
            first = sa.select(Sprint).where(Sprint.number == 1)
            sprints = {one.project_id: one for one in db.session.scalars(first)}
            write = Writer(len(projects), 1, seed=SEED + 1)  # other ids than those that are there
            teams = _Teams(write)
            for project in projects:
                teams.add(project, sprints[project.id])
            write.flush()
            ids = [project.id for project in projects]
        for begin in range(0, len(ids), CHUNK):
            with transaction():
                some = sa.select(Project).where(Project.id.in_(ids[begin : begin + CHUNK]))
                for project in db.session.scalars(some).all():
                    projections.judge_project_gates(project)
                    health_projections.refresh_project_reading(project)
    return {"teams": len(ids)}


def _make() -> dict[str, Any]:
    app = create_app()
    with app.app_context():
        with transaction():
            programme = db.session.scalars(sa.select(Programme)).one()
            leads = sa.select(RoleAssignment.person_id).where(
                RoleAssignment.scope_id == programme.id, RoleAssignment.role == Role.PROGRAMME_LEAD
            )
            lead = actor_for(db.session.scalars(leads.limit(1)).one())
            asked = commands.request_pack(lead, programme, clock.today(), "fr").id
        before, began = _peak(), time.perf_counter()
        jobs.make_due_packs()
        seconds = time.perf_counter() - began
        pack = db.session.get_one(CommitteePack, asked)
        size = sa.select(sa.func.length(PackPdf.pdf)).where(PackPdf.pack_id == asked)
        told = {"teams": pack.pages, "stage": pack.stage.value, "pdf": db.session.scalar(size)}
    return told | {
        "seconds": round(seconds, 2),
        "peak_mb": round(_peak()),
        "more_mb": round(_peak() - before),
    }


def _peak() -> float:
    """Of this process so far and of the largest that it started, in MB."""
    whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(resource.getrusage(each).ru_maxrss for each in whose) / 1024


if __name__ == "__main__":
    print(json.dumps(_fill() if sys.argv[1] == "fill" else _make()))
