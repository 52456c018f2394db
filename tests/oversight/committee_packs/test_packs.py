"""Packs are reproducible, resumed after a crash of a worker, never changed, and name nobody."""

import io
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import current_app
from pypdf import PdfReader

from portal.communication.notifications.models import Notification
from portal.ethics.risks import commands as risks
from portal.ethics.risks.models import Risk
from portal.oversight.committee_packs import commands, jobs, policy, queries
from portal.oversight.committee_packs.documents import compute_fingerprint
from portal.oversight.committee_packs.models import CommitteePack, PackPage, PackStage
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.trend_queries import read_trend
from portal.oversight.gates import commands as gates
from portal.people.programmes import commands as programmes
from portal.people.programmes.commands import ProgrammePlan
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.project.projects import commands as projects
from portal.project.projects.commands import EditableProjectColumns
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings import commands as findings
from portal.user_tests.findings.models import Finding
from tests.oversight.committee_packs.conftest import AGO
from tests.sprints.sprints.test_commands import LOG
from tests.support import coaching, server
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

PACKS = "/programmes/ami/packs"
# A worker that reports its first batch, and then waits to be killed.
DYING = """
import os
from time import sleep
from portal.app.application.factory import create_app
from portal.platform.kernel import settings
from portal.oversight.committee_packs import jobs
app = create_app(settings.load_settings(os.environ))
store = jobs._store_pages
def store_and_wait(*args, **kwargs):
    store(*args, **kwargs)
    print("one step", flush=True)
    sleep(60)
jobs.BATCH, jobs._store_pages = 1, store_and_wait
with app.app_context():
    jobs.make_due_packs()
"""


def make_pack(lead, programme, on=None, language="fr"):
    id_ = commands.request_pack(lead, programme, on or clock.today(), language).id
    db.session.commit()
    assert work() == 1
    db.session.expire_all()
    return queries.get_completed_pack(lead, programme, id_)


def work():
    """Run the job of the worker in a session of its own."""
    db.session.commit()
    with current_app.app_context():
        return jobs.make_due_packs()


def news():
    """The notifications of packs: who gets them, and their paths."""
    found = db.session.query(Notification).filter_by(kind="pack_ended")
    return [(one.action, one.person_id, one.facts["path"]) for one in found]


def all_of(pack):
    return list(queries.iterate_pages(pack.id))


def stir(heron):
    """Change all that a page shows of a team, by commands."""
    member = make.actor(make.role(heron.id, Role.TEAM_MEMBER))
    carrier = make.actor(make.role(heron.id, Role.TEAM_LEAD))
    direction = make.actor(make.role(heron.programme_id, Role.PROGRAMME_LEAD))
    programme = db.session.query(Programme).one()
    plan = {name: getattr(programme, name) for name in ProgrammePlan.__dataclass_fields__}
    plan |= {"months": 13, "starts_on": programme.starts_on - timedelta(days=70)}
    programmes.edit_programme(direction, programme, ProgrammePlan(**plan), programme.version)
    file = {name: getattr(heron, name) for name in EditableProjectColumns.__dataclass_fields__}
    about = EditableProjectColumns(**file | {"title_fr": "Tout autre", "acronym": "GRUE"})
    projects.edit_project(direction, heron, about, heron.version)
    finding = db.session.query(Finding).one()
    findings.rate_finding(member, heron, finding, 3, finding.version)
    risk = db.session.query(Risk).one()
    risks.close_risk(carrier, heron, risk, "Écarté.", risk.version)
    sprint = db.session.query(Sprint).one()
    sprints.edit_log(member, heron, sprint, replace(LOG, decision_awaited="Rien"), sprint.version)
    gates.declare_gate(carrier, heron, 5)
    db.session.commit()


def test_the_same_day_gives_the_same_bytes_whatever_came_since(programme, heron, others, lead):
    on = clock.day_of(clock.now() - AGO)
    first = make_pack(lead, programme, on)
    page = str(all_of(first)[1])
    for said in ("Un serveur de calcul", "Le bouton se cache", "Risque R1", "Continuer", "G11 attendu"):
        assert said in page
    assert "au rythme d’aujourd’hui" not in page
    stir(heron)
    again, today = make_pack(lead, programme, on), make_pack(lead, programme)
    assert all_of(again) == all_of(first)
    assert again.fingerprint == first.fingerprint == compute_fingerprint(all_of(first))
    assert queries.get_pdf(again) == queries.get_pdf(first)
    assert today.fingerprint != first.fingerprint
    now = str(all_of(today)[1])
    assert "GRUE" in now
    assert "Risque R1" not in now
    risk = db.session.query(Risk).one()
    risks.reopen_risk(make.actor(make.role(heron.id, Role.TEAM_LEAD)), heron, risk)
    db.session.commit()
    assert make_pack(lead, programme, today.as_of_on).fingerprint != today.fingerprint
    projects.stop_project(lead, heron, reason="Sans données", learnings="Demander plus tôt")
    db.session.commit()
    stopped = all_of(make_pack(lead, programme, today.as_of_on))
    (ended,) = [group for group in stopped[0]["sheet"]["groups"] if group["teams"][0]["look"] == "end"]
    assert [(team["name"], team["reason"]) for team in ended["teams"]] == [("GRUE", "Arrêté")]
    (page,) = (str(one) for one in stopped if one.get("project") == "heron")
    assert "Sans données" in page
    assert "Demander plus tôt" in page
    assert make_pack(lead, programme, on).fingerprint == first.fingerprint


def test_another_worker_goes_on_where_one_died(programme, heron, others, lead, monkeypatch):
    whole = make_pack(lead, programme)
    monkeypatch.setattr(jobs, "BATCH", 1)
    store, steps = jobs._store_pages, []

    def dies(claimed, pages, total):
        steps.append(len(pages))
        if len(steps) == 2:
            raise MemoryError
        return store(claimed, pages, total)

    monkeypatch.setattr(jobs, "_store_pages", dies)
    with clock.frozen_at(whole.as_of_at):
        id_ = commands.request_pack(lead, programme, whole.as_of_on, "fr").id
        db.session.commit()
        with pytest.raises(MemoryError):
            work()
        assert queries.get_pack(lead, programme, id_).pack.pages == 1
        assert work() == 0  # still under the lease of the dead worker
    with clock.frozen_at(whole.as_of_at + jobs.LEASE):
        assert work() == 1
    db.session.expire_all()
    done = queries.get_completed_pack(lead, programme, id_)
    assert (done.pages, done.fingerprint) == (3, whole.fingerprint)
    assert steps == [1, 1, 1, 1]


def test_a_pack_that_an_earlier_version_began_begins_again(programme, heron, others, lead):
    whole = make_pack(lead, programme)
    for position, format_ in ((3, "committee-pack/5"), (1, "")):  # in its order, or with its sentences
        page = db.session.get_one(PackPage, (whole.id, position))
        with clock.frozen_at(whole.as_of_at):
            begun = commands.request_pack(lead, programme, whole.as_of_on, "fr")
        content = {**page.content, "format": format_, "title": "D’alors"}
        db.session.add(PackPage(pack_id=begun.id, position=1, project_id=page.project_id, content=content))
        begun.pages = 1
        db.session.commit()
        assert work() == 1
        db.session.expire_all()
        assert queries.get_completed_pack(lead, programme, begun.id).fingerprint == whole.fingerprint


def test_a_worker_that_is_killed_leaves_whole_steps_behind(browser_for, programme, heron, others, direction):
    """A worker in its own process, killed by SIGKILL between two batches."""
    lead = make.actor(direction)
    whole = make_pack(lead, programme)
    with clock.frozen_at(whole.as_of_at):
        id_ = commands.request_pack(lead, programme, whole.as_of_on, "fr").id
        db.session.commit()
    chosen = get_service(Settings)
    env = server.variables(chosen.data_dir, DATABASE_URL=chosen.database_url)
    words = [sys.executable, "-c", DYING]
    with subprocess.Popen(words, cwd=server.ROOT, env=env, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"one step\n"
        worker.kill()
    assert worker.returncode == -signal.SIGKILL
    db.session.expire_all()
    left = queries.get_pack(lead, programme, id_).pack
    assert (left.stage, left.pages, left.teams) == (PackStage.WAITING, 1, 3)
    page = browser_for(direction).visit(f"{PACKS}/{id_}")
    assert "1 équipe sur 3" in words_of(page.main)
    with clock.frozen_at(clock.now() + jobs.LEASE):
        assert work() == 1
    db.session.expire_all()
    assert queries.get_completed_pack(lead, programme, id_).fingerprint == whole.fingerprint


def test_what_is_begun_too_often_is_given_up(programme, lead, monkeypatch):
    def breaks(*_given):
        raise MemoryError

    monkeypatch.setattr(jobs, "_make_pack", breaks)
    id_ = commands.request_pack(lead, programme, clock.today(), "fr").id
    db.session.commit()
    now = clock.now()
    for turn in range(jobs.ATTEMPTS_MAX):
        with clock.frozen_at(now + turn * jobs.LEASE), pytest.raises(MemoryError):
            work()
    with clock.frozen_at(now + jobs.ATTEMPTS_MAX * jobs.LEASE):
        assert work() == 0
    db.session.expire_all()
    assert queries.get_pack(lead, programme, id_).pack.stage is PackStage.FAILED
    assert news() == [("pack.failed", lead.person_id, f"{PACKS}/{id_}")]


def test_nobody_is_in_it_and_no_draft(programme, heron, lead):
    coach = make.role(heron.id, Role.COACH)
    coaching.note(heron, coach, body="Entre coachs")
    make.active_sprint(heron, number=7, summary="Brouillon", goal="But à venir")
    pages = str(all_of(make_pack(lead, programme)))
    texts = "Entre coachs", "Brouillon", "But à venir", "P1", coach.name
    assert not [text for text in texts if text in pages]


def test_only_a_lead_has_one_made_of_a_day_that_has_come(programme, heron, lead):
    observer, operator, coach = (
        make.actor(make.role(programme.id, role)) for role in (Role.OBSERVER, Role.OPERATOR, Role.COACH)
    )
    for other in (observer, operator, coach):
        with forbidden():
            commands.request_pack(other, programme, clock.today(), "fr")
    for on in (clock.today() + timedelta(days=1), programme.starts_on - timedelta(days=1)):
        with pytest.raises(RuleBroken):
            commands.request_pack(lead, programme, on, "fr")
    pack = make_pack(lead, programme)
    assert all(queries.get_pack(reader, programme, pack.id) for reader in (observer, operator))
    elsewhere = make.actor(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    for other in (coach, elsewhere):
        assert not policy.can_read(other, programme)
        with pytest.raises(NotFound):
            queries.get_pack(other, programme, pack.id)


def test_a_click_makes_one_that_is_waited_for_read_and_taken_away(
    browser_for, programme, heron, others, direction
):
    browser = browser_for(direction)
    asked = {"on": clock.today().isoformat(), "language": "en", "form_key": "k"}
    for _click in range(2):
        page = browser.submit(PACKS, **asked)
        assert "attend son tour" in words_of(page.main)
    pack = db.session.query(CommitteePack).one()
    path = f"{PACKS}/{pack.id}"
    work()
    assert news() == [("pack.made", direction.id, path)]
    assert "Le portail a fait le dossier de comité" in words_of(browser.visit("/inbox?unread=1").main)
    browser.visit(path)  # who watched it being made has read it
    assert "Le portail a" not in words_of(browser.visit("/inbox?unread=1").main)
    page = browser_for(make.role(programme.id, Role.OBSERVER)).visit(path)
    assert "Committee pack: Programme" in (text := words_of(page.main).replace("\xa0", " "))
    assert not page.select(".pack__group .num")  # each word of the health above has one number
    assert "HERON: Un serveur de calcul (6 days)" in text
    db.session.refresh(pack)
    assert sha256(browser.open(f"{path}/pack.jsonl").data).hexdigest() == pack.fingerprint
    assert "HERON" in words_of(browser.visit(f"{path}/1").main)
    paper = PdfReader(io.BytesIO(browser.open(f"{path}/pack.pdf").data))
    root = paper.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"][:2]) == (True, "en")
    assert len(paper.pages) >= 2
    text = "".join(one.extract_text() for one in paper.pages)
    assert "Un serveur de calcul" in " ".join(text.split())


def test_ten_teams_cost_what_one_costs(programme, heron, statements):
    costs = []
    for count in (0, 9):
        for _time in range(count):
            make.project(programme)
        moment, day, programme_id = clock.now(), clock.today(), programme.id
        db.session.expunge_all()
        statements.clear()
        cohort = read_cohort(programme_id, moment, day)
        read_trend(cohort, moment, day)
        read_teams(cohort, cohort.order, moment, day)
        costs.append(sum(sent.startswith("SELECT") for sent in statements))
        programme = db.session.merge(cohort.programme)
    assert costs[0] == costs[1]
