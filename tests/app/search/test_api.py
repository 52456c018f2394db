"""Search by a token: what its areas hold, by pages of the asked length."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.app.application.features import FEATURES, KIND_AREAS
from portal.coaching.coach_notes import commands as coach_notes
from portal.collaboration.discussions import commands as discussions
from portal.collaboration.search.commands import rebuild_search_index
from portal.collaboration.search.search import SearchSource
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import ApiClient, client
from tests.support.project_file import assumption


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


def kinds_of(api: ApiClient, filters: str = "") -> list[str]:
    return [row["kind"] for row in api.get(f"/search?q=canari{filters}").get_json()["data"]]


def test_a_token_finds_what_its_areas_hold(app: Flask, coach: Person):
    assert sorted(kinds_of(client(app, coach))) == ["coach_note", "comment"]
    assert kinds_of(client(app, coach, areas=("personal",))) == []
    assert kinds_of(client(app, coach, areas=("personal", "discussions"))) == ["comment"]
    narrow = client(app, coach, areas=("personal", "coaching"))
    assert kinds_of(narrow) == ["coach_note"]
    assert narrow.get("/search?q=canari&kind=coach_note").status_code == 200
    refused = narrow.get("/search?q=canari&kind=comment")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "insufficient_scope")


def test_a_period_narrows_and_a_day_that_is_none_is_refused(app: Flask, coach: Person):
    api = client(app, coach)
    today = clock.today()
    assert len(api.get(f"/search?q=canari&since={today}&until={today}").get_json()["data"]) == 2
    assert api.get(f"/search?q=canari&until={today - timedelta(days=2)}").get_json()["data"] == []
    for name in ("since", "until"):
        refused = api.get(f"/search?q=canari&{name}=2026-02-31")
        assert refused.status_code == 422
        assert [each["pointer"] for each in refused.get_json()["errors"]] == [f"?{name}"]


def test_a_team_an_author_and_an_order_narrow_as_on_the_page(app: Flask, coach: Person):
    api = client(app, coach)
    assert len(api.get("/search?q=canari&team=heron").get_json()["data"]) == 2
    assert kinds_of(api, f"&author={coach.handle}") == kinds_of(api, f"&author=@{coach.handle}")
    assert kinds_of(api, f"&author={coach.handle}") == ["coach_note"]
    assert kinds_of(api, "&team=nulle-part") == kinds_of(api, "&author=nul") == []
    assert kinds_of(api, "&order=newest") == ["comment", "coach_note"]
    assert api.get("/search?q=canari&order=oldest").status_code == 422


def test_what_cannot_be_searched_is_refused_with_the_sentence_of_the_page(app: Flask, coach: Person):
    api = client(app, coach)
    for typed, why in (("a", "deux lettres"), ("-commune", "ajoutez un mot"), ("!!", "aucun mot")):
        refused = api.get(f"/search?q={typed}")
        assert refused.status_code == 422
        (error,) = refused.get_json()["errors"]
        assert error["pointer"] == "?q"
        assert why in error["detail"], error


def test_a_hit_says_its_state_in_words(app: Flask, coach: Person):
    project = db.session.scalars(sa.select(Project)).one()
    assumption(project, statement="Un canari siffle.")
    rebuild_search_index()
    db.session.commit()
    rows = client(app, coach).get("/search?q=canari siffle").get_json()["data"]
    assert [(row["kind"], row["state"]) for row in rows] == [("assumption", "Ouverte")]
    assert rows[0]["page"].endswith("#assumption-1")


def test_every_kind_is_of_an_area_of_its_feature(app: Flask):
    for feature in FEATURES:
        areas = {area.name for area in feature.api}
        for source in (each for each in feature.search if isinstance(each, SearchSource)):
            assert KIND_AREAS.areas[source.kind] in areas, source.kind


def test_a_page_of_hits_has_the_asked_length(app: Flask, coach: Person):
    api = client(app, coach)
    first = api.get("/search?q=canari&limit=1").get_json()
    second = api.get(f"/search?q=canari&limit=1&cursor={first['next_cursor']}").get_json()
    whole = api.get("/search?q=canari").get_json()
    assert len(first["data"]) == len(second["data"]) == 1
    assert first["data"] + second["data"] == whole["data"]
    assert second["next_cursor"] is whole["next_cursor"] is None
