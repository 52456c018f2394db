"""Pages of triggers, and their lines on other pages."""

from datetime import timedelta

import pytest
from flask import current_app

from portal.ethics.rereviews import fact_queries, project_section_views
from portal.ethics.rereviews.models import REASON_MAX, TriggerAnswer
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.data_sources.commands import SourceFacts, add_source, change_source
from tests.support import api, rereviews
from tests.support.browser import words_of
from tests.support.notifications import told


@pytest.fixture
def review(project, judge):
    return rereviews.standing(project, judge)


X = "/projects/heron/reviews/triggers"


def test_it_is_answered_in_one_screen_and_confirmed_by_the_reviewer(
    project, carrier, judge, browser_for, review
):
    rereviews.trigger(project, review)
    lead, reviewer = browser_for(carrier), browser_for(judge)
    for where in ("/", "/projects/heron/reviews", "/projects/heron/reviews/1", "/projects/heron"):
        assert "réexam" in words_of(lead.visit(where)).lower(), where
    page = lead.visit(f"{X}/1")
    assert "Nouveau public visé" in words_of(page)
    assert page.find("a", href="/projects/heron/file/groups")
    said = {"answer": "no_impact", "because": "Déjà dit.", "version": "1"}
    lead.submit(f"{X}/1/answer", expect=422, **said | {"because": ""})
    lead.submit(f"{X}/1/answer", **said)
    assert "deuxième personne" in lead.visit(f"{X}/1").text
    assert reviewer.visit("/rereviews").find("a", href=f"{X}/1")
    reviewer.submit(f"{X}/1/confirm", expect=409, version="1")
    reviewer.submit(f"{X}/1/confirm", version="2")
    assert "Confirmé par" in lead.visit(f"{X}/1").text
    assert not reviewer.visit("/rereviews").find("a", href=f"{X}/1")


def test_a_possible_harm_is_confirmed_with_a_reason_after_reading_that_of_the_team(
    project, carrier, judge, browser_for, review
):
    said = {"answer": TriggerAnswer.NO_IMPACT, "because": "Corrigé en v3.", "answered_by_id": carrier.id}
    said["answered_at"] = clock.now()
    harm = {"causes": ["severe", "harm"], "details": {"number": 2}}
    rereviews.trigger(project, review, **said)
    harmful = rereviews.trigger(project, review, **said | harm)
    reviewer = browser_for(judge)
    rows = [row for row in reviewer.visit("/to-decide").select("li") if "Corrigé en v3." in words_of(row)]
    assert [bool(row.find("button")) for row in rows] == [True, False]  # a harm is confirmed on its page
    # as a page from before the harm sends it
    page = reviewer.submit(f"/to-decide/rereviews/{harmful.id}/confirm", expect=422, version="1")
    assert "un préjudice est possible" in words_of(page)
    client, confirm = api.client(current_app, judge), "/projects/heron/review-triggers/{}/confirm"
    for because in (" \u200b", "r" * (REASON_MAX + 1)):
        sent = client.ask("POST", confirm.format(2), {"confirmed_because": because}, if_match='"1"')
        assert sent.status_code == 422
    assert client.ask("POST", confirm.format(1), if_match='"1"').status_code == 200  # no harm, no body
    page = reviewer.submit(f"{X}/2/confirm", expect=422, version="1", confirmed_because="")
    assert "Dites pourquoi" in words_of(page)
    page = reviewer.submit(f"{X}/2/confirm", version="1", confirmed_because="Retesté devant moi.")
    assert "Retesté devant moi." in words_of(page)
    page = reviewer.submit(f"{X}/2/undo", version="2")
    assert "Retesté devant moi." not in words_of(page)
    page = reviewer.submit(f"{X}/2/undo", expect=403, version="2")  # a second click
    assert "Une confirmation s’annule pendant une heure" in words_of(page)
    reviewer.submit(f"{X}/2/confirm", version="3", confirmed_because="Relu.")
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert not reviewer.visit(f"{X}/2").find("form", action=f"{X}/2/undo")


def test_a_first_purpose_of_a_new_source_opens_no_second_rereview_and_each_save_says_what_it_opens(
    project, lead, member, judge, browser_for
):
    rereviews.accepted(lead, project, judge)
    team, data = browser_for(db.session.get_one(Person, member.person_id)), "/projects/heron/file/data"
    source = {"name": "Cadastre", "personal": "no", "screening": "not_needed"}
    added = {**source, "purpose": "", "identified_on": "2026-03-02"}
    page = team.submit(f"{data}/new", **added)
    assert "Cela ouvre le réexamen éthique 1" in words_of(page)
    page = team.submit(f"{data}/1/edit", **source, purpose="Situer les parcelles", version=1)
    assert "Le réexamen éthique 1, déjà ouvert, porte sur elle." in words_of(page)
    assert not team.visit(X).find("a", href=f"{X}/2")
    page = team.submit(f"{data}/1/edit", **source, purpose="Estimer les prix", version=2)
    assert "Cela ouvre le réexamen éthique 2" in words_of(page)
    page = team.submit("/projects/heron/file/groups/new", name="Riverains", audience="citizens", size=40)
    assert "Cela ouvre le réexamen éthique 3" in words_of(page)


def test_the_form_of_a_source_says_before_which_purpose_opens_a_rereview(
    project, lead, member, judge, browser_for
):
    team, data = browser_for(db.session.get_one(Person, member.person_id)), "/projects/heron/file/data"
    facts = [SourceFacts(**rereviews.SOURCE | {"purpose": purpose}) for purpose in ("", "Trier", "")]
    for known in facts[:2]:
        add_source(lead, project, known, identified_on=clock.today())
    emptied = add_source(lead, project, facts[1], identified_on=clock.today())
    db.session.commit()
    for form in ("1/edit", "new"):
        assert "réexamen" not in words_of(team.visit(f"{data}/{form}").main)
    rereviews.accepted(lead, project, judge)
    change_source(lead, project, emptied, facts[2], emptied.version)
    add_source(lead, project, facts[2], identified_on=clock.today())  # its addition opens one already
    db.session.commit()
    before = [words_of(team.visit(f"{data}/{number}/edit").main) for number in (1, 2, 3, 4)]
    assert "Écrire sa finalité ouvrira un réexamen éthique" in before[0]
    assert "Changer sa finalité ouvrira un réexamen éthique" in before[1]
    assert "Écrire une autre finalité que celle qui a été retirée ouvrira un réexamen éthique" in before[2]
    assert "réexamen" not in before[3]
    further = words_of(team.visit(f"{data}/new").main)
    assert "revue acceptée rouvre" in further
    assert "Une source de plus ouvrira un réexamen éthique" in further


def test_what_a_purpose_opens_is_read_once_for_a_form_and_stays_on_a_refused_one(
    project, lead, judge, browser_for, monkeypatch
):
    add_source(lead, project, SourceFacts(**rereviews.SOURCE), identified_on=clock.today())
    rereviews.accepted(lead, project, judge)
    team, form = browser_for(db.session.get_one(Person, lead.person_id)), "/projects/heron/file/data/1/edit"
    find_fact, reads = project_section_views.find_fact_of_source_change, []
    monkeypatch.setattr(
        project_section_views,
        "find_fact_of_source_change",
        lambda *asked: reads.append(asked) or find_fact(*asked),
    )
    warning = "Changer sa finalité ouvrira un réexamen éthique"
    pages = [team.visit(form), team.visit(form)]
    assert len(reads) == 1
    source = {"name": "Lettres", "personal": "unknown", "screening": "not_done", "purpose": "Noter"}
    pages += [team.submit(form, expect=422, **source | {"name": ""}, version=1)]
    pages += [team.submit(form, expect=409, **source, version=0)]
    assert [warning in words_of(page.main) for page in pages] == [True] * 4
    refused_reads = len(reads)
    team.submit(form, **source, version=1)
    assert len(reads) == refused_reads


def test_a_save_that_holds_no_cause_reads_no_trail(project, lead, judge, browser_for, monkeypatch):
    rereviews.accepted(lead, project, judge)
    add_source(lead, project, SourceFacts(**rereviews.SOURCE), identified_on=clock.today())
    db.session.commit()
    reads = []
    monkeypatch.setattr(fact_queries, "list_rereview_facts", lambda of: reads.append(of.id) or [])
    team, data = browser_for(db.session.get_one(Person, lead.person_id)), "/projects/heron/file/data"
    source = {"name": "Lettres", "personal": "unknown", "screening": "not_done"}
    page = team.submit(f"{data}/1/edit", **source, purpose="Trier", contents="Dix ans", version=1)
    assert "Le réexamen éthique 1, déjà ouvert, porte sur elle." in words_of(page)
    assert not reads
    team.submit(f"{data}/1/edit", **source, purpose="Noter", contents="Dix ans", version=2)
    assert set(reads) == {project.id}


def test_the_news_of_a_trigger_names_the_change(project, carrier, browser_for, review):
    row = rereviews.trigger(project, review)
    told(
        db.session.get_one(Person, carrier.id),
        project,
        kind="rereview_raised",
        action="rereview.raised",
        subject_id=row.id,
        facts={"number": row.number, "path": f"{X}/1"},
    )
    line = words_of(browser_for(carrier).visit("/inbox").select_one(".news__item"))
    assert "réexamen 1" in line
    assert "Nouveau public visé" in line


def test_a_list_of_thirty_costs_what_a_list_of_one_does(project, carrier, browser_for, review, statements):
    lead = browser_for(carrier)
    counts = []
    for n in (1, 30):
        for _each in range(n):
            rereviews.trigger(project, review)
        rereviews.trigger(
            project,
            review,
            answer=TriggerAnswer.FULL,
            because="b",
            answered_at=clock.now(),
            answered_by_id=carrier.id,
        )
        for where in (X, "/projects/heron/reviews/1", "/"):
            lead.visit(where)
        statements.clear()
        for where in (X, "/projects/heron/reviews/1", "/"):
            lead.visit(where)
        counts.append(len(statements))
    assert counts[1] <= counts[0]
