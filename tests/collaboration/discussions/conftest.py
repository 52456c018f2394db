"""A sprint with a discussion, and people who may comment in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from portal.collaboration.discussions import commands, queries, thread_queries
from portal.collaboration.discussions.models import Comment, Thread
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories


@dataclass
class Table:
    """A sprint's agent and coach, the programme's lead, and a member of another team."""

    project: Project
    agent: Person
    coach: Person
    director: Person
    outsider: Person
    id: UUID  # of the sprint's discussion
    path: str  # of the sprint's page

    def start(self, who: Person, body: str = "Bonjour.") -> Comment:
        talk = queries.get_discussion(factories.actor(who), self.id)
        return self._kept(who, commands.start_thread(factories.actor(who), talk.id, body))

    def reply(
        self, who: Person, first: Comment, body: str = "Merci.", read_at: datetime | None = None
    ) -> Comment:
        actor, thread = factories.actor(who), thread_of(who, first)
        return self._kept(who, commands.reply_to_thread(actor, thread, body, read_at=read_at))

    def _kept(self, who: Person, said: commands.PostedComment) -> Comment:
        db.session.commit()
        assert said.position == thread_queries.locate_thread(factories.actor(who), said.comment.thread_id)
        return said.comment


def thread_of(who: Person, comment: Comment) -> Thread:
    return queries.get_thread(factories.actor(who), comment.thread_id)


@pytest.fixture
def table(app: Flask) -> Table:
    project = factories.project()
    sprint = factories.sprint(project)
    return Table(
        project=project,
        agent=factories.role(project.id, Role.TEAM_MEMBER, named("Awa Diallo", "awa.diallo")),
        coach=factories.role(project.id, Role.COACH, named("Camille Roux", "camille.roux")),
        director=factories.holder(Role.PROGRAMME_LEAD, project),
        outsider=factories.holder(Role.TEAM_MEMBER, factories.project()),
        id=sprint.discussion_id,
        path=f"/projects/{project.slug}/sprints/1",
    )


def named(name: str, handle: str) -> Person:
    return factories.person(name=name, handle=handle)
