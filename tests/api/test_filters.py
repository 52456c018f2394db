"""Parameters of reads: choices are named, days refused alike, roles told what is not theirs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, ValidationError, fields, validate

from portal.app.application.features import API_AREAS
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.api_operations import ApiOperation
from portal.platform.web.api_requests import query_schema
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import ApiClient, client
from tests.support.health import known

OPERATIONS = [operation for area in API_AREAS for operation in area.operations]
OF_A_DAY = [each for each in OPERATIONS if each.query and "on" in each.query._declared_fields]
COMPARISON = "/programmes/ami/portfolio/comparison"
CONCERNS = "/programmes/ami/concerns"


@pytest.fixture
def programme(app: Flask) -> Programme:
    return make.programme(slug="ami", starts_on=clock.today() - timedelta(days=100))


@pytest.fixture
def project(programme: Programme) -> Project:
    return make.project(programme, slug="heron", starts_on=clock.today() - timedelta(days=60))


@pytest.fixture
def lead(app: Flask, project: Project) -> ApiClient:
    person = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    make.role(project.programme_id, Role.OPERATOR, person)
    return client(app, person)


def problem_of(api: ApiClient, path: str) -> tuple[list[str], str]:
    """Return the pointers of a refusal, and the sentence of its first error."""
    refused = api.get(path)
    assert refused.status_code == 422, (path, refused.get_data(as_text=True)[:300])
    errors = refused.get_json()["errors"]
    return [each["pointer"] for each in errors], errors[0]["detail"]


def choices_of(schema: Schema) -> Iterator[tuple[fields.Field[Any], list[str]]]:
    """Yield the fields that are a choice, in lists, mappings and nested schemas too, with their values."""
    pending = list(schema.load_fields.values())
    while pending:
        field = pending.pop()
        if isinstance(field, fields.List):
            pending.append(field.inner)
        elif isinstance(field, fields.Dict):
            pending += [part for part in (field.key_field, field.value_field) if part is not None]
        elif isinstance(field, fields.Nested):
            pending += field.schema.load_fields.values()
        narrowed = next((each.choices for each in field.validators if isinstance(each, validate.OneOf)), None)
        if narrowed is None and isinstance(field, fields.Enum):
            narrowed = list(field.enum)
        if narrowed is not None:
            values = [str(getattr(each, "value", each)) for each in narrowed if each not in {None, ""}]
            yield field, values


def test_every_choice_names_its_values(app: Flask):
    schemas = {query_schema(each) for each in OPERATIONS} | {each.body for each in OPERATIONS if each.body}
    choices = [pair for schema in schemas for pair in choices_of(schema())]
    assert len(choices) > 100
    with app.test_request_context():
        for field, values in choices:
            wrong = "zzz" if isinstance(field, fields.String) or not values[-1].isdecimal() else -7
            with pytest.raises(ValidationError) as refused:
                field.deserialize(wrong)
            said = refused.value.messages
            sentences = [str(each) for each in said] if isinstance(said, list) else [str(said)]
            sentence = next((each for each in sentences if each.startswith("Choisissez parmi")), "")
            assert sentence.partition("\u00a0: ")[2] == f"{', '.join(values)}.", (field.name, sentences)


def test_filters_name_what_they_take(lead: ApiClient):
    path = "/projects/heron/items?kind=zzz"
    pointers, sentence = problem_of(lead, path)
    assert (pointers, sentence) == (
        ["?kind"],
        "Choisissez parmi\u00a0: story, data, model, test_finding, retro_action, bug.",
    )
    english = lead.get(path, accept_language="en").get_json()["errors"][0]["detail"]
    assert english == "Choose one of: story, data, model, test_finding, retro_action, bug."
    assert "true, false" in problem_of(lead, "/projects/heron/findings?harm=1")[1]
    assert "strategic" in problem_of(lead, f"{CONCERNS}?track=zzz")[1]
    for path in ("/to-decide?kind=zzz", "/search?q=lire&kind=zzz", "/notifications?kind=zzz"):
        assert problem_of(lead, path)[1].startswith("Choisissez parmi"), path


@pytest.mark.parametrize("operation", OF_A_DAY, ids=lambda each: each.id)
def test_a_day_without_figures_is_refused_alike(lead: ApiClient, project: Project, operation: ApiOperation):
    known(project)
    path = operation.path.replace("<programme>", "ami").replace("<slug>", "heron")
    today, teams = clock.today(), "&teams=heron" if path == COMPARISON else ""
    first = project.starts_on if "heron" in path else today - timedelta(days=100)
    for day, reason in (
        (today + timedelta(days=1), "pas encore"),
        (first - timedelta(days=1), "commence le"),
    ):
        pointers, sentence = problem_of(lead, f"{path}?on={day}{teams}")
        assert pointers == ["?on"]
        assert reason in sentence
    assert lead.get(f"{path}?on={today}{teams}").status_code == 200
    assert lead.get(f"{path}?on={first - timedelta(days=9000)}{teams}").status_code == 422
    described = query_schema(operation)().fields["on"].metadata["description"]
    assert "422" in described


def test_the_operations_of_a_day(project: Project):
    assert len(OF_A_DAY) == 8


def test_unknown_and_hidden_teams_are_refused_in_the_same_words(
    app: Flask, lead: ApiClient, programme: Programme, project: Project
):
    make.project(programme, slug="crane")
    coach = client(app, make.role(project.id, Role.COACH))
    db.session.commit()
    assert len(lead.get(f"{COMPARISON}?teams=heron,crane").get_json()["data"]) == 2
    hidden, unknown = (problem_of(coach, f"{COMPARISON}?teams=heron,{slug}") for slug in ("crane", "zz"))
    assert hidden[0] == unknown[0] == ["?teams"]
    assert hidden[1].replace("crane", "zz") == unknown[1]
    assert problem_of(lead, f"{COMPARISON}?teams=,")[0] == ["?teams"]


def test_a_filter_on_what_a_role_does_not_see_is_refused(app: Flask, lead: ApiClient, project: Project):
    observer, operator, coach = (
        client(app, make.role(scope, role))
        for scope, role in (
            (project.programme_id, Role.OBSERVER),
            (project.programme_id, Role.OPERATOR),
            (project.id, Role.COACH),
        )
    )
    db.session.commit()
    for api in (observer, operator):
        pointers, sentence = problem_of(api, f"{CONCERNS}?risks=overdue")
        assert (pointers, sentence) == (["?risks"], "Votre rôle ne permet pas ce filtre.")
        assert api.get(f"{CONCERNS}?risks=high&ethics=waiting").status_code == 200
    assert problem_of(operator, f"{CONCERNS}?ethics=conditions")[0] == ["?ethics"]
    for api in (lead, coach):
        assert api.get(f"{CONCERNS}?risks=overdue&ethics=conditions").status_code == 200


@pytest.mark.parametrize("teams", [0, 1])
def test_a_programme_without_an_active_team_refuses_no_filter(app: Flask, programme: Programme, teams: int):
    for _ in range(teams):
        make.project(programme, slug="heron", paused_on=clock.today())
    lead = client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    assert lead.get(f"{CONCERNS}?risks=overdue&ethics=conditions").get_json()["data"] == []
