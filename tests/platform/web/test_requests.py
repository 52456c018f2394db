"""Behaviour of all requests: headers, CSRF, refusals, sessions, logs."""

import io
import json
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog

from portal.people.accounts.models import OpenSession
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.headers import CONTENT_SECURITY_POLICY
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support.browser import words_of

PLAN = {"goal": "Lire", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}


@pytest.fixture
def member(app):
    return make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)


@pytest.fixture
def with_tokens(app):
    """CSRF protection on, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def test_every_answer_says_how_far_it_may_be_trusted(browser_for, member):
    headers = browser_for(member).open("/profile").headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert {"Cookie", "HX-Request"} <= {word.strip() for word in headers["Vary"].split(",")}
    assert headers["X-Request-ID"]


def test_a_form_without_its_token_writes_nothing_and_keeps_what_was_typed(browser_for, member, with_tokens):
    browser = browser_for(member)
    page = browser.submit("/projects/heron/sprints/plan", expect=403, **PLAN)
    assert page.select_one("[name=goal]")["value"] == "Lire"
    assert "ouverte depuis trop longtemps" in words_of(page.main)
    assert db.session.query(Sprint).count() == 0
    token = page.select_one("main [name=csrf_token]")["value"]
    browser.submit("/projects/heron/sprints/plan", csrf_token=token, **PLAN)
    assert db.session.query(Sprint).count() == 1


def test_another_persons_token_is_no_token(browser_for, member, with_tokens):
    theirs = browser_for(make.person()).visit("/profile")
    token = theirs.select_one("[name=csrf_token]")["value"]
    page = browser_for(member).submit("/projects/heron/sprints/plan", expect=403, csrf_token=token, **PLAN)
    assert page.select_one("[name=goal]")["value"] == "Lire"
    assert db.session.query(Sprint).count() == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_on_another_site_is_refused(browser_for, member, site):
    browser = browser_for(member)
    db.session.commit()
    with browser.client.application.app_context():
        answer = browser.client.post(
            "/projects/heron/sprints/plan", data=PLAN, headers={"Sec-Fetch-Site": site}
        )
    assert answer.status_code == 403
    assert db.session.query(Sprint).count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/projects/%00",
        "/projects/heron/sprints?page=%00",
        "/projects/heron/sprints?page=%ff%fe",
        "/projects/heron/sprints?%ed%a0%80=1",
    ],
)
def test_text_that_is_no_text_is_refused(browser_for, member, path):
    assert browser_for(member).open(path).status_code in {400, 404}


def test_a_nul_in_a_form_is_refused(browser_for, member):
    browser = browser_for(member)
    browser.submit("/projects/heron/sprints/plan", expect=400, **PLAN | {"goal": "a\0b"})
    assert db.session.query(Sprint).count() == 0


def test_what_is_too_large_is_refused_with_a_page(browser_for, member):
    page = browser_for(member).submit(
        "/projects/heron/sprints/plan", expect=413, **PLAN | {"goal": "x" * 2_000_000}
    )
    assert words_of(page.h1) == "Envoi trop volumineux"


def test_a_way_that_does_not_exist_is_a_page_in_the_readers_language(browser_for):
    page = browser_for(make.person()).visit("/nowhere", expect=404)
    assert words_of(page.h1) == "Page introuvable"


def test_programs_get_json(browser_for, member):
    browser = browser_for(member)
    with browser.client.application.app_context():
        answer = browser.client.get("/nowhere", headers={"Accept": "application/json"})
    assert json.loads(answer.text)["error"]


def test_a_stranger_is_sent_to_sign_in_and_comes_back(browser_for):
    answer = browser_for(None).open("/projects/heron?x=1", method="GET")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/projects/heron?x%3D1"


def test_htmx_leaves_the_whole_page_when_the_session_is_over(browser_for):
    answer = browser_for(None).with_htmx().open("/projects/heron", method="GET")
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_a_fault_says_that_it_is_noted_and_shows_nothing_of_it(app, browser_for, member, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret in a message")

    monkeypatch.setattr("portal.sprints.sprints.queries.get_sprint_overview", fail)
    page = browser_for(member).visit("/projects/heron/sprints", expect=500)
    assert words_of(page.h1) == "Le portail a rencontré une erreur"
    assert "secret" not in page.text
    assert "Traceback" not in page.text


def test_a_database_that_is_down_is_a_page_too(app, browser_for, member, monkeypatch):
    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    browser = browser_for(member)
    monkeypatch.setattr("portal.people.programmes.visit_queries.fetch_before_transaction", fail)
    answer = browser.open("/projects/heron/sprints", method="GET")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "momentanément indisponible" in answer.text


def test_the_process_answers_without_a_database(app, monkeypatch):
    monkeypatch.setattr("portal.platform.kernel.database.db.session.scalar", lambda *_: 1 / 0)
    with app.app_context():
        assert app.test_client().get("/health/live").json == {"status": "live"}


def test_ready_is_ready_when_the_tables_are_there(app):
    db.session.commit()
    with app.app_context():
        assert app.test_client().get("/health/ready").status_code == 200


def test_ready_says_when_the_database_is_behind(app):
    was = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    with app.app_context():
        answer = app.test_client().get("/health/ready")
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = :was"), {"was": was})
    db.session.commit()
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.json["why"]


def test_the_language_is_remembered_by_the_browser_and_by_the_profile(browser_for, member):
    stranger = browser_for(None)
    stranger.submit("/language", locale="en", next="/sign-in")
    assert stranger.visit("/sign-in").html["lang"] == "en"
    browser = browser_for(member)
    browser.submit("/language", locale="en", next="/profile")
    assert browser.visit("/profile").html["lang"] == "en"
    assert member.locale == "en"


@pytest.mark.parametrize(
    "next_",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/nowhere", ""],
)
def test_the_language_leads_nowhere_else(browser_for, next_):
    answer = browser_for(None).open("/language", method="POST", data={"locale": "en", "next": next_})
    assert answer.headers["Location"] == "/"


def test_assets_are_hashed_compressed_and_kept_for_ever(app):
    page = app.test_client().get("/sign-in").text
    path = page.split('stylesheet" href="')[1].split('"')[0]
    answer = app.test_client().get(path, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    answer.close()


@pytest.fixture
def app_without_database(make_app):
    return make_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")


@pytest.mark.parametrize("path", ["/sign-in", "/invitations/x"])
def test_pages_say_so_when_there_is_no_database(app_without_database, path):
    answer = app_without_database.test_client().get(path)
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.text


def test_ready_says_when_there_is_no_database(app_without_database):
    answer = app_without_database.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json["why"] == "The database does not answer."


def test_the_log_of_a_request_holds_nothing_personal(app, browser_for, member, capsys):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    browser_for(member).submit("/projects/heron/sprints/plan", **PLAN | {"goal": "Un but secret"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if line["event"] == "request"]
    assert {line["endpoint"] for line in told} == {"sprints.plan", "sprints.page"}
    assert all(line["request_id"] for line in told)
    for text in ("Un but secret", member.email, member.name, str(member.id), "127.0.0.1", "heron"):
        assert text not in str(lines)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_seen_long_ago_costs_no_wait(app, browser_for, member, method):
    browser = browser_for(member)
    old = clock.now() - timedelta(hours=1)
    db.session.execute(sa.update(OpenSession).values(last_seen_at=old))
    db.session.commit()
    began = time.monotonic()
    answer = browser.open("/projects/heron/sprints/plan", method=method, data=PLAN)
    assert answer.status_code in {200, 303}
    assert time.monotonic() - began < 10  # a wait for one's own lock lasts 15
    seen = db.session.scalars(sa.select(OpenSession.last_seen_at)).one()
    assert (seen > old) is (method == "GET")


@pytest.mark.parametrize("path", ["/sign-in", "/language", "/profile"])
def test_a_file_in_the_place_of_text_is_refused(browser_for, member, path):
    browser = browser_for(None if path == "/sign-in" else member)
    file = (io.BytesIO(b"x"), "x.txt")
    answer = browser.open(path, method="POST", data={"email": file, "name": file, "locale": file})
    assert answer.status_code == 400


def test_text_of_another_encoding_is_refused(browser_for, member):
    answer = browser_for(member).open(
        "/projects/heron/sprints/plan",
        method="POST",
        data=b"goal=%ff%fe&starts_on=2026-03-02&ends_on=2026-03-13",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert db.session.query(Sprint).count() == 0


def test_a_session_that_ended_while_typing_leads_back_to_the_form(app):
    client, form = app.test_client(), "http://localhost/projects/heron/sprints/plan"
    answer = client.post("/projects/heron/sprints/1/start", data={}, headers={"Referer": form})
    assert answer.headers["Location"] == "/sign-in?next=/projects/heron/sprints/plan"
    headers = {"HX-Request": "true", "HX-Current-URL": form}
    answer = client.post("/discussions/x", data={}, headers=headers)
    assert answer.status_code == 404
    answer = client.post("/projects/heron/sprints/1/start", data={}, headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/projects/heron/sprints/plan"
    abroad = {"Referer": "https://evil.example/projects/heron"}
    answer = client.post("/projects/heron/sprints/1/start", data={}, headers=abroad)
    assert answer.headers["Location"] == "/sign-in"


@pytest.mark.parametrize("header", ['form-data; name="a\\"', "form-data"])
@pytest.mark.parametrize("path", ["/projects/heron/sprints/plan", "/projects/heron/backlog/import"])
def test_a_part_without_a_name_that_can_be_read_is_refused(browser_for, member, path, header):
    body = f"--x\r\nContent-Disposition: {header}\r\n\r\n1\r\n--x--\r\n".encode()
    answer = browser_for(member).client.post(path, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
