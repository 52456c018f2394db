"""The pages of imports: connect, map, try, import, follow; who may, and what nobody reads."""

import json

import pytest

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.imports.models import RunState
from tests.support import calls as some
from tests.support import factories as make
from tests.support import sources
from tests.support.browser import words_of
from tests.support.dossiers import File

BASE = "/programmes/ami/calls/1/imports"
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def browser(browser_for, leading):
    return browser_for(leading)


def test_from_a_number_and_a_token_to_applications(browser, call, site):
    page = browser.visit(BASE)
    assert "Aucune démarche n’est reliée" in words_of(page)
    wrong = browser.submit(
        f"{BASE}/source", **({"procedure_number": "1234", "token": "wrong", "version": "0"}), expect=422
    )
    assert "Le jeton est refusé" in words_of(wrong)
    assert "wrong" not in words_of(wrong)
    other = {"procedure_number": "99", "token": site.token, "version": "0"}
    assert "n’existe pas" in words_of(browser.submit(f"{BASE}/source", **other, expect=422))
    page = browser.submit(
        f"{BASE}/source", **({"procedure_number": "1234", "token": site.token, "version": "0"})
    )
    assert "Dire ce que disent les champs" in words_of(page)
    chosen = {
        select["name"]: (select.find("option", selected=True) or {"value": ""})["value"]
        for select in page.find_all("select")
    }
    assert (chosen["title"], chosen["member_name"]) == ("Champ-1", "Champ-6/Champ-61")
    assert (chosen["organisation"], chosen["benefits"]) == ("@organisation", "")
    page = browser.submit(
        f"{BASE}/mapping", **(chosen | {"version": "1", "takes_files": "y", "title": ""}), expect=422
    )
    assert "Choisissez le champ" in words_of(page)
    page = browser.submit(f"{BASE}/mapping", **(chosen | {"version": "1", "takes_files": "y"}))
    assert "Essayez l’import à blanc" in words_of(page)
    assert site.token not in words_of(page)
    page = browser.submit(f"{BASE}/runs", **({"kind": "dry", "form_key": "a"}))
    assert "Cela prend quelques secondes" in words_of(page)
    assert browser.submit(f"{BASE}/runs", **({"kind": "dry", "form_key": "b"}), expect=403)
    assert sources.jobs.run_due_imports() > 0
    page = browser.visit(f"{BASE}/1")
    assert "Projet 22" in words_of(page)
    assert "23 nouvelles" in words_of(page)
    db.session.add(call)
    assert some.applications_of(call) == []
    browser.submit(f"{BASE}/runs", **({"kind": "incremental", "form_key": "c"}))
    sources.jobs.run_due_imports()
    assert "23 nouvelles" in words_of(browser.visit(BASE))
    assert "Démarches simplifiées" in words_of(browser.visit("/programmes/ami/calls/1/applications/4"))
    site.always = "scope"
    browser.submit(f"{BASE}/runs", **({"kind": "complete", "form_key": "d"}))
    sources.jobs.run_due_imports()
    assert "ne donne pas accès" in words_of(browser.visit(BASE))
    assert "L’import est arrêté" in words_of(browser.visit("/programmes/ami/calls/1"))
    db.session.add(call)
    version = sources.source_of(call).version
    page = browser.submit(f"{BASE}/source/remove", **({"version": str(version)}))
    assert "Le jeton a été oublié" in words_of(page)
    assert sources.source_of(call).token == ""


def test_a_run_is_stopped_by_hand(browser, call, source):
    number = sources.start(call).number
    assert "Arrêter l’import" in words_of(browser.visit(BASE))
    assert "Arrêter l’import" in words_of(browser.with_htmx().visit(BASE))
    browser.submit(f"{BASE}/{number}/cancel", **({}))
    db.session.add(call)
    assert sources.queries.get_run(call, number).state is RunState.STOPPED
    assert sources.jobs.run_due_imports() == 0


def test_a_lead_in_conflict_sees_a_title_and_no_attachment(browser, browser_for, call, source, site):
    site.dossiers[3].files = [File("note.pdf", PDF), File("virus.exe", b"MZ" + b"\0" * 60)]
    sources.run(call)
    application = next(row for row in some.applications_of(call) if row.external_id == "1003")
    file_id = db.session.query(Attachment.id).scalar()
    text = words_of(browser.visit(f"/programmes/ami/calls/1/applications/{application.number}"))
    assert "virus.exe" in text
    assert browser.open(f"/files/{file_id}").status_code == 200
    other = make.role(call.programme_id, Role.PROGRAMME_LEAD)
    some.put_in_conflict(make.actor(other), application)
    shut_out = browser_for(other)
    site.change(1003, values={"Champ-2": "Résumé que l’autre ne lit pas"})
    dry = sources.run(call, sources.ImportMode.COMPLETE, is_dry=True).number
    assert "que l’autre ne lit pas" in words_of(browser.visit(f"{BASE}/{dry}"))
    page = shut_out.visit(f"{BASE}/{dry}")
    assert "que l’autre ne lit pas" not in words_of(page)
    assert "Projet 3" in words_of(page)
    assert shut_out.open(f"/files/{file_id}").status_code == 404
    shut_out.visit(f"/files/{file_id}/place", expect=404)
    stranger = browser_for(make.role(make.programme(slug="autre").id, Role.PROGRAMME_LEAD))
    stranger.visit(f"/files/{file_id}", expect=404)
    stranger.visit(BASE, expect=404)


def test_the_command_line_says_the_same(app, call, source, site):
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["call", "import", "ami", "--dry-run", "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output) == {
        "run": 1,
        "created": 23,
        "updated": 0,
        "unchanged": 0,
        "older": 0,
        "withdrawn": 0,
        "unreadable": 0,
        "files": 0,
    }
    answer = runner.invoke(args=["call", "import", "ami/1"])
    assert "created: 23" in answer.output
    assert "unchanged: 23" in runner.invoke(args=["call", "import", "ami", "--complete"]).output
    site.token = "changed"
    answer = runner.invoke(args=["call", "import", "ami"])
    assert answer.exit_code == 1
    assert "The token is refused" in answer.output
    assert runner.invoke(args=["call", "import", "nothing"]).exit_code == 1
