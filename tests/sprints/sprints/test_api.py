"""Sprints by the API: a step is undone at the version that was read; a draft is the team's."""

import json
from datetime import timedelta

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import BlockerKind
from tests.support import api
from tests.support import factories as make

SPRINTS = "/projects/heron/sprints"


def test_a_start_is_undone_within_the_hour(app):
    project = make.project(slug="heron")
    client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    days = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=13)}
    plan = {"goal": "Lire"} | {name: day.isoformat() for name, day in days.items()}
    assert client.post(SPRINTS, plan).status_code == 201
    started = client.post(f"{SPRINTS}/1/start", {})
    assert (started.status_code, started.get_json()["state"]) == (200, "active")
    assert client.post(f"{SPRINTS}/1/undo").status_code == 428
    assert client.post(f"{SPRINTS}/1/undo", if_match='"99"').status_code == 412
    undone = client.post(f"{SPRINTS}/1/undo", if_match=started.headers["ETag"])
    assert (undone.status_code, undone.get_json()["state"]) == (200, "planned")
    assert client.post(f"{SPRINTS}/1/undo", if_match=undone.headers["ETag"]).status_code == 403


DRAFT = {"summary": "La lecture va bien", "blocker": "data_access", "blocker_text": "Rien reçu"}


def test_a_draft_is_read_by_the_team_alone_until_the_close(app):
    project = make.project(slug="heron")
    client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    reader = api.client(app, make.role(project.id, Role.COACH))
    sprint = make.active_sprint(project)
    make.item(project, sprint, number=1)
    db.session.commit()
    path = f"{SPRINTS}/{sprint.number}"
    etag = client.get(f"{path}/draft").headers["ETag"]
    body = DRAFT | {"spills": [{"item": 1, "to": "kept"}]}
    saved = client.put(f"{path}/draft", body, if_match=etag)
    assert saved.status_code == 200, saved.get_json()
    assert saved.get_json()["spills"] == [{"item": 1, "to": "kept"}]
    assert client.put(f"{path}/draft", body, if_match=etag).status_code == 412
    read = client.get(f"{path}/draft")
    assert (read.get_json()["summary"], read.headers["ETag"]) == (DRAFT["summary"], saved.headers["ETag"])
    assert reader.get(f"{path}/draft").status_code == 403
    slug = db.session.get(Programme, project.programme_id).slug
    for asks in (client, reader):
        shown = [asks.get(path).get_json(), *asks.get(SPRINTS).get_json()["data"]]
        shown += [json.loads(line) for line in asks.get(f"/programmes/{slug}/sprints").text.splitlines()]
        assert len(shown) == 3
        assert {(row["summary"], row["blocker"], row["blocker_text"]) for row in shown} == {("", "none", "")}
    log = DRAFT | {"outcome": "met"}
    closed = client.post(f"{path}/close", log, if_match=read.headers["ETag"])
    assert closed.get_json()["summary"] == reader.get(path).get_json()["summary"] == DRAFT["summary"]


def test_help_that_was_asked_for_is_read_while_the_sprint_runs(app):
    project = make.project(slug="heron")
    reader = api.client(app, make.role(project.id, Role.COACH))
    asked = {"help_asked_at": clock.now(), "help_wanted": True, "summary": "Brouillon"}
    sprint = make.active_sprint(project, blocker=BlockerKind.DATA_ACCESS, blocker_text="Rien reçu", **asked)
    db.session.commit()
    shown = reader.get(f"{SPRINTS}/{sprint.number}").get_json()
    assert (shown["help_wanted"], shown["blocker_text"], shown["summary"]) == (True, "Rien reçu", "")


def test_a_close_keeps_what_it_does_not_name(app):
    project = make.project(slug="heron")
    team = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    sprint = make.active_sprint(project, number=1)
    make.item(project, sprint, number=1)
    db.session.commit()
    path, clinics = f"{SPRINTS}/1", "/projects/heron/clinics"
    etag = team.get(f"{path}/draft").headers["ETag"]
    draft = {"learnt": "Trop tôt", "outlook_note": "Rien", "spills": [{"item": 1, "to": "dropped"}]}
    assert team.put(f"{path}/draft", draft, if_match=etag).status_code == 200
    help_ = {"blocker": "it", "blocker_text": "Les clés"}
    version = team.get(path).get_json()["version"]
    assert team.post(clinics, help_ | {"sprint_version": version}).status_code == 201
    etag = team.get(path).headers["ETag"]
    body = {"outcome": "partly", "summary": "La moitié", "outlook_note": ""}
    closed = team.post(f"{path}/close", body, if_match=etag).get_json()
    expected = help_ | {"help_wanted": True, "learnt": "Trop tôt", "outlook_note": "", "summary": "La moitié"}
    assert {name: closed[name] for name in expected} == expected
    assert team.get("/projects/heron/items/1").get_json()["gone_at"]


def test_a_close_that_names_a_blocker_away_keeps_its_words(app):
    project = make.project(slug="heron")
    team = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    make.active_sprint(project, number=1, blocker=BlockerKind.IT, blocker_text="Les clés")
    db.session.commit()
    body = {"outcome": "met", "summary": "Fini", "blocker": "none"}
    closed = team.post(f"{SPRINTS}/1/close", body, if_match='"1"')
    assert (closed.status_code, closed.get_json()["blocker_text"]) == (200, "Les clés")
