"""After random commands, stored figures equal a recount and cached pages equal fresh ones."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions import comment_count_projections as discussion_figures
from portal.collaboration.discussions.models import Comment
from portal.oversight.decisions import projections as decision_figures
from portal.oversight.portfolio import page_views
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes import visit_queries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit_chain import read_last_seal_number_and_hash
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.project.projects import commands as projects
from portal.project.projects.models import Project
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints import projections as sprint_figures
from portal.sprints.sprints.commands import SprintLog, SprintPlan
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import factories as make

STEPS = 60
EMPTY: dict[str, Any] = dict.fromkeys(
    ("shown", "shown_to", "shown_link", "learnt", "indicator", "blocker_text", "outlook_note"), ""
) | {
    "indicator_before": None,
    "indicator_after": None,
    "test_set_size": None,
    "blocker": BlockerKind.NONE,
    "next_goal": "",
}
REFUSED = (RuleBroken, NotAllowed, NotFound, Conflict)


class History:
    """A team, its lead and its programme's lead, who run random commands."""

    def __init__(self, project: Project, agent: Person, lead: Person, seed: int) -> None:
        self.project, self.agent, self.lead = project, agent, lead
        self.chance = random.Random(seed)
        self.day = clock.today()
        self.done = 0

    def step(self) -> None:
        deeds: list[Callable[[], Any]] = [
            *(self.plan, self.start, self.close, self.say, self.resume) * 2,
            *(self.mend, self.replan, self.drop, self.rest, self.resume, self.take_back),
        ]
        with suppress(*REFUSED):
            self.chance.choice(deeds)()
            db.session.commit()
            self.done += 1
        db.session.rollback()
        db.session.expire_all()

    def plan(self) -> None:
        self.day += timedelta(days=self.chance.randrange(1, 30))
        sprints.plan_sprint(make.actor(self.agent), self.project, self._days())

    def replan(self) -> None:
        sprint = self._any(Sprint)
        sprints.edit_plan(make.actor(self.agent), self.project, sprint, self._days(), sprint.version)

    def start(self) -> None:
        sprints.start_sprint(make.actor(self.agent), self.project, self._any(Sprint))

    def close(self) -> None:
        sprint = self._any(Sprint)
        sprints.close_sprint(make.actor(self.agent), self.project, sprint, self._log(), sprint.version)

    def mend(self) -> None:
        sprint = self._any(Sprint)
        sprints.edit_log(make.actor(self.agent), self.project, sprint, self._log(), sprint.version)

    def drop(self) -> None:
        sprints.drop_sprint(make.actor(self.agent), self.project, self._any(Sprint))

    def rest(self) -> None:
        projects.pause_project(make.actor(self.lead), self.project)

    def resume(self) -> None:
        projects.resume_project(make.actor(self.lead), self.project)

    def say(self) -> None:
        who, talk = self.chance.choice((self.agent, self.lead)), self._any(Sprint).discussion_id
        discussions.start_thread(make.actor(who), talk, "Bien vu.")

    def take_back(self) -> None:
        discussions.delete_comment(make.actor(self.lead), self._any(Comment))

    def _any(self, model: Any) -> Any:
        found = db.session.scalars(sa.select(model).order_by(model.created_at)).all()
        if not found:
            raise NotFound
        return self.chance.choice(found)

    def _days(self) -> SprintPlan:
        first = self.day + timedelta(days=self.chance.randrange(5))
        return SprintPlan(
            goal="Lire mieux", starts_on=first, ends_on=first + timedelta(days=9), capacity=None
        )

    def _log(self) -> SprintLog:
        return SprintLog(
            **EMPTY
            | {
                "outcome": self.chance.choice(list(SprintOutcome)),
                "summary": "Huit sur dix.",
                "outlook": self.chance.choice([None, *OutlookLevel]),
                "help_wanted": self.chance.random() < 0.3,
                "decision_awaited": self.chance.choice(["", "Qui héberge ?"]),
            }
        )


@pytest.fixture
def people(app) -> tuple[Project, Person, Person]:
    programme = make.programme(slug="ami")
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    project = make.project(programme, slug="heron")
    return project, make.role(project.id, Role.TEAM_LEAD), lead


@pytest.mark.parametrize("seed", range(3))
def test_figures_and_what_is_remembered_hold_after_every_step(people, seed):
    history = History(*people, seed=seed)
    token = accounts.open_session(people[2]).token
    db.session.commit()
    for _ in range(STEPS):
        history.step()
        assert sprint_figures.rebuild_all_figures() == decision_figures.rebuild_all_figures() == 0
        assert discussion_figures.recount_all_discussions() == 0
        lead = visit_queries.find_visitor(token).actor
        assert lead.as_of == read_last_seal_number_and_hash(db.session())[1]
        remembered, fresh = (
            page_views.read_page(who, {"programme": "ami"}, "Europe/Paris")
            for who in (lead, replace(lead, as_of=""))
        )
        assert remembered.portfolio == fresh.portfolio
        assert page_views.read_news(lead, remembered) == page_views.read_news(replace(lead, as_of=""), fresh)
        db.session.rollback()
    assert history.done > STEPS / 8, "too little was done to mean anything"
