"""A programme as large as asked, the same every time: its rows, and people who are signed in."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from bench.items import Backlog
from bench.ladders import add_gates, read_health
from portal.collaboration.discussions import comment_count_projections as discussion_figures
from portal.collaboration.discussions.models import Comment, Discussion, Thread
from portal.oversight.decisions import projections as decision_figures
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee, DecisionStage
from portal.people.accounts.models import OpenSession, Person
from portal.people.programmes.commands import CREATED
from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment, Scope, ScopeKind, Track
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.text import fold
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project, ProjectFigures, ProjectState, ProjectTrack
from portal.sprints.sprints import projections as sprint_figures
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from portal.user_tests.findings import projections as finding_figures

SEED = 20181124
COMMENTS = 3  # beside each sprint: a thread of two, and another
COACHES = 24
WITH_ITEMS = 8  # teams whose backlog is filled: forty items to a sprint
TOGETHER = 32  # people of each kind who are signed in: as many as there are clients

Row = dict[str, Any]


@dataclass(frozen=True)
class Seat:
    """Somebody who is signed in, and the pages that are theirs to read."""

    token: str
    slug: str  # a project's
    sprints: int

    @property
    def project(self) -> str:
        return f"/projects/{self.slug}"

    @property
    def board(self) -> str:
        return f"{self.project}/board"

    @property
    def figures(self) -> str:
        return f"{self.project}/figures"

    @property
    def sprint(self) -> str:
        return f"{self.project}/sprints/{self.sprints - 1}"


@dataclass(frozen=True)
class Cast:
    """Leads read the portfolio; members are one to a team; those of `busy` have a backlog."""

    leads: Sequence[Seat]
    members: Sequence[Seat]
    busy: Sequence[Seat]


def _is_demanded(column: sa.Column[Any]) -> bool:
    """Whether a row must say something there: models fill it in, and bulk inserts ask no model."""
    return not column.nullable and column.default is None and not column.primary_key


class Writer:
    """Keeps rows by model until all are written at once, the pointed-to before the pointing."""

    def __init__(self, teams: int, sprints: int, seed: int = SEED) -> None:
        self.chance = random.Random(seed)
        self.teams, self.sprints = teams, sprints
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.rows: dict[type[Base], list[Row]] = {}

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def add(self, model: type[Base], **values: Any) -> UUID:
        row = {"id": self.id(), "created_at": self.now - timedelta(days=300)} | values
        columns = sa.inspect(model).columns
        empty = {c.key: "" for c in columns if isinstance(c.type, sa.String) and _is_demanded(c)}
        kept = {name: value for name, value in row.items() if name in columns}
        self.rows.setdefault(model, []).append(empty | kept)
        return UUID(str(row["id"]))

    def flush(self) -> None:
        for table in Base.metadata.sorted_tables:
            for model, rows in self.rows.items():
                if model.__table__ is table:
                    for some in _in_parts(rows, 5000):
                        db.session.execute(sa.insert(model), some)


def _in_parts(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


def fill(app: Flask, *, teams: int, sprints: int) -> Cast:
    """Put a programme in an empty, migrated database, in one transaction."""
    write = Writer(teams, sprints)
    with app.app_context(), clock.frozen_at(write.now):
        programme = write.add(Scope, kind=ScopeKind.PROGRAMME, parent_id=INSTALLATION)
        start = (write.now - timedelta(days=280)).date()
        named = {"slug": "bench", "name_fr": "AMI IA", "name_en": "AMI IA", "version": 1}
        about = {"about_fr": "", "about_en": "", "months": 10, "is_demonstration": False}
        write.add(Programme, id=programme, starts_on=start, **named, **about)
        tracks = [
            write.add(Track, programme_id=programme, key=key, name_fr=name, name_en=name, position=n)
            for n, (key, name) in enumerate([("technical", "Technique"), ("strategic", "Stratégie")])
        ]
        coaches = [_person(write, f"Coach {n}") for n in range(COACHES)]
        for coach in coaches:
            _role(write, programme, coach, Role.COACH)
        leads = [_lead(write, programme, n) for n in range(TOGETHER)]
        members = [_team(write, programme, tracks, coaches, n) for n in range(teams)]
        write.flush()
        sprint_figures.rebuild_all_figures()
        finding_figures.recount_all_projects()
        decision_figures.rebuild_all_figures()
        discussion_figures.recount_all_discussions()
        read_health([row["id"] for row in write.rows[Project]])
        made = db.session.get_one(Programme, programme)
        audit.record(None, CREATED, made, scope_id=programme)  # the trail has begun
        db.session.commit()
        take_statistics()
        db.session.remove()
    return Cast(leads, members[:TOGETHER], members[-WITH_ITEMS:])


def take_statistics() -> None:
    """What autovacuum does on PostgreSQL once many rows are new. Nothing does it on SQLite."""
    if db.engine.dialect.name == "postgresql":
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own_connection:
            own_connection.execute(sa.text("SET statement_timeout = 0"))  # 1.6 million texts take longer
            own_connection.execute(sa.text("VACUUM (ANALYZE)"))
            own_connection.execute(sa.text("RESET statement_timeout"))


def _person(write: Writer, name: str) -> UUID:
    handle = fold(name).replace(" ", "-")
    return write.add(
        Person, name=name, handle=handle, email=f"{handle}@bench.example", locale="fr",
        time_zone="Europe/Paris", version=1,
    )  # fmt: skip


def _role(write: Writer, scope: UUID, person: UUID, role: Role, track: UUID | None = None) -> None:
    write.add(RoleAssignment, scope_id=scope, person_id=person, role=role, track_id=track)


def _sign_in(write: Writer, person: UUID) -> str:
    token = f"bench-{write.id().hex}"
    times = {"expires_at": write.now + timedelta(days=7), "last_seen_at": write.now}
    write.add(OpenSession, person_id=person, token_hash=token_hash(token), **times)
    return token


def _lead(write: Writer, programme: UUID, number: int) -> Seat:
    person = _person(write, f"Direction {number}")
    _role(write, programme, person, Role.PROGRAMME_LEAD)
    return Seat(_sign_in(write, person), "equipe-0", write.sprints)


def _team(
    write: Writer, programme: UUID, tracks: Iterable[UUID], coaches: Sequence[UUID], number: int
) -> Seat:
    slug, name = f"equipe-{number}", f"Direction départementale des territoires {number}"
    scope = write.add(Scope, kind=ScopeKind.PROJECT, parent_id=programme)
    talk = write.add(Discussion, scope_id=scope, page=f"/projects/{slug}/discussions")
    start = (write.now - timedelta(days=14 * write.sprints + 9)).date()
    file = {"organisation_fold": fold(name), "acronym_fold": "", "state": ProjectState.ACTIVE, "mark": 1}
    write.add(ProjectFigures, project_id=scope, programme_id=programme, silent_since=write.now, **file)
    write.add(
        Project, id=scope, programme_id=programme, discussion_id=talk, slug=slug,
        organisation=name, organisation_fold=fold(name), acronym="" if number % 3 else f"DDT {number}",
        title_fr=f"Lire les demandes d’autorisation du service {number} sans les ressaisir",
        title_en=f"Reading the permit requests of office {number} without typing them again",
        problem="Les agents ressaisissent chaque demande à la main. " * 20, users_aimed_at="Les agents",
        repository_url="https://code.example/depot", demonstration_url="",
        starts_on=start, ends_on=start + timedelta(days=400), stop_reason="", learnings="", version=1,
    )  # fmt: skip
    members = [_person(write, f"Membre {number} {n}") for n in range(3)]
    for n, member in enumerate(members):
        _role(write, scope, member, Role.TEAM_MEMBER if n else Role.TEAM_LEAD)
    add_gates(write, scope, number, coaches[number % COACHES])
    for n, track in enumerate(tracks):
        write.add(ProjectTrack, project_id=scope, track_id=track)
        _role(write, scope, coaches[(number + n * 7) % COACHES], Role.COACH, track)
    backlog = Backlog(write, scope, slug, members) if number >= write.teams - WITH_ITEMS else None
    for n in range(1, write.sprints + 1):
        _sprint(write, scope, slug, n, [*members, coaches[number % COACHES]], backlog=backlog)
    return Seat(_sign_in(write, members[0]), slug, write.sprints)


def _sprint(
    write: Writer, scope: UUID, slug: str, number: int, people: Sequence[UUID],
    *, backlog: Backlog | None,
) -> None:  # fmt: skip
    pick, left = write.chance, write.sprints - number
    talk = write.add(Discussion, scope_id=scope, page=f"/projects/{slug}/sprints/{number}")
    late = pick.randrange(3) if left else -8
    ends = write.now - timedelta(days=14 * left + late)
    starts = ends - timedelta(days=11)
    closed = left > 0 or (pick.random() < 0.1 and backlog is None)
    blocker = pick.choice(list(BlockerKind))
    sprint = write.add(
        Sprint, project_id=scope, discussion_id=talk, number=number, version=2,
        goal="Éprouver la lecture des demandes avec cinq instructeurs du service",
        starts_on=starts.date(), ends_on=ends.date(), started_at=starts,
        closed_at=min(ends, write.now) if closed else None,
        outcome=pick.choice(list(SprintOutcome)) if closed else None,
        summary="Le classeur reconnaît huit demandes sur dix, les agents le lisent sans aide." if closed else "",
        shown="La maquette et son écran de relecture.", shown_to="Le bureau des permis", shown_link="",
        learnt="Les scans penchés se lisent mal. " * 5, indicator="Rappel", indicator_before=0.5,
        indicator_after=0.61, test_set_size=400, blocker=blocker,
        blocker_text="" if blocker is BlockerKind.NONE else "Le poste de travail ne joint pas le serveur. " * 3,
        help_wanted=closed and pick.random() < 0.1,
        decision_awaited="Faut-il changer de prestataire avant l’été ?" if pick.random() < 0.15 else "",
        outlook=pick.choices(list(OutlookLevel), [6, 4, 2, 1])[0], outlook_note="Le serveur de calcul arrive.",
        next_goal="La suite",
    )  # fmt: skip
    if closed and left == 1:  # a decision that waits, of each team
        talk_of_it = write.add(Discussion, scope_id=scope, page="/", comment_count=0)
        write.add(
            AwaitedDecision, project_id=scope, discussion_id=talk_of_it, number=1, version=1, why="",
            question="Faut-il changer de prestataire avant l’été ?", origin_sprint_id=sprint,
            addressee=DecisionAddressee.LEAD, stage=DecisionStage.REQUESTED, answer="", withdraw_reason="",
        )  # fmt: skip
    if backlog:
        backlog.sprint(sprint, number, starts, min(ends, write.now) if closed else None)
    first = None
    for n in range(COMMENTS):
        at = min(starts + timedelta(days=2 + n, minutes=pick.randrange(600)), write.now)
        if n != 1:
            first = write.add(Thread, discussion_id=talk, created_at=at)
        write.add(
            Comment, thread_id=first, discussion_id=talk, author_id=people[(number + n) % len(people)],
            body="Nous avons essayé **deux** réglages ; le second tient mieux sur les scans penchés.\n\n"
            "- reste à voir les cachets\n- et les ratures", created_at=at, version=1,
        )  # fmt: skip
