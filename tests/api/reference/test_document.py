"""The OpenAPI document is the committed one, and no change breaks a client unnoticed."""

import copy
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from portal.api.reference.compatibility_rules import list_breaking_changes
from portal.api.reference.example_documents import build_body_example
from portal.app.application.features import API_AREAS
from portal.platform.web.api_requests import FORM_TYPE
from tests.support.api import ApiClient
from tools import openapi

SPRINTS = "/projects/{slug}/sprints"
COMMITTED = json.loads(openapi.FILE.read_text())


def test_the_committed_document_is_that_of_the_code():
    assert openapi.FILE.read_text() == openapi.write_text(), "run: python -m tools.openapi"


def test_every_operation_says_what_it_does_and_takes_its_own_example():
    operations = [each for area in API_AREAS for each in area.operations]
    assert all(each.summary.endswith(".") for each in operations)
    assert len({each.id for each in operations}) == len(operations)
    for each in operations:
        if each.body:
            each.body().load(build_body_example(each.body))


def contents_of(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (media type, content) of the body and the success of an operation."""
    yield from described.get("requestBody", {}).get("content", {}).items()
    for status, answer in described["responses"].items():
        if status.startswith("2"):
            yield from answer.get("content", {}).items()


def test_every_operation_has_a_summary_of_its_own():
    summaries = Counter(each["summary"] for path in COMMITTED["paths"].values() for each in path.values())
    assert [summary for summary, count in summaries.items() if count > 1] == []


def test_every_body_and_answer_has_an_example_that_follows_its_schema():
    count = 0
    for each in (each for path in COMMITTED["paths"].values() for each in path.values()):
        for kind, content in contents_of(each):
            if kind in {FORM_TYPE, "*/*"}:  # files
                continue
            count += 1
            assert content["example"] != {} or each["operationId"] == "get_openapi", each["operationId"]
            schema = content["schema"] | {"components": COMMITTED["components"]}
            faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(content["example"])]
            assert faults == [], each["operationId"]
    assert count > 700


def test_everybody_may_read_it(app: Flask):
    answer = ApiClient(app, "").get("/openapi.json")
    assert answer.get_json()["paths"].keys() == COMMITTED["paths"].keys()


def change(path: list[str], value: object) -> dict:
    """Return the committed document with another value at a path; None removes it."""
    changed = copy.deepcopy(COMMITTED)
    part = changed
    for name in path[:-1]:
        part = part[name]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return changed


PLAN = ["components", "schemas", "SprintPlan"]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["paths", SPRINTS, "post"], None, "is gone"),
        (["paths", SPRINTS, "post", "operationId"], "plan", "has another operationId"),
        (["paths", SPRINTS, "post", "responses"], {"200": {}}, "no longer answers 201"),
        (["paths", SPRINTS, "get", "parameters"], [], "parameter limit is gone"),
        ([*PLAN, "required"], ["ends_on", "goal", "starts_on", "capacity"], "body.capacity is required now"),
        ([*PLAN, "properties", "goal", "maxLength"], 20, "body.goal has a narrower maxLength"),
        ([*PLAN, "properties", "capacity", "type"], "integer", "body.capacity has another type"),
        (["components", "schemas", "Sprint", "properties", "state"], None, "answer.state is gone"),
        (
            ["components", "schemas", "ChangeItemState", "properties", "state", "enum"],
            ["done"],
            "takes fewer values",
        ),
    ],
)
def test_what_breaks_a_client_is_found(path: list[str], value: object, fault: str):
    assert any(line.endswith(fault) for line in list_breaking_changes(COMMITTED, change(path, value)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["paths", "/new"], {"get": {}}),
        ([*PLAN, "properties", "colour"], {"type": "string"}),
        ([*PLAN, "properties", "goal", "maxLength"], 2000),
        (["components", "schemas", "Sprint", "properties", "colour"], {"type": "string"}),
    ],
)
def test_what_breaks_nobody_passes(path: list[str], value: object):
    assert list_breaking_changes(COMMITTED, change(path, value)) == []


def test_a_type_where_none_was_told_breaks_nobody():
    before = change(["components", "schemas", "Sprint", "properties", "state", "type"], None)
    assert list_breaking_changes(before, COMMITTED) == []


def enumerations_of(part: Any) -> Iterator[dict[str, Any]]:
    """Yield all schemas of a part of the document that name their values."""
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            yield part
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from enumerations_of(each)


def test_every_choice_has_a_type():
    assert {"string", "integer"} < {str(each.get("type")) for each in enumerations_of(COMMITTED)}
    assert [each for each in enumerations_of(COMMITTED) if not each.get("type")] == []
    assert all((None in each["enum"]) == ("null" in each["type"]) for each in enumerations_of(COMMITTED))


def test_it_is_sent_compressed_and_once(app: Flask):
    api = ApiClient(app, "")
    plain = api.get("/openapi.json")
    for encoding, decompress in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        sent = api.get("/openapi.json", accept_encoding=encoding)
        assert (sent.headers["Content-Encoding"], sent.headers["Vary"]) == (encoding, "Accept-Encoding")
        assert decompress(sent.get_data()) == plain.get_data()
        assert len(sent.get_data()) < len(plain.get_data()) / 10
        assert sent.headers["Cache-Control"] == "public, max-age=300"
        again = api.get("/openapi.json", accept_encoding=encoding, if_none_match=sent.headers["ETag"])
        assert (again.status_code, again.get_data()) == (304, b"")
        assert api.get("/openapi.json", if_none_match=sent.headers["ETag"]).status_code == 200


def test_a_version_is_asked_for_by_its_name(app: Flask):
    api = ApiClient(app, "")
    version = COMMITTED["info"]["version"]
    assert api.get(f"/openapi.json?version={version}").get_json()["info"]["version"] == version
    assert api.get("/openapi.json?version=2020-01-01").status_code == 422


def test_every_reference_leads_somewhere():
    def references_in(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            part = list(part.values())
        for each in part if isinstance(part, list) else ():
            yield from references_in(each)

    for reference in set(references_in(COMMITTED)):
        target = COMMITTED
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]


def test_what_is_created_says_where():
    created = [
        each for path in COMMITTED["paths"].values() for each in path.values() if "201" in each["responses"]
    ]
    assert len(created) > 50
    assert all("Location" in each["responses"]["201"]["headers"] for each in created)
    assert all(
        "API-Version" in answer["headers"]
        for path in COMMITTED["paths"].values()
        for each in path.values()
        for status, answer in each["responses"].items()
        if status.startswith("2")
    )
