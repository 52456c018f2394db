"""How much mail a month of a programme makes, by the usual settings, if nobody reads in the portal.

Twenty teams of nine with two coaches each comment, cite and answer one another, close sprints,
confide items, release, test and recommend, through the commands that people use; a worker looks
every two hours. Whoever reads in the portal gets less.
"""

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench.serving import KEY
from portal.app.application.factory import create_app
from portal.coaching.recommendations import commands as recommendations
from portal.coaching.recommendations.commands import RecommendationFacts
from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import Thread
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock, settings
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.project.projects.models import Project
from portal.sprints.backlog import commands as backlog
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome
from tests.support import factories as make

MEMBERS, COACHES, LEADS = 9, 10, 3
FIRST = date(2026, 11, 2)  # a Monday
HOURS = (7, 8, 10, 12, 14, 16, 18, 20)
PARIS = ZoneInfo("Europe/Paris")
COMMENTS, CITES, ANSWERS = 5, 0.3, 0.5  # a team's a day; how many cite somebody, or answer
SEED = 20261126


@dataclass
class Team:
    project: UUID
    discussion: UUID
    members: Sequence[UUID]
    coaches: Sequence[UUID]
    handles: Mapping[UUID, str]


def measure(teams: int, weeks: int) -> dict[str, Any]:
    """Mails a working day, by what people are: mean, most, and how many days had how many."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.load_settings({"DATA_DIR": folder, "SECRET_KEY": KEY}))
        with app.app_context():
            upgrade()
            month = _Month(app, teams, weeks)
            month.live()
            facts = month.facts()
            db.session.remove()
            db.engine.dispose()
        return facts


class _Month:
    def __init__(self, app: Flask, team_count: int, weeks: int) -> None:
        self.app, self.chance = app, random.Random(SEED)
        self.team_count = team_count
        with clock.frozen_at(_at(FIRST, 6)):
            self._people()
        self.days = [FIRST + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]

    def _people(self) -> None:
        programme = make.programme(starts_on=FIRST - timedelta(days=100))
        self.leads = [make.role(programme.id, Role.PROGRAMME_LEAD).id for _ in range(LEADS)]
        coaches = [make.role(programme.id, Role.COACH) for _ in range(COACHES)]
        self.teams = []
        for n in range(self.team_count):
            project = make.project(programme)
            people = [make.role(project.id, Role.TEAM_MEMBER) for _ in range(MEMBERS - 1)]
            people.append(make.role(project.id, Role.TEAM_LEAD))
            near = [coaches[n % COACHES], coaches[(n + 3) % COACHES]]
            for coach in near:
                make.role(project.id, Role.COACH, coach)
            everybody = [*people, *near]
            self.teams.append(
                Team(
                    project.id,
                    project.discussion_id,
                    [each.id for each in people],
                    [each.id for each in near],
                    {each.id: each.handle for each in everybody},
                )
            )
        self.members = {id_ for team in self.teams for id_ in team.members}
        self.coaches = {coach.id for coach in coaches}
        db.session.commit()

    def live(self) -> None:
        for number, day in enumerate(self.days):
            deeds = sorted(self._deeds(number, day), key=lambda each: each[0])
            for hour in HOURS:
                now = _at(day, hour)
                while deeds and deeds[0][0] <= now:
                    moment, act = deeds.pop(0)
                    with clock.frozen_at(moment):
                        act()
                        db.session.commit()
                with clock.frozen_at(now):
                    if hour == HOURS[0]:
                        notify_due_dates(list_contributions(DueReminderSource))
                    send_due_mails(kinds_by_code())

    def _deeds(self, number: int, day: date) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for place, team in enumerate(self.teams):
            for _n in range(self.chance.randint(COMMENTS - 3, COMMENTS + 3)):
                yield self._some_time(day), lambda team=team: self._comment(team)
            yield self._some_time(day), lambda team=team: self._confide(team)
            if (number + place) % 10 == 0:
                yield self._some_time(day), lambda team=team: self._sprint(team, day)
            if (number + place) % 5 == 0:
                yield self._some_time(day), lambda team=team: self._advise(team)

    def _some_time(self, day: date) -> datetime:
        return _at(day, self.chance.randint(8, 19), self.chance.randint(0, 59))

    def _comment(self, team: Team) -> None:
        who = self.chance.choice([*team.members, *team.coaches])
        body = "Un mot de plus."
        if self.chance.random() < CITES:
            cited = self.chance.choice([id_ for id_ in team.handles if id_ != who])
            body = f"@{team.handles[cited]} qu’en pensez-vous ?"
        threads = db.session.scalars(sa.select(Thread).where(Thread.discussion_id == team.discussion)).all()
        if threads and self.chance.random() < ANSWERS:
            discussions.reply_to_thread(actor_for(who), self.chance.choice(threads[-4:]), body)
        else:
            discussions.start_thread(actor_for(who), team.discussion, body)

    def _confide(self, team: Team) -> None:
        giver, taker = self.chance.sample(list(team.members), 2)
        text = ItemFacts(title="Relire le jeu de test", assignee_id=taker)
        backlog.add_items(actor_for(giver), _project(team), [text], None)

    def _sprint(self, team: Team, day: date) -> None:
        """Close the one that goes on, if one does, and start the next."""
        actor, project = actor_for(team.members[0]), _project(team)
        of = sa.select(Sprint).where(Sprint.project_id == project.id)
        for sprint in db.session.scalars(of.where(Sprint.closed_at.is_(None))).all():
            wants_help = self.chance.random() < 0.3
            sprints.close_sprint(actor, project, sprint, _log(help_wanted=wants_help), sprint.version)
        begins = day + timedelta(days=1)
        ends = begins + timedelta(days=11)
        plan = SprintPlan(goal="Apprendre", starts_on=begins, ends_on=ends, capacity=None)
        planned = sprints.plan_sprint(actor, project, plan)
        sprints.start_sprint(actor, project, planned)

    def _advise(self, team: Team) -> None:
        advice = RecommendationFacts(what="Essayer avec trois agents", why="Avant d’aller plus loin.")
        recommendations.recommend(actor_for(team.coaches[0]), _project(team), advice)

    def facts(self) -> dict[str, Any]:
        found = sa.select(OutboxMessage.person_id, OutboxMessage.created_at, OutboxMessage.kind)
        mails: dict[UUID, Counter[date]] = defaultdict(Counter)
        for person_id, at, _kind in db.session.execute(found):
            mails[person_id][at.astimezone(PARIS).date()] += 1
        groups = {"member": self.members, "coach": self.coaches, "lead": set(self.leads)}
        told = sa.select(sa.func.count()).select_from(sa.table("notification"))
        people = sa.select(sa.func.count()).select_from(Person)
        return {
            "teams": self.team_count,
            "working_days": len(self.days),
            "people": db.session.scalar(people),
            "notifications": db.session.scalar(told),
            "mails": {name: self._of(ids, mails) for name, ids in groups.items()},
        }

    def _of(self, ids: set[UUID], mails: Mapping[UUID, Counter[date]]) -> dict[str, Any]:
        a_day = [mails[id_][day] if id_ in mails else 0 for id_ in ids for day in self.days]
        elsewhere = sum(n for id_ in ids for day, n in mails.get(id_, {}).items() if day not in self.days)
        return {
            "mean": round(sum(a_day) / len(a_day), 2),
            "most": max(a_day),
            "days": dict(sorted(Counter(a_day).items())),
            "on_other_days": elsewhere,
        }


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def _project(team: Team) -> Project:
    return db.session.scalars(sa.select(Project).where(Project.id == team.project)).one()


def _log(*, help_wanted: bool) -> SprintLog:
    numbers = {"indicator_before", "indicator_after", "test_set_size"}
    empty = {each.name: None if each.name in numbers else "" for each in fields(SprintLog)}
    said = {"outcome": SprintOutcome.MET, "summary": "Fait.", "blocker": BlockerKind.IT, "outlook": None}
    return SprintLog(**empty | said | {"help_wanted": help_wanted})
