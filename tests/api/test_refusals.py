"""Refusals of the API: in the reader's language whatever refuses, each code explained on its page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from marshmallow import Schema, fields, validate

from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.platform.kernel.text import LazyString
from portal.platform.web.api_problems import PROBLEMS, REASONS
from portal.platform.web.api_requests import query_schema
from tests.support.api import client

ROOT = Path(__file__).resolve().parents[2]
REFUSES = re.compile(r'ApiRefusal\(\s*\d+,\s*"(\w+)"|answer_problem\([^)]*"(\w+)"|"(overtaken|too_late)"')


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
def test_a_list_is_refused_in_the_readers_language(app: Flask, person: Person, project, language, sentence):
    refused = client(app, person).post("/projects/heron/items", {"items": []}, accept_language=language)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["detail"].startswith(sentence)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_explains_every_code(app: Flask, language: str):
    texts = [path.read_text() for path in (ROOT / "portal").rglob("*.py")]
    used = {next(filter(None, groups)) for text in texts for groups in REFUSES.findall(text)}
    assert used == set(REASONS)
    page = app.test_client().get("/api", headers={"Accept-Language": language}).text
    for code in {code for code, _sentence in PROBLEMS.values()} | used:
        assert page.count(f'<tr id="{code}">') == 1, code
    assert ("Trier cent courriers" in page) == (language == "fr")
