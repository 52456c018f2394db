"""Every operation over a real server: it succeeds as the access table says, and survives hostile input."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx
import pytest
import schemathesis
from flask import Flask

from portal.app.application.features import API_AREAS
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.api_operations import ApiOperation
from tests.house.api_door import ApiDoor
from tests.house.api_doors import API_DOORS, PUBLIC_API_DOORS
from tests.house.doors import MEMBER
from tests.house.test_access import Scene
from tests.support import api, server
from tests.support.turns import THOROUGH, share_of

OPERATIONS = {each.id: each for area in API_AREAS for each in area.operations}
DOORS = API_DOORS | PUBLIC_API_DOORS
ENGINES = ["sqlite", "postgresql"] if THOROUGH else ["postgresql"]
TOKENS = 10  # of each person: a token has a rate
PARTS = 10  # of the operations: one gets hostile input, all in a thorough run
# What JSON can say and no column can hold, instead of a text and of a number.
HOSTILE_TEXTS = (r"\u0000", r"\ud800", r"a\udfff", "\u202e")
HOSTILE_NUMBERS = (str(2**63), str(-(2**70)), "1e400", "NaN", "-0.0")
HOSTILE_BYTES = (b"\xff\xfe", b'{"a": "\xed\xa0\x80"}', b"[" * 5000, b"{", b"\x00")
HOSTILE_QUERIES = ("cursor=%00", "limit=99999999999999999999", "q=%ED%A0%80", "%FF=1", "after=%00")
_VALUE = re.compile(r'(?<=: )"[^"\\]*"|(?<=: )-?\d+(?:\.\d+)?')


@dataclass
class Sender:
    """Sends requests of the access table to a served portal, as whoever may."""

    client: httpx.Client  # one: reading the authorities of TLS takes 6 ms
    names: Mapping[str, str]
    tokens: Mapping[str, Iterator[str]]
    document: Any

    def request(self, operation: ApiOperation, **changes: Any) -> httpx.Response:
        door = DOORS[operation.id]
        path = f"{API_PREFIX}{door.path.format(**self.names)}"
        options = self._options(operation, door) | changes
        headers = options.pop("headers", {}) | self._headers(operation, door)
        response = self.client.request(operation.method, path, headers=headers, **options)
        response.request.read()  # the check of the answer looks at it
        return response

    def _headers(self, operation: ApiOperation, door: ApiDoor) -> dict[str, str]:
        headers = (
            {} if operation.is_public else {"Authorization": f"Bearer {next(self.tokens[_insider(door)])}"}
        )
        return headers | ({"If-Match": f'"{door.version.format(**self.names)}"'} if door.version else {})

    def _options(self, operation: ApiOperation, door: ApiDoor) -> dict[str, Any]:
        options: dict[str, Any] = {"params": {"dry_run": "true"}} if operation.writes else {}
        if door.file is not None:
            return options | {"files": {"file": (door.file[0], BytesIO(door.file[1]))}}
        if door.body is None:
            return options
        return options | {"content": self.body(door), "headers": {"Content-Type": "application/json"}}

    def body(self, door: ApiDoor) -> str:
        text = json.dumps(door.body)
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def fault(self, operation: ApiOperation, response: httpx.Response, what: str) -> str:
        """What is wrong with an answer: undocumented, or not as its schema says; "" for nothing."""
        described = self.document[re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", operation.path)][operation.method]
        documented = described.definition.raw["responses"]
        if str(response.status_code) not in documented:
            return f"{operation.id}, {what}: {response.status_code} {response.text[:200]}"
        try:
            described.validate_response(response)
        except Exception as fault:  # noqa: BLE001  all are reported together
            return f"{operation.id}, {what}: {str(fault)[:300]}"
        return ""


def _insider(door: ApiDoor) -> str:
    people = door.inside or door.refused
    return MEMBER if MEMBER in people else min(people)


def _cycle(texts: list[str]) -> Iterator[str]:
    while True:
        yield from texts


@pytest.fixture
def sender(portal: tuple[Flask, dict[str, str]]) -> Iterator[Sender]:
    app, env = portal
    with app.app_context():
        scene = Scene(get_service(TokenSealer, app).seal)
        names = {name: str(value) for name, value in scene.names.items()}
        people = {_insider(door) for door in API_DOORS.values()}
        tokens = {
            name: _cycle([api.token(scene.people[name]) for _ in range(TOKENS)]) for name in sorted(people)
        }
        db.session.remove()
        db.engine.dispose()
    with server.serve(env) as address, httpx.Client(base_url=address, timeout=60) as client:
        document = schemathesis.openapi.from_url(f"{address}{API_PREFIX}/openapi.json")
        yield Sender(client, names, tokens, document)


@pytest.mark.parametrize("portal", ENGINES, indirect=True)
def test_every_operation_succeeds_and_survives(sender: Sender, tell) -> None:
    faults, refused, hostile = [], [], 0
    for operation in OPERATIONS.values():
        response = sender.request(operation)
        faults.append(sender.fault(operation, response, "as in the access table"))
        if response.status_code >= 300:
            refused.append(operation.id)
    for operation in share_of("hostile input", list(OPERATIONS.values()), PARTS):
        for what, changes in hostile_requests(sender, operation):
            faults.append(sender.fault(operation, sender.request(operation, **changes), what))
            hostile += 1
    tell("api", operations=len(OPERATIONS), hostile=hostile)
    assert [fault for fault in faults if fault] == []
    # Another sprint runs, until it is closed; an instalment goes on, no gate of one is stale, and a
    # request to hand a team over waits for nobody. What asks for the second factor again is refused
    # to tokens.
    shut = {each.id for each in OPERATIONS.values() if each.asks_again}
    assert refused == [name for name in OPERATIONS if DOORS[name].status in (409, 422) or name in shut]
    assert sender.request(OPERATIONS["close_sprint"], params={}).status_code == 200
    assert sender.request(OPERATIONS["start_sprint"], params={}).status_code == 200


def hostile_requests(sender: Sender, operation: ApiOperation) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what it is, changes of the request): each value replaced, broken bytes, broken queries."""
    for query in HOSTILE_QUERIES:
        yield query, {"params": query}
    door = DOORS[operation.id]
    if door.body is None:
        return
    for raw in HOSTILE_BYTES:
        yield repr(raw[:20]), {"content": raw}
    text = sender.body(door)
    for match in _VALUE.finditer(text):
        is_text = match[0].startswith('"')
        for value in HOSTILE_TEXTS if is_text else HOSTILE_NUMBERS:
            written = f'"{value}"' if is_text else value
            body = (text[: match.start()] + written + text[match.end() :]).encode("utf-8", "surrogatepass")
            yield f"{match[0]} → {written}", {"content": body, "params": {"dry_run": "true"}}
