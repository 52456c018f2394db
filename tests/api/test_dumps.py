"""Compiled schemas write what marshmallow writes."""

from datetime import UTC, date, datetime
from enum import StrEnum
from types import SimpleNamespace
from uuid import uuid4

import pytest
from marshmallow import fields

from portal.app.application.features import API_AREAS
from portal.platform.web.api_dumps import dumper_of
from portal.platform.web.api_fields import ApiSchema, choice, day, decimal, flag, id_, integer, line, moment
from tests.support.api import client


class Colour(StrEnum):
    RED = "rouge"


class EveryFieldSchema(ApiSchema):
    id = id_()
    title = line(9)
    points = integer(0, 9)
    share = decimal(9)
    done = flag()
    colour = choice(Colour)
    on = day()
    at = moment()
    anything = fields.Raw()
    other = line(9, attribute="elsewhere")


VALUES = {
    "id": uuid4(),
    "title": "Lire",
    "points": 3,
    "share": 0.5,
    "done": True,
    "colour": Colour.RED,
    "on": date(2026, 11, 28),
    "at": datetime(2026, 11, 28, 12, tzinfo=UTC),
    "anything": {"a": [1]},
    "elsewhere": "là",
}


@pytest.mark.parametrize("values", [VALUES, dict.fromkeys(VALUES), {"title": "seul"}])
@pytest.mark.parametrize("kind", [dict, SimpleNamespace])
def test_a_row_and_a_mapping_are_written_alike(values, kind):
    row = kind(**values if kind is dict else dict.fromkeys(VALUES) | values)
    assert dumper_of(EveryFieldSchema)(row) == EveryFieldSchema().dump(row)


def test_most_answers_are_compiled_and_all_agree_on_an_empty_row():
    schemas = {each.answer for area in API_AREAS for each in area.operations if each.answer}
    compiled = [
        schema
        for schema in schemas
        if dumper_of(schema).__name__ == "dump" and not hasattr(dumper_of(schema), "__self__")
    ]
    assert len(compiled) > len(schemas) / 2
    for schema in compiled:
        empty = dict.fromkeys(schema().fields)
        assert dumper_of(schema)(empty) == schema().dump(empty)


def test_a_new_comment_is_not_read_back_for_its_answer(app, project, person, statements):
    api, discussion = client(app, person), project.discussion_id
    for _ in range(2):  # the second time with warm caches
        statements.clear()
        answer = api.post(f"/discussions/{discussion}/comments", {"body": "Voici."})
    assert answer.get_json()["edited_at"] is None
    own = [sent for sent in statements if "comment.edited_at" in sent.partition(" FROM ")[0]]
    assert own == []
    assert len(statements) <= 16, statements
