"""Whether a round of tests with sixty sessions of twelve tasks costs what one of each costs."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench import load, serving
from bench.data import Seat, Writer, take_statistics
from bench.load import Run
from bench.measure import Plan
from bench.pages import Visitor
from portal.collaboration.discussions.models import Discussion
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.database import db
from portal.project.framing.models import TargetAudience, TargetGroup
from portal.project.projects.models import Numbered, Project
from portal.sprints.prototypes.models import AutomationLevel, Exposure, PrototypeVersion
from portal.user_tests.findings.models import Finding, Sighting
from portal.user_tests.rounds.models import RoundGroup, RoundScale, SessionMethod, TestRound, TestTask
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskOutcome, TaskResult, TestSession

SIZES = {1: (1, 1, 1), 2: (60, 12, 30)}  # by round: its sessions, its tasks, its findings
ANSWERS = (4, 2, 4, 1, 4, 2, 5, 1, 4, 2)
PAGES = {"round": "", "findings": "/findings", "report": "/report/fr"}
SEED = 20251125


def next_number(model: type[Numbered], project: Project) -> int:
    """Parts that ran before may have put some of the same kind into the project."""
    last = sa.select(sa.func.max(model.number)).where(model.project_id == project.id)
    return 1 + (db.session.scalar(last) or 0)


class Rounds:
    """Puts both rounds in the project of one team."""

    def __init__(self, write: Writer, project: Project, person: UUID) -> None:
        self.write, self.project, self.person = write, project, person
        self.codes = 0
        self.group = write.add(
            TargetGroup,
            project_id=project.id,
            number=next_number(TargetGroup, project),
            name="Les instructeurs",
            audience=TargetAudience.AGENTS,
            size=40,
            access_needs="",
            version=1,
        )
        self.tried = write.add(
            PrototypeVersion,
            project_id=project.id,
            number=next_number(PrototypeVersion, project),
            released_on=date(2026, 3, 1),
            changes="La carte.",
            link="",
            recording="",
            automation=AutomationLevel.SUGGEST,
            exposure=Exposure.AGENTS,
            discussion_id=self._talk(),
            model_family="",
            model_provider="",
            version=1,
        )

    def _talk(self) -> UUID:
        page = f"/projects/{self.project.slug}/tests"
        return self.write.add(Discussion, scope_id=self.project.id, page=page)

    def add(self, number: int, sessions: int, tasks: int, findings: int) -> None:
        add, project_id = self.write.add, self.project.id
        round_ = add(
            TestRound, project_id=project_id, number=number, discussion_id=self._talk(), version=1,
            prototype_version_id=self.tried, title="Lire la carte", method=SessionMethod.MODERATED,
            scale=RoundScale.F_SUS,
        )  # fmt: skip
        add(RoundGroup, round_id=round_, target_group_id=self.group, participant_goal=sessions)
        asked = [
            add(
                TestTask, round_id=round_, number=n, position=n, lineage=self.write.id(), version=1,
                title=f"Trouver la lettre {n}", instruction="Trouvez-la.", success="Elle est là.",
                is_primary=n == 1,
            )
            for n in range(1, tasks + 1)
        ]  # fmt: skip
        held = [self._session(round_, asked) for _n in range(sessions)]
        for n in range(findings):
            self._finding(round_, held[n % len(held)])

    def _session(self, round_: UUID, asked: list[UUID]) -> UUID:
        self.codes += 1
        begun = self.write.now - timedelta(days=20)
        held = self.write.add(
            TestSession, project_id=self.project.id, number=self.codes, round_id=round_, version=1,
            target_group_id=self.group, observer_id=self.person, consent_on=begun.date(),
            started_at=begun, ended_at=begun, is_rehearsal=False,
        )  # fmt: skip
        for n, task in enumerate(asked):
            outcome = TaskOutcome.SUCCESS if (n + self.codes) % 3 else TaskOutcome.FAILED
            self.write.add(
                TaskResult, session_id=held, task_id=task, outcome=outcome, version=1,
                seconds=30 + 7 * ((n + self.codes) % 9), ease=1 + (n + self.codes) % 7,
                errors=n % 3,
            )  # fmt: skip
        for item, value in enumerate(ANSWERS, start=1):
            self.write.add(ScaleAnswer, session_id=held, item=item, value=value, version=1)
        return held

    def _finding(self, round_: UUID, session: UUID) -> None:
        number = 1 + len(self.write.rows.get(Finding, []))
        found = self.write.add(
            Finding, project_id=self.project.id, number=number, discussion_id=self._talk(),
            version=1, round_id=round_, what=f"La légende {number} n’est pas vue",
            severity=number % 5, is_harm=False, purged_session_count=0,
        )  # fmt: skip
        ids = {"finding_id": found, "session_id": session, "observer_id": self.person}
        self.write.add(Sighting, **ids)


def fill(visitor: Visitor, seat: Seat) -> None:
    with visitor.app.app_context():
        project = db.session.scalars(sa.select(Project).where(Project.slug == seat.slug)).one()
        on_team = sa.select(RoleAssignment.person_id).where(RoleAssignment.scope_id == project.id)
        write = Writer(0, 0)
        write.chance.seed(SEED)  # no id of those that are there
        rounds = Rounds(write, project, db.session.scalars(on_team).first())  # type: ignore[arg-type]
        for number, size in SIZES.items():
            rounds.add(number, *size)
        write.flush()
        db.session.commit()
        take_statistics()
        db.session.remove()


def measure(plan: Plan, base: serving.Base) -> Iterator[dict[str, Any]]:
    """Each page of both rounds in turn, one client: its queries, and what a reader waits for."""
    seat, visitor = base.cast.busy[0], Visitor(base)
    fill(visitor, seat)
    cookie, sent = visitor.cookie(seat), []  # type: ignore[var-annotated]
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    with serving.serve(base) as served:
        for name, end in PAGES.items():
            paths = {n: f"{seat.project}/tests/{n}{end}" for n in SIZES}
            facts: dict[str, Any] = {"page": name}
            for n, path in paths.items():
                visitor.read(seat, path)
                sent.clear()
                visitor.read(seat, path)
                facts[f"queries_{n}"] = len(sent)
            runs = {n: Run() for n in SIZES}
            for turn in range(plan.rounds + 1):
                for n, path in paths.items():
                    asked = load.in_turn([load.get(path, cookie)])
                    run = load.drive(served.port, 1, plan.seconds, asked)
                    if turn:  # the first one fills caches
                        runs[n].add(run)
            yield facts | {f"ms_{n}": run.percentile(0.5) for n, run in runs.items()}
