"""Clients of the API: a person's token, and requests with it."""

from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from portal.api.tokens import commands, machine_commands, machine_queries
from portal.api.tokens.commands import TokenFacts
from portal.api.tokens.machine_models import MachineAccount
from portal.api.tokens.queries import find_open_token
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.settings import API_PREFIX
from tests.support import factories as make


def token(
    person: Person,
    *,
    can_write: bool = True,
    areas: tuple[str, ...] = (),
    programme_id: UUID | None = None,
    days: int = 30,
) -> str:
    """Return the text of a new token of a person."""
    scopes = TokenFacts(name="script", can_write=can_write, areas=areas, programme_id=programme_id, days=days)
    text = commands.create_token(make.actor(person), scopes)
    db.session.commit()
    return text


def token_id(person: Person) -> UUID:
    """Return the id of a new token of a person."""
    row = find_open_token(token(person))
    assert row is not None
    return row.id


def machine(lead: Person, programme: Programme, role: Role = Role.OBSERVER) -> MachineAccount:
    """Return a new machine account of a programme, made by one of its leads."""
    account = machine_commands.create_machine(make.actor(lead), programme, "Tableau de bord", role)
    db.session.commit()
    return account


def machine_token(lead: Person, programme: Programme, id_: UUID, *, can_write: bool = True) -> str:
    """Return the text of a new token of a machine."""
    scopes = TokenFacts(name="t", can_write=can_write, areas=(), programme_id=programme.id, days=30)
    line = machine_queries.get_machine(programme, id_)
    text = machine_commands.create_machine_token(make.actor(lead), programme, line, scopes)
    db.session.commit()
    return text


def machine_ids(lead: Person, programme: Programme) -> dict[str, UUID]:
    """Return the ids of a machine of the programme and of a token of it."""
    account = machine(lead, programme)
    row = find_open_token(machine_token(lead, programme, account.id))
    assert row is not None
    return {"machine": account.id, "machine_token": row.id}


class ApiClient:
    """Sends requests with one token; no cookie is kept."""

    def __init__(self, app: Flask, text: str) -> None:
        self._app, self._client, self.token = app, app.test_client(use_cookies=False), text

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """`headers` in snake case: `if_match='"1"'`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        options = {} if body is None else {"json": body}
        if isinstance(body, bytes):  # as it is, whatever it is
            options = {"data": body, "content_type": "application/json"}
        db.session.rollback()  # what the test read is over
        with self._app.app_context():  # a request has one of its own
            return self._client.open(API_PREFIX + path, method=method, headers=sent, **options)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("PUT", path, body, **headers)


def client(app: Flask, person: Person, **scopes: Any) -> ApiClient:
    """Return a client with a new token of a person."""
    return ApiClient(app, token(person, **scopes))
