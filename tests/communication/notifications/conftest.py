from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.mail_settings import parse_mail_url
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import transport
from portal.platform.mail.sending import MailRound
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import smtp
from tests.support.smtp import PostOffice


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
    """Kinds of notifications by recipient's name, oldest first."""
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


def letters() -> list[OutboxMessage]:
    """The queued notices and digests, in order."""
    db.session.commit()
    found = sa.select(OutboxMessage).where(OutboxMessage.kind.in_(["notice", "digest"]))
    return list(db.session.scalars(found.order_by(OutboxMessage.id)))


def run_post() -> int:
    """Run the worker's mail job in a session of its own; returns how many letters it queued."""
    db.session.commit()
    with current_app.app_context():
        return send_due_mails(kinds_by_code())


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with smtp.post_office() as running:
        yield running


@pytest.fixture
def deliver(app: Flask, office: PostOffice) -> Callable[..., int]:
    """Run the worker's sending round in a session of its own, with `office` or another server."""

    def send(url: str = office.url) -> int:
        settings = replace(get_service(Settings, app), mail_server=parse_mail_url(url))
        post = transport.choose_transport(settings)
        db.session.commit()
        with app.app_context():
            return MailRound(post).run()

    return send


@contextmanager
def on(day: int, hour: int, minute: int = 0) -> Iterator[None]:
    """A moment of November 2026 in Paris; the 23rd is a Monday."""
    with clock.frozen_at(datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))):
        yield
