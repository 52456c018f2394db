"""Access to every operation of the API: each role, each scope of a token."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import pytest
from limits import parse
from werkzeug.test import EnvironBuilder

from portal.api.tokens import bearer_api
from portal.api.tokens.labels import AREAS
from portal.app.application.features import API_AREAS, PUBLIC_OPERATIONS, SENSITIVE_ENDPOINTS
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.api_operations import ApiOperation
from tests.house.api_door import ApiDoor
from tests.house.api_doors import API_DOORS, PUBLIC_API_DOORS
from tests.house.doors import EVERYBODY
from tests.house.test_access import Scene
from tests.support import api
from tests.support import factories as make
from tests.support.reach import commands_of, commands_of_operation
from tests.support.stage import Shot, Stage

# Independent of the database: runs on one engine.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
OPERATIONS = {each.id: each for area in API_AREAS for each in area.operations}
WRITER, READER, ELSEWHERE, OTHER_AREA, NOBODY = "writer", "reader", "elsewhere", "other area", "nobody"


@dataclass(frozen=True)
class Desk:
    """A scene, and tokens of everybody by scope."""

    stage: Stage
    names: Mapping[str, str]
    tokens: Mapping[tuple[str, str], str]

    def ask(self, operation: ApiOperation, door: ApiDoor, scope: str, person: str) -> tuple[int, str]:
        """Return the status and the problem's code; the effects are rolled back."""
        headers = {"Accept": "application/json"}
        if scope != NOBODY:
            token = self.tokens[scope if scope != OTHER_AREA else f"not {operation.area}", person]
            headers["Authorization"] = f"Bearer {token}"
        if door.version:
            headers["If-Match"] = f'"{door.version.format(**self.names)}"'
        kind, body = self._body(door)
        path, _mark, query = (API_PREFIX + door.path.format(**self.names)).partition("?")
        request = {"query": query.encode(), "body": body, "headers": headers, "kind": kind}
        shot = Shot(operation.id, person, scope, operation.method, path, **request)
        with self.stage.answered(shot) as answer:
            is_problem = answer.mimetype == "application/problem+json"
            return answer.status_code, json.loads(answer.get_data())["code"] if is_problem else ""

    def _body(self, door: ApiDoor) -> tuple[str, bytes]:
        """Return the type and the bytes of the body."""
        if door.file is not None:
            sent = {"file": (BytesIO(door.file[1]), door.file[0])}
            environ = EnvironBuilder(method="POST", data=sent).get_environ()
            return environ["CONTENT_TYPE"], environ["wsgi.input"].read()
        return "application/json", b"" if door.body is None else self._fill(door.body)

    def _fill(self, body: object) -> bytes:
        text = json.dumps(body)
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text.encode()


@pytest.fixture(scope="module")
def desk(house) -> Iterator[Desk]:
    app, fresh = house
    with app.app_context():
        fresh.restore()
        scene = Scene(get_service(TokenSealer, app).seal)
        names = {name: str(value) for name, value in scene.names.items()}
        other_programme = make.programme(slug="other-one")
        tokens = {}
        for name, person in scene.people.items():
            tokens[WRITER, name] = api.token(person)
            tokens[READER, name] = api.token(person, can_write=False)
            tokens[ELSEWHERE, name] = api.token(person, programme_id=other_programme.id)
            for area in AREAS:
                others = tuple(each for each in AREAS if each != area)
                tokens[f"not {area}", name] = api.token(person, areas=others)
        db.session.commit()
        with Stage(app, scene.people).open() as stage, pytest.MonkeyPatch.context() as patch:
            # One network asks for every operation.
            patch.setattr(bearer_api, "NETWORK_RATE", parse("100000 per minute"))
            yield Desk(stage, names, tokens)


def test_every_operation_has_a_row_and_an_area(house):
    assert OPERATIONS.keys() == API_DOORS.keys() | PUBLIC_API_DOORS.keys()
    assert {f"api.{name}" for name in PUBLIC_API_DOORS} == PUBLIC_OPERATIONS
    assert {OPERATIONS[name].area for name in API_DOORS} <= AREAS.keys()


@pytest.mark.parametrize("name", API_DOORS)
def test_who_may(desk: Desk, name: str):
    operation, door = OPERATIONS[name], API_DOORS[name]
    answers = {person: desk.ask(operation, door, WRITER, person) for person in sorted(EVERYBODY)}
    wrong = {person: answer for person, answer in answers.items() if not is_due(door, person, answer)}
    assert wrong == {}


def is_due(door: ApiDoor, person: str, answer: tuple[int, str]) -> bool:
    """Tell whether an answer is the one that the table asks for."""
    status, code = answer
    if person in door.inside:
        return status == door.status if door.status else 200 <= status < 300
    return status == 403 and code != "insufficient_scope" if person in door.refused else status == 404


@pytest.mark.parametrize("name", API_DOORS)
def test_what_a_scope_allows(desk: Desk, name: str):
    operation, door = OPERATIONS[name], API_DOORS[name]
    person = min(door.inside or door.refused)
    assert desk.ask(operation, door, NOBODY, person) == (401, "unauthenticated")
    assert desk.ask(operation, door, OTHER_AREA, person) == (403, "insufficient_scope")
    status, code = desk.ask(operation, door, READER, person)
    if operation.asks_again and not operation.writes:
        assert (status, code) == (403, "proof_required")
    else:
        assert (status, code) == (403, "insufficient_scope") if operation.writes else 200 <= status < 300
    status, code = desk.ask(operation, door, ELSEWHERE, person)
    if operation.asks_again:
        assert code == ("insufficient_scope" if operation.is_personal else "proof_required")
    elif operation.is_personal:
        assert code == "insufficient_scope"
    else:
        assert status == 404 or name in {"list_projects", "list_programmes", "search"}


def test_what_a_page_asks_a_proof_for_again_is_refused_to_tokens(desk: Desk):
    views = desk.stage.app.view_functions
    guarded = set().union(*(commands_of(views[endpoint]) for endpoint in SENSITIVE_ENDPOINTS))
    assert len(guarded) > 50
    writes = [each for each in OPERATIONS.values() if each.writes]
    reached = {each.id for each in writes if guarded & commands_of_operation(each)}
    assert reached == {each.id for each in writes if each.asks_again}
    for name in reached:
        answers = {desk.ask(OPERATIONS[name], API_DOORS[name], WRITER, person) for person in EVERYBODY}
        assert answers == {(403, "proof_required")}, name


@pytest.mark.parametrize("name", PUBLIC_API_DOORS)
def test_what_needs_no_token(desk: Desk, name: str):
    status, _code = desk.ask(OPERATIONS[name], PUBLIC_API_DOORS[name], NOBODY, "")
    assert 200 <= status < 300
