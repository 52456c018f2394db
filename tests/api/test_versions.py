"""A token keeps the version of its first use; what goes says since when and until when."""

from datetime import date

import pytest
from flask import Flask
from marshmallow import fields

from portal.api.reference.openapi_documents import build_document
from portal.api.tokens import labels
from portal.api.tokens.queries import find_open_token
from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.people.programmes import api as programmes_api
from portal.people.programmes.models import Programme
from portal.people.programmes.schemas import ProgrammeSchema
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web import api_dispatch, api_versions
from portal.platform.web.api_fields import ApiSchema
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiOperation, Deprecation
from portal.platform.web.api_versions import VERSIONS, ApiVersion, deprecate_field
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import ApiClient, client, token

(FIRST,) = VERSIONS
ENDING = ApiVersion(FIRST.name, sunset_on=date(2027, 6, 1))
NEXT = ApiVersion("2027-03-01")
SUNSET = "Tue, 01 Jun 2027 00:00:00 GMT"
SINCE = "@1803859200"  # 1 March 2027
END = Deprecation(date(2027, 3, 1), date(2027, 6, 1))
PATH = "/programmes/ami"


class FormerProgrammeSchema(ApiSchema):
    """What a programme was told to be."""

    name = fields.String(dump_only=True)


class EndingProgrammeSchema(ProgrammeSchema):
    """A programme, with a field that goes."""

    months = deprecate_field(fields.Integer(dump_only=True), END)


def changed_area() -> ApiArea:
    """Return an area whose operation was another one in the first version."""
    area = ApiArea("projects")
    area.get("/programmes/<programme>", ProgrammeSchema)(programmes_api.get_programme)

    @area.earlier("get_programme", until=FIRST.name, answer=FormerProgrammeSchema)
    def get_programme_by_name(call: ApiCall, programme: str) -> dict[str, str]:
        """Read the name of a programme."""
        return {"name": programmes_api.get_programme(call, programme).name_fr}

    return area


@pytest.fixture
def project(app: Flask) -> Project:
    return make.project(make.programme(slug="ami"), slug="heron")


@pytest.fixture
def api(app: Flask, person: Person, project: Project) -> ApiClient:
    make.role(project.programme_id, Role.OBSERVER, person)
    return client(app, person)


@pytest.fixture
def serve(app: Flask, monkeypatch):
    """Serve another operation in the place of the one of its name."""

    def replace(operation: ApiOperation) -> None:
        view = api_dispatch._make_view(operation)
        monkeypatch.setitem(app.view_functions, operation.endpoint, view)

    return replace


def live(monkeypatch, *versions: ApiVersion) -> None:
    monkeypatch.setattr(api_versions, "VERSIONS", versions)


def test_an_answer_tells_its_version(app: Flask, api: ApiClient):
    read = api.get(PATH)
    assert (read.headers["API-Version"], "Deprecation" in read.headers) == (FIRST.name, False)
    assert find_open_token(api.token).api_version == FIRST.name
    assert ApiClient(app, "").get("/openapi.json").headers["API-Version"] == FIRST.name


def test_a_token_keeps_the_version_of_its_first_use(app, api, person, serve, monkeypatch):
    assert api.get(PATH).status_code == 200
    unused = ApiClient(app, token(person))
    live(monkeypatch, ENDING, NEXT)
    (operation,) = changed_area().operations
    serve(operation)
    former, present = api.get(PATH), unused.get(PATH)
    programme = db.session.query(Programme).one()
    assert former.get_json() == {"name": programme.name_fr}
    assert (former.headers["API-Version"], former.headers["Deprecation"]) == (FIRST.name, SINCE)
    assert former.headers["Sunset"] == SUNSET
    assert 'rel="deprecation"' in former.headers["Link"]
    assert present.get_json()["slug"] == "ami"
    assert (present.headers["API-Version"], "Sunset" in present.headers) == (NEXT.name, False)
    db.session.expire_all()
    kept = [find_open_token(each.token) for each in (api, unused)]
    assert [each.api_version for each in kept] == [FIRST.name, NEXT.name]
    said = [labels.describe_token_rights(each) for each in kept]
    assert ["2026-11-29" in each for each in said] == [True, False]
    # What has not changed is the same in both, and still tells the end of the earlier one.
    unchanged = [each.get("/projects") for each in (api, unused)]
    assert unchanged[0].get_json() == unchanged[1].get_json()
    assert ["Sunset" in each.headers for each in unchanged] == [True, False]


def test_a_version_that_is_gone_is_answered_by_the_oldest_that_lives(api, serve, monkeypatch):
    assert api.get(PATH).status_code == 200
    live(monkeypatch, NEXT)
    (operation,) = changed_area().operations
    serve(operation)
    answer = api.get(PATH)
    assert (answer.get_json()["slug"], answer.headers["API-Version"]) == ("ami", NEXT.name)
    assert "Deprecation" not in answer.headers


@pytest.mark.parametrize("noted", ["2099-01-01", "", "vNext"])
def test_a_version_that_the_installation_does_not_know_is_answered_by_the_current_one(
    api: ApiClient, monkeypatch, noted: str
):
    assert api.get(PATH).status_code == 200
    find_open_token(api.token).api_version = noted  # by a newer release, before a restore
    db.session.commit()
    live(monkeypatch, ENDING, NEXT)
    answer = api.get(PATH)
    assert (answer.status_code, answer.headers["API-Version"]) == (200, NEXT.name)
    assert "Deprecation" not in answer.headers
    assert find_open_token(api.token).api_version == noted  # for when that release is back


def test_each_version_has_its_document(app, monkeypatch):
    live(monkeypatch, ENDING, NEXT)
    operations = changed_area().operations
    with app.app_context():
        former, present = (build_document(operations, each) for each in (ENDING, NEXT))
    schemas = [each["components"]["schemas"].keys() for each in (former, present)]
    assert ["FormerProgramme" in names for names in schemas] == [True, False]
    assert [each["info"]["version"] for each in (former, present)] == [FIRST.name, NEXT.name]
    path = former["paths"]["/programmes/{programme}"]["get"]
    assert path["operationId"] == "get_programme"  # which never changes


def test_an_operation_that_goes_says_when(app, api, serve):
    area = ApiArea("projects")
    area.get("/programmes/<programme>", ProgrammeSchema, deprecation=END)(programmes_api.get_programme)
    serve(area.operations[0])
    answer = api.get(PATH)
    assert (answer.headers["Deprecation"], answer.headers["Sunset"]) == (SINCE, SUNSET)
    with app.app_context():
        described = build_document(area.operations)["paths"]["/programmes/{programme}"]["get"]
    assert described["deprecated"] is True
    assert {"API-Version", "Deprecation", "Sunset"} <= described["responses"]["200"]["headers"].keys()


class EndingNameSchema(ApiSchema):
    """A name, and a field that goes."""

    name = fields.String(load_default="")
    colour = deprecate_field(fields.String(load_default=""), END)


def test_a_field_that_goes_says_when_to_whom_it_concerns(app, api, serve):
    area = ApiArea("projects")
    area.get("/programmes/<programme>", EndingProgrammeSchema)(programmes_api.get_programme)
    area.get("/programmes", ProgrammeSchema, query=EndingNameSchema)(list_programmes)
    area.act("/programmes", ProgrammeSchema, body=EndingNameSchema)(create_programme)
    for operation in area.operations:
        serve(operation)
    assert api.get(PATH).headers["Sunset"] == SUNSET
    assert "Sunset" not in api.get("/programmes?name=a").headers
    assert api.get("/programmes?colour=red").headers["Sunset"] == SUNSET
    assert "Sunset" not in api.post("/programmes", {"name": "a"}).headers
    assert api.post("/programmes", {"colour": "red"}).headers["Sunset"] == SUNSET
    with app.app_context():
        schemas = build_document(area.operations)["components"]["schemas"]
    assert schemas["EndingProgramme"]["properties"]["months"]["deprecated"] is True
    assert "deprecated" not in schemas["EndingProgramme"]["properties"]["slug"]


def list_programmes(call: ApiCall) -> Programme:
    """Read the programme."""
    return programmes_api.get_programme(call, "ami")


def create_programme(call: ApiCall) -> Programme:
    """Do nothing with the programme."""
    return list_programmes(call)


def test_a_list_of_an_earlier_version_keeps_the_link_to_its_next_page(api, monkeypatch, project):
    assert api.post("/projects/heron/items", {"items": [{"title": "a"}, {"title": "b"}]}).status_code == 201
    live(monkeypatch, ENDING, NEXT)
    links = api.get("/projects/heron/items?limit=1").headers.getlist("Link")
    assert ['rel="next"' in link for link in links] == [True, False]


def test_at_most_two_versions_live_and_the_earlier_one_has_an_end():
    assert len(VERSIONS) <= 2
    assert list(VERSIONS) == sorted(VERSIONS, key=lambda each: each.name)
    assert [each.sunset_on is None for each in reversed(VERSIONS)] == [True, False][: len(VERSIONS)]
    for area in API_AREAS:
        for operation in area.operations:
            assert all(until in {each.name for each in VERSIONS[:-1]} for until, _each in operation.earlier)
