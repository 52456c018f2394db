from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.kernel.access import Role
from portal.kernel.db import db
from portal.notifications.models import Notification
from portal.projects.models import Project
from tests.support import factories as make


@dataclass
class Team:
    """A project with a member, a lead, a coach, and whoever leads the programme."""

    project: Project
    nour: Person
    lea: Person
    coach: Person
    lead: Person


@pytest.fixture
def team(app) -> Team:
    project = make.project(slug="heron", organisation="Cnaf", acronym="CNAF")
    return Team(
        project=project,
        nour=make.role(project.id, Role.TEAM_MEMBER, make.person(name="Nour", handle="nour")),
        lea=make.role(project.id, Role.TEAM_LEAD, make.person(name="Léa", handle="lea")),
        coach=make.role(project.id, Role.COACH, make.person(name="Camille", handle="camille")),
        lead=make.role(
            project.programme_id, Role.PROGRAMME_LEAD, make.person(name="Dominique", handle="dom")
        ),
    )


def told() -> dict[str, list[str]]:
    """The kinds of news by the name of whom they reach, oldest first."""
    db.session.commit()
    rows = db.session.execute(
        sa.select(Person.name, Notification.kind)
        .join(Person, Person.id == Notification.person_id)
        .order_by(Person.name, Notification.created_at)
    )
    by_name: dict[str, list[str]] = {}
    for name, kind in rows:
        by_name.setdefault(name, []).append(kind)
    return by_name
