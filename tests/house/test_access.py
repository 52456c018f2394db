"""Access to every route, by the table in `doors.py`. A new route fails until it has a row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask

from portal.app.application.factory import PUBLIC_ENDPOINTS
from portal.communication.calendar.commands import create_or_replace_link
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer, new_token, token_hash
from portal.project.data_sources.models import DataSource
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound
from tests.house import doors
from tests.house.doors import DOORS, EVERYBODY, OPEN, Door
from tests.house.ruled_doors import BY_A_RULE
from tests.house.test_types import type_fault
from tests.support import (
    api,
    archives,
    calls,
    cards,
    ceremonies,
    coaching,
    concerns,
    decisions,
    findings,
    funding,
    gates,
    health,
    imports,
    notifications,
    packs,
    privacy,
    project_file,
    rereviews,
    reviews,
    risks,
    second_factor,
    transparency,
    user_tests,
    webhooks,
)
from tests.support import factories as make
from tests.support.databases import Fresh
from tests.support.stage import Shot, Stage

SHUT = {401, 403, 404}

# Independent of the database: runs on one engine.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

ROLES = {
    doors.MEMBER: Role.TEAM_MEMBER,
    doors.LEAD: Role.TEAM_LEAD,
    doors.COACH: Role.COACH,
    doors.REVIEWER: Role.ETHICS_REVIEWER,
    doors.DIRECTION: Role.PROGRAMME_LEAD,
    doors.JUROR: Role.JUROR,
    doors.OPERATOR: Role.OPERATOR,
    doors.OBSERVER: Role.OBSERVER,
    doors.ADMIN: Role.ADMINISTRATOR,
}


def routes(app: Flask) -> set[str]:
    """Return “endpoint METHOD” for every route; operations of the API have a table of their own."""
    return {
        f"{rule.endpoint} {method}"
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def missing_rows(app: Flask) -> set[str]:
    return routes(app) ^ DOORS.keys()


def test_every_route_has_a_row(house):
    assert missing_rows(house[0]) == set()


def test_a_route_without_a_row_is_noticed(house, make_app):
    other = make_app()
    other.add_url_rule("/unlisted", "unlisted", lambda: "")
    assert missing_rows(other) == {"unlisted GET"}


def test_what_strangers_may_open_is_a_short_list(house):
    assert {row.split()[0] for row in OPEN} == PUBLIC_ENDPOINTS


class Scene:
    """A project with every kind of row, and one person for each role."""

    def __init__(self, seal: Callable[[str, UUID], str]) -> None:
        self.programme = make.programme(slug="ami")
        self.project = make.project(self.programme, slug="heron")
        people = {name: make.holder(role, self.project) for name, role in ROLES.items()}
        people[doors.OTHER] = make.role(make.project().id, Role.TEAM_LEAD)
        self.people: Mapping[str, Person] = people
        closed = make.closed_sprint(self.project, number=1)
        active = make.active_sprint(self.project, number=2)
        make.sprint(self.project, number=3)
        make.item(self.project, active, number=1)
        for number in (2, 4, 5, 6):  # each write route that takes input has an item of its own
            make.item(self.project, number=number)
        make.item(self.project, number=3, gone_at=clock.now())
        project_file.one_of_each(self.project)
        ceremonies.one_of_each(self.project, closed, self.people[doors.MEMBER])
        planned = user_tests.planned(self.project)
        tried = user_tests.one_of_each(self.project, self.people[doors.MEMBER])
        seen = db.session.query(Finding).one()
        findings.one_of_each(planned, tried, seen, self.people[doors.MEMBER])
        risks.one_of_each(self.project, self.people[doors.MEMBER])
        reviews.one_of_each(
            self.project, *(self.people[name] for name in (doors.MEMBER, doors.LEAD, doors.REVIEWER))
        )
        rereviews.one_of_each(self.project, self.people[doors.REVIEWER], self.people[doors.MEMBER])
        coaching.one_of_each(self.project, self.people[doors.COACH])
        transparency.published(self.project, self.people[doors.LEAD])
        cards.shown(self.project, self.people[doors.DIRECTION])
        said = make.comment(self.project.discussion_id, self.people[doors.MEMBER])
        source = db.session.query(DataSource).one()
        colleague = make.role(self.project.id, Role.TEAM_MEMBER)
        self.token = new_token()
        self.names = {
            "version": 1,
            "today": clock.today(),
            "pack": packs.made(self.programme, self.people[doors.DIRECTION], self.project).id,
            "over": user_tests.over(self.project).number,
            "empty": user_tests.planned_by_mistake(self.project).number,
            "member": self.people[doors.MEMBER].id,
            "direction": self.people[doors.DIRECTION].id,
            "discussion": self.project.discussion_id,
            "thread": said.thread_id,
            "comment": said.id,
            "source": source.id,
            "file": project_file.attachment(self.project, source, self.people[doors.MEMBER]).id,
            "spare_file": project_file.attachment(self.project, source, self.people[doors.MEMBER]).id,
            "token": self.token,
            "track": make.tracks_of(self.programme)["technical"].id,
            "membership": self._role_of(colleague),
            "pooled_coach": make.role(self.programme.id, Role.COACH).id,
            "coached": self._role_of(self.people[doors.COACH]),
            "pooled_reviewer": make.role(self.programme.id, Role.ETHICS_REVIEWER).id,
            "offer": self._offer(self.project.id, Role.TEAM_MEMBER, self.token),
            "coach_offer": self._offer(self.programme.id, Role.COACH),
            "admin_offer": self._offer(INSTALLATION, Role.ADMINISTRATOR),
            "import": imports.backlog_import(self.project, self.people[doors.MEMBER]).id,
            "results": user_tests.results_import(tried, self.people[doors.MEMBER]).id,
            "project": self.project.id,
            **self._news(),
            "letter": make.letter(given_up_at=clock.now()).id,
            "someone": self.people[doors.OTHER].id,
            "someones_role": self._role_of(self.people[doors.OTHER]),
            "pool_role": self._role_of(make.role(self.programme.id, Role.COACH)),
        }
        member = self.people[doors.MEMBER]
        change = make.address_change(member)
        self.names |= {
            "participant_link": self._participant_link(tried, seal),
            "session": change.session_id,
            **second_factor.one_of_each(member),
            "reset_link": seal("password-reset", make.password_reset(member).id),
            "calendar_token": self._calendar_token(),
            "api_token": api.token_id(self.people[doors.MEMBER]),
            **api.machine_ids(self.people[doors.DIRECTION], self.programme),
            "webhook": webhooks.tested(self.people[doors.LEAD], self.project.id),
            "stop_link": seal("unsubscribe mentioned", member.id),
            "address_link": seal("address-new", change.id),
        }
        carrier, direction = self.people[doors.LEAD], self.people[doors.DIRECTION]
        self.names["seen"] = gates.one_of_each(self.project, closed, carrier, direction)
        self.names["soon"] = str(clock.today() + timedelta(days=9))
        self.names["view"] = health.one_of_each(self.project, carrier, direction)
        asked = decisions.one_of_each(self.project, self.people[doors.MEMBER], direction)
        self.names["decision"] = asked.id
        concerns.known(self.project)
        self.names |= calls.one_of_each(self.programme, direction, self.people[doors.JUROR])
        self.names |= privacy.one_of_each(member)
        self.names["archive"] = archives.ready(self.programme, direction).id
        archives.departed(direction)
        draft = make.project(self.programme, slug="lynx")
        self.names |= funding.one_of_each(self.project, draft, carrier, self.people[doors.OPERATOR])
        self.names |= funding.abandoned(self.people[doors.OTHER])

    def _news(self) -> dict[str, UUID]:
        """Return the ids of a notification of the member."""
        news = notifications.told(self.people[doors.MEMBER], self.project)
        return {"news": news.fact_id, "news_group": news.group_id}

    def _calendar_token(self) -> str:
        """Return the token of the member's calendar."""
        token = create_or_replace_link(make.actor(self.people[doors.MEMBER]))
        db.session.commit()
        return token

    def _participant_link(self, tried: TestRound, seal: Callable[[str, UUID], str]) -> str:
        """Return the sealed token of a participant's link."""
        member = self.people[doors.MEMBER]
        going_on = user_tests.session(tried, member, ended_at=None)
        made = user_tests.link(going_on, member)
        token = seal("participant", made.id)
        made.token_hash = token_hash(token)
        db.session.commit()
        return token

    def _role_of(self, person: Person) -> object:
        return db.session.query(RoleAssignment).filter_by(person_id=person.id).one().id

    def _offer(self, scope_id: object, role: Role, token: str | None = None) -> object:
        return make.invitation(
            scope_id=scope_id,
            role=role,
            token_hash=token_hash(token or new_token()),
            invited_by_id=self.people[doors.LEAD].id,
        ).id


@dataclass(frozen=True)
class Opened:
    """A scene that is created once and used a thousand times."""

    stage: Stage
    names: Mapping[str, str]

    def tries(self, door: Door) -> Iterator[tuple[str, int]]:
        """Yield the status for each person and a stranger; each request is rolled back."""
        fill = self.names
        typed = {k.format(**fill): v.format(**fill) for k, v in (door.typed or {}).items()}
        path, body = door.path.format(**fill), urlencode(typed).encode()
        for name in (*sorted(EVERYBODY), doors.STRANGER):
            with self.stage.answered(Shot(door.path, name, "", door.method, path, body=body)) as at:
                if door.method == "POST" and at.status_code not in SHUT:
                    assert concerns.faults() == [], f"{door.path} leaves figures behind"
                assert type_fault(at.headers.get("Content-Type", ""), at.get_data()) == "", door.path
                yield name, at.status_code


@pytest.fixture(scope="module")
def scene(house: tuple[Flask, Fresh]) -> Iterator[Opened]:
    app, fresh = house
    with app.app_context():
        fresh.restore()
        made = Scene(get_service(TokenSealer, app).seal)
        names = {name: str(value) for name, value in made.names.items()}
        with Stage(app, made.people).open() as stage:
            yield Opened(stage, names)


@pytest.mark.parametrize("row", DOORS)
def test_who_gets_in(scene: Opened, row: str):
    answers = dict(scene.tries(DOORS[row]))
    assert answers.keys() == EVERYBODY | {doors.STRANGER}
    wrong = {name: answer for name, answer in answers.items() if answer not in due(row, name)}
    assert wrong == {}, f"{row} answers {wrong}"


def due(row: str, name: str) -> set[int]:
    """Return the statuses that are allowed for a person."""
    door = DOORS[row]
    if name == doors.STRANGER:
        # 401: the sign-in page shows the typed text.
        return {200, 303, 422, 503} if row in OPEN else {303, 401 if door.typed else 303}
    if name in door.inside:
        # 422: the form was validated, so access is granted.
        return (
            {422} if {(row, name), (row, None)} & BY_A_RULE else {200, 301, 303}
        )  # 301: of an earlier release
    return {403} if name in door.refused else {404}
