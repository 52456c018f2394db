"""The record of a committee ends with its day; closing it asks first."""

from dataclasses import replace
from datetime import timedelta

from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.decision_commands import ChangeAnswer, decide_change
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.oversight.committees import commands, record_queries
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from tests.oversight.committees.test_committees import NO, YES, answer, ask, plan, told
from tests.support import api, funding, gates, health
from tests.support import factories as make
from tests.support.browser import words_of

REASONS = "De 80 000 à 120 000 euros."


def test_what_is_decided_after_the_day_enters_the_next_record(
    browser_for, project, programme, member, leading
):
    lead, now = make.actor(leading), clock.now()
    with clock.frozen_at(now - timedelta(days=2)):
        first = plan(lead, programme, 0)
        day, after = ask(member, project, "Ce jour-là ?"), ask(member, project, "Le lendemain ?")
        answer(lead, project, day, YES)
        health.known(project)
        gates.judged(project)
    with clock.frozen_at(now - timedelta(days=1)):
        answer(lead, project, after, NO)
        gates.decision(project, 4, GateVerb.WAIVED, leading)
        db.session.commit()
    second, path = plan(lead, programme, 0), f"/programmes/{programme.slug}/committees"
    browser = browser_for(leading)
    for _state in ("open", "closed"):
        assert told(first) == ([("Ce jour-là ?", YES.text)], [])
        assert record_queries.read_record(first).gates == []
        for page in ("1", "1/record/fr"):
            shown = words_of(browser.visit(f"{path}/{page}").main)
            agenda = shown[shown.index("Ordre du jour") : shown.index("Décisions prises")]
            assert agenda.count("Accordée le ") == agenda.count("Refusée le ") == 1
            assert "Le lendemain" not in shown[shown.index("Décisions prises") :]
        if first.closed_at is None:
            commands.close_record(lead, programme, first, first.version)
            db.session.commit()
    assert told(second) == ([("Le lendemain ?", NO.text)], [])
    assert len(record_queries.read_record(second).gates) == 1
    since = words_of(browser.visit(f"/portfolio/since?programme={programme.slug}&since=committee").main)
    assert "1 décision prise" in since


def test_a_decided_change_request_enters_the_record_what_was_decided_and_what_changed(
    app, browser_for, project, programme, leading
):
    lead, now = make.actor(leading), clock.now()
    agreement = funding.signed(project, make.actor(make.role(programme.id, Role.OPERATOR)))
    with clock.frozen_at(now - timedelta(days=2)):
        first = plan(lead, programme, 0)
        commands.close_record(lead, programme, first, first.version)
        health.known(project)
    first.closed_agenda = []  # as version 0.12.0 closed it
    with clock.frozen_at(now - timedelta(days=3)):
        delay = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
        old, new = (
            file_change_request(make.actor(make.role(project.id, Role.TEAM_LEAD)), project, agreement, facts)
            for facts in (delay, replace(delay, kind=FundingChangeKind.SCOPE, days=None, purpose="Trier"))
        )
        _decide(project, agreement, old, lead, days=21)
    _decide(project, agreement, new, lead)
    db.session.commit()
    second = plan(lead, programme, 0)
    assert not record_queries.read_record(first).changes
    (change,) = record_queries.read_record(second).changes
    browser, path = browser_for(leading), f"/programmes/{programme.slug}/committees"
    for page in ("2", "2/record/fr"):
        shown = words_of(browser.visit(f"{path}/{page}").main)
        assert "Demande 2 : objet" in shown[shown.index("Demandes de modification décidées") :], page
        assert "Aucune" not in shown
    assert change.outcome == "granted"
    done = words_of(browser.visit("/to-decide?show=done").main)
    assert "Demande 1 : délai, 21 jours de plus" in done
    assert "Demande 2 : objet" in done
    since = words_of(browser.visit(f"/portfolio/since?programme={programme.slug}&since=committee").main)
    assert "Demande 2 : objet" in since
    commands.close_record(lead, programme, second, second.version)
    db.session.commit()
    observer = make.role(programme.id, Role.OBSERVER)
    browser = browser_for(observer)
    pages = [words_of(browser.visit(f"{path}/{page}").main) for page in ("2", "2/record/fr")]
    record = api.client(app, observer).get(f"{path}/2/record")
    for read in (*pages, record.get_data(as_text=True)):
        assert "Demande 2" in read
        assert REASONS not in read


def _decide(project, agreement, row, lead, days=None):
    answer = ChangeAnswer(is_granted=True, reasons=REASONS, days=days)
    db.session.flush()
    decide_change(lead, LoadedChange(project, agreement, row), answer, row.version)


def test_a_record_after_one_that_is_open_says_when_it_fills(browser_for, project, programme, member, leading):
    lead = make.actor(leading)
    with clock.frozen_at(clock.now() - timedelta(days=2)):
        first = plan(lead, programme, 0)
    plan(lead, programme, 0)
    answer(lead, project, ask(member, project, "Le lendemain ?"), NO)
    browser, path = browser_for(leading), f"/programmes/{programme.slug}/committees"

    def read_taken(page):
        shown = words_of(browser.visit(f"{path}/{page}").main)
        return shown[shown.index("Décisions prises") :]

    for page in ("2", "2/record/fr"):
        assert "Se remplit quand est arrêté le relevé du" in read_taken(page)
    commands.close_record(lead, programme, first, first.version)
    db.session.commit()
    for page in ("2", "2/record/fr"):
        assert "Se remplit" not in read_taken(page)
        assert NO.text in read_taken(page)


def test_a_record_closed_by_an_earlier_version_stays(project, programme, member, lead):
    with clock.frozen_at(clock.now() - timedelta(days=2)):
        first = plan(lead, programme, 0)
        asked = ask(member, project, "Le lendemain ?")
    answer(lead, project, asked, YES)
    commands.close_record(lead, programme, first, first.version)
    first.decided_until = None
    db.session.commit()
    assert told(first) == ([("Le lendemain ?", YES.text)], [])
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        assert told(plan(lead, programme, 0)) == ([], [])


def test_a_stopped_project_awaits_nothing_in_a_record_closed_after_its_stop(project, programme, member, lead):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=3)):
        first, second = plan(lead, programme, 0), plan(lead, programme, 1)
        ask(member, project, "Ouvrir le réseau ?")
        commands.close_record(lead, programme, first, first.version)
    with clock.frozen_at(now - timedelta(days=2)):
        projects.stop_project(lead, project, reason="Sans données", learnings="En demander tôt")
        db.session.commit()
        assert told(first) == ([], ["Ouvrir le réseau ?"])
        assert told(second) == ([], [])
        commands.close_record(lead, programme, second, second.version)
    projects.resume_project(lead, project, reason="Les données sont là")
    db.session.commit()
    assert told(second) == ([], [])
    second.closed_agenda = []  # as version 0.12.0 closes it
    assert told(second) == ([], ["Ouvrir le réseau ?"])
    assert told(plan(lead, programme, 0)) == ([], ["Ouvrir le réseau ?"])


def test_closing_a_record_asks_and_says_what_it_holds(browser_for, project, programme, member, leading):
    lead = make.actor(leading)
    asked = ask(member, project, "Ouvrir le réseau ?")
    row = commands.plan_committee(lead, programme, CommitteeFacts(held_on=clock.today()))
    answer(lead, project, asked, YES)
    browser, url = browser_for(leading), f"/programmes/{programme.slug}/committees/1"
    page = browser.visit(url)
    assert not page.select('form[action$="/close"]')
    assert page.select_one(f'main a[href="{url}/close"]')
    page = browser.visit(f"{url}/close")
    for words in ("tiendra 1 décision prise", "membres ne sont pas notés", "ne changent plus"):
        assert words in words_of(page.main)
    assert page.select_one(f'main a[href="{url}/edit"]')
    assert row.closed_at is None
    facts = CommitteeFacts(held_on=clock.today(), members="DINUM")
    commands.change_committee(lead, programme, row, facts, row.version)
    db.session.commit()
    page = browser.visit(f"{url}/close")
    assert "Ses membres sont notés." in words_of(page.main)
    version = page.select_one("[name=version]")["value"]
    assert "relevé arrêté" in words_of(browser.submit(f"{url}/close", version=version).main)
    assert "il ne change plus" in words_of(browser.visit(f"{url}/close", expect=403).main)
