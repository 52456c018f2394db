"""What pages show and machines read: filters, histories, figures of tests, teams, bulk reads."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import gates, user_tests
from tests.support.api import ApiClient, client

HERON = "/projects/heron"


@pytest.fixture
def project(app: Flask) -> Project:
    return make.project(make.programme(slug="ami"), slug="heron")


@pytest.fixture
def api(app: Flask, person: Person) -> ApiClient:
    return client(app, person)


@pytest.fixture
def lead(app: Flask, project: Project) -> ApiClient:
    return client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))


def data_of(api: ApiClient, path: str) -> list[dict[str, Any]]:
    answer = api.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    rows: list[dict[str, Any]] = answer.get_json()["data"]
    return rows


def pointers_of(api: ApiClient, path: str) -> list[str]:
    answer = api.get(path)
    assert answer.status_code == 422, path
    return [error["pointer"] for error in answer.get_json()["errors"]]


def lines_of(api: ApiClient, path: str) -> list[dict[str, Any]]:
    answer = api.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_findings_are_narrowed_as_on_their_page(api: ApiClient, person: Person, project: Project):
    round_ = user_tests.over(project)
    user_tests.finding(round_, number=1, severity=4, owner_id=person.id)
    user_tests.finding(round_, number=2, severity=1, is_harm=True)
    user_tests.finding(round_, number=3, severity=None)
    db.session.commit()
    assert api.post(f"{HERON}/findings/2/settle", {"reason": "r"}, if_match='"1"').status_code == 200
    numbers = {
        "": [1, 2, 3],
        "state=open": [1, 3],
        "state=closed": [2],
        "state=settled": [2],
        "severity=severe": [1],
        "severity=unrated": [3],
        "severity=1": [2],
        "harm=true": [2],
        f"round={round_.number}": [1, 2, 3],
        "round=99": [],
        f"owner={person.id}": [1],
        "owner=nobody&state=open": [3],
        "state=all": [1, 2, 3],
    }
    for query, expected in numbers.items():
        shown = [row["number"] for row in data_of(api, f"{HERON}/findings?{query}")]
        assert shown == expected, query
    for query in ("state=gone", "severity=9", "harm=1", "owner=me", "sort=age"):
        assert pointers_of(api, f"{HERON}/findings?{query}") == [f"?{query.split('=')[0]}"], query


def test_items_are_narrowed_to_who_does_them(api: ApiClient, person: Person, project: Project):
    make.item(project, number=1, assignee_id=person.id)
    make.item(project, number=2)
    db.session.commit()
    assert [row["number"] for row in data_of(api, f"{HERON}/items?assignee={person.id}")] == [1]
    assert [row["number"] for row in data_of(api, f"{HERON}/items?assignee=nobody")] == [2]


def test_a_portfolio_is_narrowed_as_on_its_page(lead: ApiClient, project: Project):
    programme = db.session.get_one(Programme, project.programme_id)
    make.project(programme, slug="stork", organisation="Préfecture")
    coach = make.role(programme.id, Role.COACH, make.role(project.id, Role.COACH))
    db.session.commit()
    path = "/programmes/ami/portfolio"

    def slugs(query: str) -> list[str]:
        return [row["slug"] for row in data_of(lead, f"{path}?{query}")]

    assert sorted(slugs("")) == ["heron", "stork"]
    assert slugs("organisation=prefecture") == ["stork"]
    assert slugs(f"coach={coach.id}") == ["heron"]
    assert slugs("state=stopped") == []
    assert len(slugs("sort=organisation&health=unknown")) == 2
    assert pointers_of(lead, f"{path}?coach={make.person().id}") == ["?coach"]
    assert pointers_of(lead, f"{path}?track=none") == ["?track"]
    assert pointers_of(lead, f"{path}?gate=22") == ["?gate"]
    assert pointers_of(lead, f"{path}?attention=none&page=2") == ["?attention", "?page"]


def test_notifications_are_narrowed_to_a_kind_and_a_place(api: ApiClient, project: Project):
    assert data_of(api, f"/notifications?scope_id={project.id}") == []
    assert pointers_of(api, "/notifications?kind=none") == ["?kind"]


def test_what_waits_is_narrowed_to_a_turn_a_kind_and_a_programme(lead: ApiClient, api: ApiClient):
    assert api.post(f"{HERON}/decisions", {"question": "Qui héberge\u00a0?"}).status_code == 201
    everything = data_of(lead, "/to-decide")
    assert [row["kind"] for row in everything] == ["decisions"]
    assert data_of(lead, "/to-decide?kind=decisions&programme=ami&show=nobody") == everything
    assert data_of(lead, "/to-decide?show=mine") == data_of(lead, "/to-decide?kind=gates") == []
    assert pointers_of(lead, "/to-decide?kind=none") == ["?kind"]
    assert lead.get("/to-decide?programme=none").status_code == 404


def test_a_history_says_who_changed_what(api: ApiClient, person: Person):
    assert api.post(f"{HERON}/risks", RISK).status_code == 201
    assert api.ask("PUT", f"{HERON}/risks/1", RISK | {"severity": 4}, if_match='"1"').status_code == 200
    latest, first = data_of(api, f"{HERON}/risks/1/history")
    assert (first["action"], latest["action"]) == ("risk.noted", "risk.changed")
    assert latest["actor_id"] == str(person.id)
    assert latest["changes"] == [{"field": "severity", "before": 3, "after": 4}]
    assert data_of(api, f"{HERON}/risks/1/history?limit=1") == [latest]


RISK = {"what": "Un biais", "affected": "Les usagers", "likelihood": 3, "severity": 3}


def test_figures_of_rounds_are_those_of_their_pages(api: ApiClient, project: Project, person: Person):
    user_tests.one_of_each(project, person)
    db.session.commit()
    trends = data_of(api, f"{HERON}/task-trends")
    assert {rounds["round"] for trend in trends for rounds in trend["rounds"]}
    (first, *_others) = trends
    assert first["rounds"][0]["figures"].keys() >= {"completion", "time", "ease", "errors", "helped"}
    data_of(api, f"{HERON}/scale-trends")
    assert api.get(f"{HERON}/round-comparison?before=1").status_code == 422
    assert api.get(f"{HERON}/round-comparison?before=1&after=1").status_code == 404


def test_bulk_reads_of_sessions_hold_measures_and_no_note(
    app: Flask, api: ApiClient, lead: ApiClient, project: Project, person: Person
):
    round_ = user_tests.over(project)
    doing = user_tests.task(round_, number=7)
    held = user_tests.session(round_, person, number=9, notes="Il a hésité.")
    user_tests.result(held, doing, seconds=42, notes="Deux fois.")
    user_tests.answers(held, 4, 2, by=person)
    db.session.commit()
    path = "/programmes/ami/sessions"
    rows = lines_of(api, path)
    (row,) = [row for row in rows if row["number"] == 9]
    assert [(each["task"], each["seconds"]) for each in row["results"]] == [(7, 42)]
    assert [each["value"] for each in row["answers"]] == [4, 2]
    assert not {"notes", "observer_id"} & {*row, *row["results"][0]}
    assert row["project_id"] == str(project.id)
    assert lines_of(api, f"{path}?after={rows[-1]['id']}") == []
    assert lines_of(lead, path) == []  # raw rows are for teams and their coaches


def test_bulk_reads_of_gates_name_their_projects(lead: ApiClient, api: ApiClient, project: Project):
    stork = make.project(db.session.get_one(Programme, project.programme_id), slug="stork")
    db.session.commit()
    rows = lines_of(lead, "/programmes/ami/gate-states")
    assert {row["project"] for row in rows} == {"heron", "stork"}
    own = [row["gate"] for row in rows if row["project"] == "heron"]
    assert own == data_of(lead, f"{HERON}/gates")
    assert {row["project"] for row in lines_of(api, "/programmes/ami/gate-states")} == {"heron"}
    first, last = sorted([project.id, stork.id])
    later = lines_of(lead, f"/programmes/ami/gate-states?after={first}&on={clock.today()}")
    assert {row["project_id"] for row in later} == {str(last)}


def test_a_stream_of_gates_asks_as_much_for_many_projects(
    app: Flask, lead: ApiClient, project: Project, statements: list[str]
):
    programme = db.session.get_one(Programme, project.programme_id)
    gates.one_of_each(project, make.closed_sprint(project), make.person(), make.person())
    db.session.commit()
    path = f"/programmes/ami/gate-states?on={clock.today() - timedelta(days=1)}"
    lines_of(lead, path)
    statements.clear()
    lines_of(lead, path)
    alone = len(statements)
    for number in range(3):
        make.project(programme, slug=f"p-{number}")
    db.session.commit()
    statements.clear()
    assert len({row["project"] for row in lines_of(lead, path)}) > 1
    assert len(statements) == alone


def test_reports_are_read_in_a_language(api: ApiClient, project: Project):
    round_ = user_tests.over(project)
    db.session.commit()
    for path in (f"{HERON}/rounds/{round_.number}/report", f"{HERON}/outcome"):
        french, english = api.get(f"{path}/fr").get_json(), api.get(f"{path}/en").get_json()
        assert (french["language"], english["language"]) == ("fr", "en")
        assert french["parts"][0]["title"] != english["parts"][0]["title"]
        assert api.get(f"{path}/de").status_code == 404


def test_threads_and_unread_comments_of_a_project(api: ApiClient, lead: ApiClient):
    discussion = api.get(HERON).get_json()["discussion_id"]
    assert (
        lead.post(f"/discussions/{discussion}/comments", {"body": "Où en êtes-vous\u00a0?"}).status_code
        == 201
    )
    (thread,) = data_of(api, f"{HERON}/threads")
    assert (thread["body"], thread["comments"], thread["unread"]) == ("Où en êtes-vous\u00a0?", 1, 1)
    (comment,) = data_of(api, f"{HERON}/unread-comments")
    assert comment["comment_id"] == thread["comment_id"]
    assert data_of(lead, f"{HERON}/unread-comments") == []


def test_an_observer_reads_of_the_register_what_its_page_shows(app: Flask, project: Project, lead: ApiClient):
    observer = client(app, make.role(project.programme_id, Role.OBSERVER))
    path = "/programmes/ami/review-register"
    assert data_of(lead, f"{path}?nobody=true") == []
    assert pointers_of(observer, f"{path}?nobody=true") == ["?nobody"]


def test_open_issues_coaches_and_timeline(lead: ApiClient, api: ApiClient, project: Project):
    round_ = user_tests.over(project)
    coach = make.role(project.id, Role.COACH)
    db.session.commit()
    found = {"what": "La carte ment.", "severity": 4, "round": round_.number}
    assert api.post(f"{HERON}/findings", found).status_code == 201
    (team,) = data_of(lead, "/programmes/ami/concerns")
    assert (team["slug"], team["catastrophic"]) == ("heron", 1)
    assert data_of(lead, "/programmes/ami/concerns?severity=severe&sheet=published") == []
    assert pointers_of(lead, "/programmes/ami/concerns?track=none") == ["?track"]
    (load,) = data_of(lead, "/coaches")
    assert load["person_id"] == str(coach.id)
    assert [each["project"] for each in load["teams"]] == ["heron"]
    (line,) = data_of(lead, "/programmes/ami/portfolio/timeline")
    assert line["slug"] == "heron"
