"""Bulk reads: one JSON object a line, of what one reads in a programme, taken up where they stopped."""

import json

import pytest
from flask import Flask

from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import numbered_queries
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import risks
from tests.support.api import ApiClient, client


@pytest.fixture
def place(project: Project) -> str:
    programme = db.session.get_one(Programme, project.programme_id)
    stork = make.project(programme, slug="stork")
    for number in range(1, 6):
        make.item(project, number=number)
        make.item(stork, number=number)
    make.item(make.project(slug="elsewhere"), number=1)
    return f"/programmes/{programme.slug}/items"


def lines(api: ApiClient, path: str) -> list[dict]:
    answer = api.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_a_lead_reads_all_teams_of_the_programme(app: Flask, project: Project, place: str, monkeypatch):
    monkeypatch.setattr(numbered_queries, "BATCH", 3)
    lead = client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    rows = lines(lead, place)
    assert len(rows) == 10
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert lines(lead, f"{place}?after={rows[6]['id']}") == rows[7:]


def test_a_member_reads_their_own_and_a_stranger_nothing(app: Flask, place: str, person: Person):
    assert len(lines(client(app, person), place)) == 5
    stranger = client(app, make.role(make.project(slug="far").id, Role.TEAM_MEMBER))
    refused = stranger.get(place)
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
    assert client(app, person).get(f"{place}?after=x").status_code == 422


def test_every_line_names_its_project(app: Flask, project: Project, place: str):
    lead = client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    make.active_sprint(project, number=1)
    risks.risk(project)
    db.session.commit()
    named = {(row["project"], row["project_id"]) for row in lines(lead, place)}
    slugs = {slug: lead.get(f"/projects/{slug}").get_json()["id"] for slug in (project.slug, "stork")}
    assert named == set(slugs.items())
    for kind in ("sprints", "risks"):
        (row,) = lines(lead, place.replace("items", kind))
        assert (row["project"], row["project_id"]) == (project.slug, slugs[project.slug])


def test_every_stream_documents_the_project_of_a_line():
    streams = [each for area in API_AREAS for each in area.operations if each.is_stream]
    assert len(streams) >= 24
    for operation in streams:
        assert {"project", "project_id"} <= operation.answer().dump_fields.keys(), operation.id
