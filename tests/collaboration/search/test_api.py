"""Search by a token: what its areas hold, by pages of the asked length."""

import pytest
from flask import Flask

from portal.app.application.features import FEATURES, KIND_AREAS
from portal.coaching.coach_notes import commands as coach_notes
from portal.collaboration.discussions import commands as discussions
from portal.collaboration.search.search import SearchSource
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.api import ApiClient, client


@pytest.fixture
def coach(app: Flask) -> Person:
    """A coach who reads a note and a message with one word."""
    project = make.project(slug="heron")
    person = make.holder(Role.COACH, project)
    coach_notes.write_note(make.actor(person), project, "Un canari entre coachs.")
    agent = make.actor(make.holder(Role.TEAM_MEMBER, project))
    discussions.start_thread(agent, make.sprint(project).discussion_id, "Un canari pour tous.")
    db.session.commit()
    return person


def kinds_of(api: ApiClient) -> list[str]:
    return [row["kind"] for row in api.get("/search?q=canari").get_json()["data"]]


def test_a_token_finds_what_its_areas_hold(app: Flask, coach: Person):
    assert sorted(kinds_of(client(app, coach))) == ["coach_note", "comment"]
    assert kinds_of(client(app, coach, areas=("personal",))) == []
    assert kinds_of(client(app, coach, areas=("personal", "discussions"))) == ["comment"]
    narrow = client(app, coach, areas=("personal", "coaching"))
    assert kinds_of(narrow) == ["coach_note"]
    assert narrow.get("/search?q=canari&kind=coach_note").status_code == 200
    refused = narrow.get("/search?q=canari&kind=comment")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "insufficient_scope")


def test_every_kind_is_of_one_area(app: Flask):
    for feature in FEATURES:
        areas = {area.name for area in feature.api}
        for source in (each for each in feature.search if isinstance(each, SearchSource)):
            assert areas == {KIND_AREAS.areas[source.kind]}, source.kind


def test_a_page_of_hits_has_the_asked_length(app: Flask, coach: Person):
    api = client(app, coach)
    first = api.get("/search?q=canari&limit=1").get_json()
    second = api.get(f"/search?q=canari&limit=1&cursor={first['next_cursor']}").get_json()
    whole = api.get("/search?q=canari").get_json()
    assert len(first["data"]) == len(second["data"]) == 1
    assert first["data"] + second["data"] == whole["data"]
    assert second["next_cursor"] is whole["next_cursor"] is None
