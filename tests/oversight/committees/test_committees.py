"""Committees and the record of their decisions: what enters which, and what never changes."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.oversight.committees import commands, queries, record_queries
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.decisions import commands as decisions
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import DecisionOutcome
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from tests.support import decisions as some
from tests.support import factories as make
from tests.support.browser import words_of

YES = DecisionAnswer(DecisionOutcome.GRANTED, "Oui, dès lundi.")
NO = DecisionAnswer(DecisionOutcome.REFUSED, "Non : une demande par source.")


def ask(member, project, question):
    row = decisions.ask_decision(member, project, DecisionFacts(question=question))
    db.session.commit()
    return row


def answer(lead, project, row, text):
    decisions.answer_decision(lead, project, row, text, row.version)
    db.session.commit()


def plan(lead, programme, days):
    facts = CommitteeFacts(held_on=clock.today() + timedelta(days=days), members="DINSIC\nDITP")
    row = commands.plan_committee(lead, programme, facts)
    db.session.commit()
    return row


def told(row):
    record = record_queries.read_record(row)
    return (
        [(each.question, each.answer) for each in record.answered],
        [each.question for each in record.awaited],
    )


def test_an_answer_enters_the_record_that_is_open_and_a_closed_one_stays(project, programme, member, lead):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=9)):
        first = plan(lead, programme, 1)
        early, late = ask(member, project, "La première ?"), ask(member, project, "La seconde ?")
        answer(lead, project, early, YES)
    with clock.frozen_at(now - timedelta(days=7)):
        commands.close_record(lead, programme, first, first.version)
        db.session.commit()
    before = told(first)
    assert before == ([("La première ?", YES.text)], ["La seconde ?"])
    second = plan(lead, programme, 0)
    answer(lead, project, early, NO)  # corrected later, in nobody's absence
    answer(lead, project, late, YES)
    assert told(first) == before
    assert told(second) == ([("La seconde ?", YES.text)], [])


def test_a_record_is_not_closed_before_its_committee_begins(programme, lead):
    noon = clock.now().replace(hour=12)
    facts = CommitteeFacts(held_on=clock.day_of(noon), hour="18:30")
    with clock.frozen_at(noon):
        row = commands.plan_committee(lead, programme, facts)
        db.session.commit()
        with pytest.raises(RuleBroken, match="pas encore tenu"):
            commands.close_record(lead, programme, row, row.version)
    with clock.frozen_at(noon + timedelta(hours=8)):
        commands.close_record(lead, programme, row, row.version)
    assert row.closed_at


def test_records_are_closed_in_turn_once_and_not_before_the_day(programme, lead):
    first, second, third = (plan(lead, programme, days) for days in (-8, -1, 6))
    with pytest.raises(RuleBroken):
        commands.close_record(lead, programme, second, second.version)
    commands.close_record(lead, programme, first, first.version)
    commands.close_record(lead, programme, second, second.version)
    assert second.decided_until == clock.end_of_day(second.held_on)
    with pytest.raises(TooLate):
        commands.close_record(lead, programme, first, first.version)
    facts = CommitteeFacts(held_on=clock.today())
    with pytest.raises(TooLate):
        commands.change_committee(lead, programme, first, facts, first.version)
    with pytest.raises(RuleBroken):
        commands.close_record(lead, programme, third, third.version)
    with pytest.raises(Conflict):
        commands.close_record(lead, programme, third, third.version + 1)
    assert queries.find_last_record_end(programme.id) == second.decided_until


def refused_day(lead, programme, day, row=None):
    """Return why a committee cannot be planned on a day, or moved to it."""
    facts = CommitteeFacts(held_on=day)
    if row is None:
        with pytest.raises(RuleBroken) as refused:
            commands.plan_committee(lead, programme, facts)
    else:
        with pytest.raises(RuleBroken) as refused:
            commands.change_committee(lead, programme, row, facts, row.version)
    assert refused.value.field == "held_on"
    return refused.value.message


@pytest.mark.parametrize("days", [-4, -3])
def test_no_committee_comes_on_or_before_a_closed_one(project, programme, member, lead, days):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=4)):
        answer(lead, project, ask(member, project, "La première ?"), YES)
    closed, later = plan(lead, programme, -3), plan(lead, programme, 5)
    commands.close_record(lead, programme, closed, closed.version)
    db.session.commit()
    before, day = told(closed), clock.today() + timedelta(days=days)
    assert before == ([("La première ?", YES.text)], [])
    for row in (None, later):
        assert "est arrêté" in refused_day(lead, programme, day, row)
    db.session.rollback()
    commands.plan_committee(lead, programme, CommitteeFacts(held_on=clock.today() - timedelta(days=2)))
    assert told(closed) == before


def test_a_closed_record_stays_though_an_earlier_day_has_another(project, programme, member, lead, leading):
    answer(lead, project, ask(member, project, "La première ?"), YES)
    closed = plan(lead, programme, 0)
    commands.close_record(lead, programme, closed, closed.version)
    db.session.commit()
    before = told(closed)
    earlier = some.committee(project, leading, held_on=clock.today() - timedelta(days=3))
    assert told(closed) == before == ([("La première ?", YES.text)], [])
    with clock.frozen_at(clock.now() + timedelta(hours=1)):
        commands.close_record(lead, programme, earlier, earlier.version)
        db.session.commit()
    assert told(closed) == before
    assert told(earlier) == ([], [])


def test_a_day_has_one_committee_of_a_programme(programme, lead):
    first, second = plan(lead, programme, 3), plan(lead, programme, 5)
    for row in (None, second):
        assert "déjà un comité" in refused_day(lead, programme, first.held_on, row)
    facts = CommitteeFacts(held_on=second.held_on, agenda="Le budget")
    commands.change_committee(lead, programme, second, facts, second.version)
    assert second.agenda == "Le budget"
    other = make.programme(slug="autre")
    leader = make.actor(make.role(other.id, Role.PROGRAMME_LEAD))
    assert plan(leader, other, 3).held_on == first.held_on


def test_a_committee_is_between_the_start_and_two_years_after_the_end(programme, lead):
    last = programme.ends_on + timedelta(days=clock.DUE_AHEAD_MAX)
    row = plan(lead, programme, 3)
    for other in (None, row):
        early = refused_day(lead, programme, programme.starts_on - timedelta(days=1), other)
        assert "Le programme commence le" in early
        assert "deux ans" in refused_day(lead, programme, last + timedelta(days=1), other)
    for day in (programme.starts_on, last):
        commands.change_committee(lead, programme, row, CommitteeFacts(held_on=day), row.version)
        db.session.commit()
        assert row.held_on == day


def test_the_form_of_a_closed_committee_says_that_it_no_longer_changes(browser_for, programme, lead, leading):
    row = plan(lead, programme, 0)
    browser, url = browser_for(leading), f"/programmes/{programme.slug}/committees/{row.number}"
    assert browser.visit(f"{url}/edit").select_one("[name=held_on]")
    commands.close_record(lead, programme, row, row.version)
    db.session.commit()
    page = browser.visit(f"{url}/edit", expect=403)
    assert "Le relevé de ce comité est arrêté" in words_of(page.main)
    assert not page.select_one("[name=held_on]")
    assert page.select_one(f"main a[href='{url}']")
    typed = {"held_on": clock.today(), "agenda": "Le mien", "version": row.version}
    page = browser.submit(f"{url}/edit", expect=403, **typed)
    assert "Le relevé de ce comité est arrêté" in words_of(page.main)
    assert "Le mien" in page.text


def test_an_edit_between_is_told_by_its_day_and_before_the_record_is_closed(
    browser_for, programme, lead, leading
):
    row = plan(lead, programme, 0)
    browser, url = browser_for(leading), f"/programmes/{programme.slug}/committees/{row.number}"
    commands.change_committee(lead, programme, row, CommitteeFacts(held_on=clock.today()), row.version)
    db.session.commit()
    page = browser.submit(f"{url}/close", version="1", expect=409)
    assert "Quelqu’un a enregistré un changement entre-temps" in words_of(page.main)
    typed = clock.today() + timedelta(days=3)
    page = browser.submit(f"{url}/edit", held_on=typed, version="1", expect=409)
    shown = words_of(page.main)
    assert format_day(clock.today()).replace("\xa0", " ") in shown.replace("\xa0", " ")
    assert clock.today().isoformat() not in shown
    closed = browser.submit(f"{url}/close", version=str(row.version))
    assert "relevé arrêté" in words_of(closed.main)
    page = browser.submit(f"{url}/edit", held_on=typed, version="1", expect=403)
    assert "il ne change plus" in words_of(page.main)
    assert "à nouveau" not in words_of(page.main)


def test_only_leads_hold_committees(programme, member):
    observer = make.actor(make.role(programme.id, Role.OBSERVER))
    for actor in (observer, member):
        with pytest.raises(NotAllowed):
            commands.plan_committee(actor, programme, CommitteeFacts(held_on=clock.today()))


def test_a_lead_plans_closes_and_prints(browser_for, project, programme, person, leading):
    some.answered(project, leading, answer="Oui, dès lundi.\n\n- **point** un")
    some.decision(project, person, question="Et le serveur ?")
    browser, url = browser_for(leading), f"/programmes/{programme.slug}/committees"
    assert "Aucun comité" in words_of(browser.visit(url).main)
    facts = {"held_on": clock.today(), "duration": "90", "members": "DINSIC", "agenda": "Le budget"}
    page = browser.submit(f"{url}/new", expect=422, **facts)
    assert "l’heure à laquelle elle commence" in words_of(page.main)
    page = browser.submit(f"{url}/new", **facts, hour="00:00", place="Salle 3")
    for words in ("Le budget", "Et le serveur", "Accordée", "Oui, dès lundi.", "point un"):
        assert words in words_of(page.main)
    page = browser.submit(f"{url}/1/close", version="1")
    assert "relevé arrêté" in words_of(page.main)
    page = browser.visit(f"{url}/1/record/fr")
    assert "Oui, dès lundi." in words_of(page.main)
    record = words_of(page.select_one("article"))
    assert "à 00:00 (1 h 30)" in record
    assert "Salle 3" in record
    answer_ = browser.open(f"{url}/1/record/fr.pdf")
    pdf = PdfReader(BytesIO(answer_.data))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    for words in ("Oui, dès lundi. point un", "à 00:00 (1 h 30)", "Salle 3"):
        assert words in text
    assert "Et le serveur" in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert browser.open(f"{url}/1/record/fr.pdf").data == answer_.data


def test_what_changed_counts_from_the_last_committee(browser_for, project, programme, leading):
    some.committee(project, leading, held_on=clock.today() - timedelta(days=3))
    path = f"/portfolio/since?programme={programme.slug}&since=committee"
    page = browser_for(leading).visit(path)
    assert words_of(page.h1) == "Ce qui a changé depuis le dernier comité"


def test_an_open_record_is_a_draft_of_the_leads(browser_for, project, programme, member, leading):
    lead = make.actor(leading)
    ask(member, project, "Ouvrir le réseau ?")
    row = plan(lead, programme, 0)
    observer = browser_for(make.role(programme.id, Role.OBSERVER))
    path = f"/programmes/{programme.slug}/committees/{row.number}"
    page = observer.visit(path)
    assert "Ouvrir le réseau" not in page.text
    assert not page.select('a[href*="/record/"]')
    for record in ("record/fr", "record/fr.pdf"):
        assert observer.open(f"{path}/{record}").status_code == 404
    assert not page.select('a[href$="#new"]')  # leads alone make one
    own = browser_for(leading).visit(path)
    assert own.select('a[href$="#new"]')
    assert own.select('main li a[href$="/decisions/1"]')
    commands.close_record(lead, programme, row, row.version)
    db.session.commit()
    assert observer.open(f"{path}/record/fr").status_code == 200
    assert "Ouvrir le réseau" in observer.visit(path).text
    later = plan(lead, programme, 3)
    future = browser_for(leading).visit(f"/programmes/{programme.slug}/committees/{later.number}")
    assert "Arrêter le relevé" not in future.text
    [main_act] = future.select(".page-head .fr-btn:not([class*=secondary], [class*=tertiary])")
    assert words_of(main_act) == "Préparer un dossier"


def test_the_next_committee_proposes_the_place_length_and_members_of_the_one_before(
    browser_for, programme, leading
):
    browser = browser_for(leading)
    path = f"/programmes/{programme.slug}/committees/new"
    assert not browser.visit(path).select_one("[name=members]").text.strip()
    lead = make.actor(leading)
    held_on = clock.today() + timedelta(days=3)
    facts = CommitteeFacts(held_on=held_on, hour="10:30", duration=90, place="Salle 2", members="DITP\nCDC")
    commands.plan_committee(lead, programme, facts)
    db.session.commit()
    form = browser.visit(path).main
    assert form.select_one("[name=place]")["value"] == "Salle 2"
    assert form.select_one("[name=members]").text.split() == ["DITP", "CDC"]
    assert form.select_one("[name=hour]")["value"] == "10:30"
    assert not form.select_one("[name=held_on]").get("value")
