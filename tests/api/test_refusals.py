"""Refusals of the API: in the reader's language whatever refuses, each code explained on its page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from marshmallow import Schema, fields, validate

from portal.api.reference.openapi_documents import build_body_example
from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import LazyString
from portal.platform.web.api_fields import StrictBoolean
from portal.platform.web.api_problems import PROBLEMS, REASONS
from portal.platform.web.api_requests import query_schema
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import project_file
from tests.support.api import client

JSON, FORM = "application/json", "multipart/form-data; boundary=x"
MUTE = "/projects/heron/unmute"
ROOT = Path(__file__).resolve().parents[2]
REFUSES = re.compile(
    r'ApiRefusal\(\s*\d+,\s*"(\w+)"|answer_problem\([^)]*"(\w+)"|"(overtaken|too_late)"'
    r'|answer_refusal\([^;]*?\bcode="(\w+)"'
)


def fields_of(schema: Schema) -> Iterator[fields.Field]:
    """Yield all fields that read what is sent, the parts of lists and of nested schemas too."""
    pending = list(schema.load_fields.values())
    while pending:
        field = pending.pop()
        yield field
        if isinstance(field, fields.List):
            pending.append(field.inner)
        elif isinstance(field, fields.Nested):
            pending += field.schema.load_fields.values()


def test_every_validator_speaks_the_readers_language():
    operations = [each for area in API_AREAS for each in area.operations]
    schemas = [query_schema(each) for each in operations] + [each.body for each in operations if each.body]
    kinds = set()
    for schema in set(schemas):
        for field in fields_of(schema()):
            assert all(isinstance(text, LazyString) for text in field.error_messages.values()), field
            for validator in field.validators:
                if isinstance(validator, validate.Validator):
                    kinds.add(type(validator))
                    assert isinstance(validator.error, LazyString), (schema, field, validator)
    assert {validate.Length, validate.Range, validate.OneOf, validate.Regexp} <= kinds


@pytest.mark.parametrize(("language", "sentence"), [("fr", "De 1 à 100 éléments."), ("en", "From 1 to 100")])
def test_a_list_is_refused_in_the_readers_language(
    app: Flask, person: Person, project: Project, language: str, sentence: str
):
    refused = client(app, person).post("/projects/heron/items", {"items": []}, accept_language=language)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["detail"].startswith(sentence)


def test_an_address_says_how_it_is_used(app: Flask, person: Person):
    refused = client(app, person).ask("DELETE", "/projects")
    assert (refused.status_code, "GET" in refused.headers["Allow"].split(", ")) == (405, True)


@pytest.mark.parametrize("body", ['{"body": "a", "body": "b"}', '{"items": [{"title": "a", "title": "a"}]}'])
def test_a_name_that_comes_twice_is_refused(app: Flask, person: Person, project: Project, body: str):
    api = client(app, person)
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    refused = app.test_client().post("/api/v1/projects/heron/items", data=body, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (400, "malformed")


def send(app: Flask, person: Person, method: str, path: str, body: bytes, *, kind: str = JSON):
    """Send bytes as they are, with a token of a person."""
    headers = {"Authorization": f"Bearer {client(app, person).token}", "Content-Type": kind}
    return app.test_client().open(f"/api/v1{path}", method=method, data=body, headers=headers)


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "us-ascii", "klingon"])
def test_a_body_in_another_charset_is_refused(app: Flask, person: Person, project: Project, charset: str):
    body, path = '{"items": [{"title": "é"}]}'.encode(), "/projects/heron/items"
    refused = send(app, person, "POST", path, body, kind=f"{JSON}; charset={charset}")
    assert (refused.status_code, refused.get_json()["code"]) == (415, "unsupported_type")
    for usual in ("utf-8", "UTF-8", '"utf-8"'):
        assert send(app, person, "POST", path, body, kind=f"{JSON}; charset={usual}").status_code == 201


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/projects/heron/items/1"), ("POST", MUTE)])
def test_what_takes_no_body_refuses_what_one_says(
    app: Flask, person: Person, project: Project, method: str, path: str
):
    make.item(project, number=1)
    db.session.commit()
    unknown = send(app, person, method, path, b'{"zzz": 1}')
    assert (unknown.status_code, unknown.get_json()["errors"][0]["pointer"]) == (422, "/zzz")
    assert send(app, person, method, path, b"[1]").status_code == 422
    assert send(app, person, method, path, b'{"a": "\xff"}').get_json()["code"] == "malformed"
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert send(app, person, method, path, b"a=b", kind=kind).status_code == 415
    form = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    assert send(app, person, method, path, form, kind=FORM).status_code == 415
    for empty in (b"", b"{}"):
        assert send(app, person, "POST", MUTE, empty).status_code == 204


def test_a_boolean_is_one_of_json(app: Flask, project: Project):
    lead = client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    programme = db.session.get_one(Programme, project.programme_id).slug
    path = f"/programmes/{programme}/portfolio-views"
    for value in (0, 1, 1.0, "true", "false", "1", None):
        refused = lead.post(path, {"name": "Vue", "is_shared": value})
        assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/is_shared"), value
    assert lead.post(path, {"name": "Vue", "is_shared": True}).get_json()["is_shared"] is True


def test_every_boolean_of_a_body_is_strict_and_none_of_a_query():
    operations = [each for area in API_AREAS for each in area.operations]
    bodies = [field for each in operations if each.body for field in fields_of(each.body())]
    booleans = [field for field in bodies if isinstance(field, fields.Boolean)]
    assert len(booleans) > 10
    assert all(isinstance(field, StrictBoolean) for field in booleans)
    queries = [field for each in operations for field in fields_of(query_schema(each)())]
    assert not any(isinstance(field, StrictBoolean) for field in queries)


def test_an_unknown_kind_of_things_is_not_searched(app: Flask, person: Person):
    api = client(app, person)
    assert api.get("/search?q=lire&kind=item").status_code == 200
    refused = api.get("/search?q=lire&kind=zzz")
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "?kind")


def test_an_unknown_kind_of_review_is_refused(app: Flask, project: Project, person: Person):
    api = client(app, person)
    refused = api.post("/projects/heron/reviews", {"kind": "zzz"})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/kind")


def test_examples_of_the_document_pass(app: Flask, project: Project, person: Person):
    operations = {each.id: each for area in API_AREAS for each in area.operations}
    make.active_sprint(project, number=1)
    project_file.version(project)
    db.session.commit()
    team = client(app, person)
    lead = client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    programme = db.session.get_one(Programme, project.programme_id).slug
    for id_, api, path in (
        ("request_help", team, "/projects/heron/clinics"),
        ("begin_readiness_sheet", team, "/projects/heron/readiness-sheets"),
        ("open_review", team, "/projects/heron/reviews"),
        ("create_project", lead, f"/programmes/{programme}/projects"),
    ):
        answer = api.post(path, build_body_example(operations[id_].body))
        assert answer.status_code == 201, (id_, answer.get_json())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_explains_every_code(app: Flask, language: str):
    texts = [path.read_text() for path in (ROOT / "portal").rglob("*.py")]
    used = {next(filter(None, groups)) for text in texts for groups in REFUSES.findall(text)}
    assert used == set(REASONS)
    page = app.test_client().get("/api", headers={"Accept-Language": language}).text
    for code in {code for code, _sentence in PROBLEMS.values()} | used:
        assert page.count(f'<tr id="{code}">') == 1, code
    assert ("Trier cent courriers" in page) == (language == "fr")


def test_a_body_of_too_many_levels_is_told_so(app: Flask, project: Project, person: Person):
    api = client(app, person)
    for text in ("[" * 200_000, '{"a":' * 50_000):
        refused = api.post("/projects/heron/items", text.encode())
        assert refused.status_code == 400
        assert "emboîte trop" in refused.get_json()["detail"]


def test_an_encoded_body_is_refused_before_it_is_read(app: Flask, project: Project, person: Person):
    api = client(app, person)
    for encoding in ("gzip", "br", "gzip, br", "x"):
        refused = api.post("/projects/heron/items", {"items": []}, content_encoding=encoding)
        assert (refused.status_code, refused.headers["Accept-Encoding"]) == (415, "identity")
        assert refused.get_json()["code"] == "unsupported_type"
    body = {"items": [{"title": "t"}]}
    assert api.post("/projects/heron/items", body, content_encoding="identity").status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [([], ""), ("x", ""), ({"items": [1]}, "/items/0"), ({"items": [{"": 1}]}, "/items/0/")],
)
def test_a_pointer_is_that_of_the_value(
    app: Flask, project: Project, person: Person, body: object, pointer: str
):
    refused = client(app, person).post("/projects/heron/items", body)
    assert refused.status_code == 422
    assert pointer in {error["pointer"] for error in refused.get_json()["errors"]}


def test_answers_say_what_they_vary_by(app: Flask, project: Project, person: Person):
    own = client(app, person).get("/projects").headers["Vary"]
    assert set(own.split(", ")) == {"Authorization", "Accept-Language"}
    page = app.test_client().get("/sign-in").headers["Vary"]
    assert "Cookie" in page
