"""The agenda of a committee, kept in its closed record, and what changed since."""

import re
from datetime import timedelta

from portal.coaching.clinics.commands import claim_request
from portal.coaching.coach_notes.commands import request_hand_over
from portal.oversight.committees import commands, queries, record_queries
from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import list_tracks
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from tests.oversight.committees.test_committees import NO, YES, answer, ask, plan, told
from tests.support import api, gates, health
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import QUESTION, ask_by_question


def test_the_agenda_is_what_waited_on_its_day(browser_for, project, programme, member, leading):
    lead = make.actor(leading)
    yesterday, today = plan(lead, programme, -1), plan(lead, programme, 0)
    ask(member, project, "Posée trop tard ?")
    assert (told(yesterday), told(today)) == (([], []), ([], ["Posée trop tard ?"]))
    clinics.asking(project)
    base = f"/programmes/{programme.slug}/committees"
    for row, is_there in ((yesterday, False), (today, True)):
        shown = words_of(browser_for(leading).visit(f"{base}/{row.number}").main)
        assert ("Posée trop tard ?" in shown) is is_there
        assert ("Demande d’aide à prendre (1)" in shown) is is_there


def test_a_silent_coach_stands_on_agendas_from_the_day_of_the_alert(project, programme, leading):
    """With the tracks that are on alert by then."""
    gates.coach(project)
    other = gates.coach(project, "strategic")
    health.known(project)
    with clock.frozen_at(clock.now() + timedelta(days=38)):
        track_id = next(track.id for track in list_tracks(project) if track.key == "strategic")
        clinics.session(project, other, track_id=track_id)
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        health.known(project)
        lead = make.actor(leading)
        rows = plan(lead, programme, -30), plan(lead, programme, -20)
        codes = [[group.code for group in queries.list_agenda(lead, row)] for row in rows]
        assert codes == [[], ["coaches"]]
        (line,) = queries.list_agenda(lead, rows[1])[0].lines
        assert (line.title, line.since) == (
            "aucun coach vu\xa0: technical",
            clock.today() - timedelta(days=60),
        )


def test_help_asked_by_a_question_stands_once_on_the_agenda(browser_for, project, programme, member, leading):
    row = plan(make.actor(leading), programme, 0)
    ask_by_question(member, project)
    shown = words_of(browser_for(leading).visit(f"/programmes/{programme.slug}/committees/{row.number}").main)
    assert shown.count(QUESTION) == 1
    assert f"{QUESTION} (demande d’aide par une question, " in shown
    assert not queries.list_agenda(make.actor(leading), row)
    assert told(row) == ([], [QUESTION])


def test_members_and_agenda_are_shown_without_their_marks(browser_for, programme, leading):
    facts = commands.CommitteeFacts(held_on=clock.today(), members="DINSIC\n**DITP**", agenda="- *Budget*")
    row = commands.plan_committee(make.actor(leading), programme, facts)
    db.session.commit()
    path = commands.committee_path(programme, row)
    page = browser_for(leading).visit(path).main
    assert page.find("strong", string="DITP")
    assert page.find("em", string="Budget")
    assert "*" not in words_of(browser_for(leading).visit(f"{path}/record/fr").main)


def test_an_agenda_that_only_leads_read_is_not_called_empty(browser_for, project, programme, member, leading):
    row = plan(make.actor(leading), programme, 0)
    ask(member, project, "Prolonger ?")
    observer = make.role(programme.id, Role.OBSERVER)
    shown = words_of(
        browser_for(observer).visit(f"/programmes/{programme.slug}/committees/{row.number}").main
    )
    assert "Rien n’est à décider" not in shown
    assert "se lit au relevé, une fois qu’il est arrêté" in shown


def test_a_closed_record_keeps_the_agenda_of_its_committee(browser_for, project, programme, member, leading):
    lead, now = make.actor(leading), clock.now()
    with clock.frozen_at(now - timedelta(minutes=5)):
        first, second = ask(member, project, "Réglée ce jour ?"), ask(member, project, "En attente ?")
        sprint = clinics.asking(project, closed_at=clock.now())
        row = plan(lead, programme, 0)
        answer(lead, project, first, YES)
        ((line,),) = [group.lines for group in queries.list_agenda(lead, row)]
        title_before = f"{project.short_name} : {line.title}"
        commands.close_record(lead, programme, row, row.version)
        db.session.commit()
    answer(lead, project, second, NO)
    claim_request(lead, project, sprint)
    db.session.commit()
    path = f"/programmes/{programme.slug}/committees/{row.number}"
    shown = words_of(browser_for(leading).visit(path).main)
    agenda = shown[shown.index("Ordre du jour") : shown.index("Décisions prises")]
    assert title_before in agenda
    for words in ("Réglée ce jour", "En attente", "Demande d’aide à prendre (1)", project.short_name):
        assert words in agenda
    for language, title in (("fr", "Demande d’aide à prendre (1)"), ("en", "Help request to take")):
        record = words_of(browser_for(leading).visit(f"{path}/record/{language}").main)
        assert title in record
        assert "Réglée ce jour" in record


def test_a_request_to_hand_a_team_over_enters_no_record(app, browser_for, project, programme, leading):
    """Operators and observers read the record; what a coach asks in a note stays with coaches and leads."""
    lead = make.actor(leading)
    with clock.frozen_at(clock.now() - timedelta(minutes=5)):
        coach = make.role(project.id, Role.COACH)
        clinics.asking(project, closed_at=clock.now())
        request_hand_over(make.actor(coach), project, None, "Je change de poste.")
        row = plan(lead, programme, 0)
        assert map_waiting_lines_by_kind(lead)["hand_overs"]
        path = f"/programmes/{programme.slug}/committees/{row.number}"
        link = browser_for(leading).visit(path).select_one("main a[href^='/to-decide']")
        assert words_of(link) == "Tout ce qui est à décider, même hors de l’ordre du jour"  # the hand-over
        commands.close_record(lead, programme, row, row.version)
        db.session.commit()
    assert [group.code for group in queries.list_agenda(lead, row)] == ["clinics"]
    for role in (Role.OBSERVER, Role.OPERATOR):
        reader = make.role(programme.id, role)
        record = words_of(browser_for(reader).visit(f"{path}/record/fr").main)
        agenda = api.client(app, reader).get(f"{path}/agenda")
        for text in (record, agenda.get_data(as_text=True)):
            assert project.short_name in text
            assert "assation" not in text
            assert coach.name not in text
            assert "coach-notes" not in text


def test_it_counts_from_the_record_that_was_closed_today(browser_for, project, programme, member, leading):
    lead, now = make.actor(leading), clock.now()
    with clock.frozen_at(now - timedelta(days=6)):
        sprint = clinics.asking(project)
        health.known(project)
        first, early = plan(lead, programme, 0), ask(member, project, "Avant ?")
    with clock.frozen_at(now - timedelta(minutes=2)):
        answer(lead, project, early, YES)
        commands.close_record(lead, programme, first, first.version)
        today = plan(lead, programme, 0)
    with clock.frozen_at(now - timedelta(minutes=1)):
        commands.close_record(lead, programme, today, today.version)
        db.session.commit()
    path = f"/portfolio/since?programme={programme.slug}&since=committee"
    browser = browser_for(leading)
    assert queries.find_last_record_end(programme.id) == today.closed_at
    claim_request(lead, project, sprint)  # help that somebody takes is no close of a sprint
    db.session.commit()
    assert "Rien n’a changé." in words_of(browser.visit(path).main)
    answer(lead, project, ask(member, project, "Après ?"), YES)
    shown = words_of(browser.visit(path).main)
    assert "1 décision demandée" in shown
    assert "1 décision prise : Après ?" in shown
    for role in (Role.OBSERVER, Role.OPERATOR):  # as in the row of the team, which says what it asks
        reader = browser_for(make.role(programme.id, role))
        assert "1 décision prise : Après ?" in words_of(reader.visit(path).main)
    link = browser.visit(f"/portfolio?programme={programme.slug}").find(
        "a", string=re.compile("a changé depuis")
    )
    assert words_of(link).startswith("1 équipe a changé depuis le comité du ")
    assert len(browser.visit(link["href"]).select("tbody tr")) == 1
    assert "clos" not in shown


def test_a_record_says_what_was_decided_about_gates_since_the_one_before(
    browser_for, project, programme, member, leading
):
    lead, now = make.actor(leading), clock.now()
    with clock.frozen_at(now - timedelta(days=6)):
        gates.judged(project)
        gates.decision(project, 1, GateVerb.WAIVED, leading)
        first = plan(lead, programme, 0)
        commands.close_record(lead, programme, first, first.version)
    with clock.frozen_at(now - timedelta(minutes=5)):
        gates.decision(project, 3, GateVerb.DECLARED, leading)
        gates.decision(project, 3, GateVerb.WAIVED, leading)
        gates.decision(project, 4, GateVerb.WAIVED, leading)
        gates.decision(project, 4, GateVerb.RESTORED, leading)
        gates.decision(project, 4, GateVerb.REFUSED, leading)
        second = plan(lead, programme, 0)
        commands.close_record(lead, programme, second, second.version)
    gates.decision(project, 5, GateVerb.WAIVED, leading)
    db.session.commit()
    base = f"/programmes/{programme.slug}/committees"
    for row, verbs, words in (
        (first, {1: GateVerb.WAIVED}, "Dispense : G1"),
        (second, {3: GateVerb.WAIVED, 4: GateVerb.REFUSED}, "Dispense : G3 · Pas accepté : G4"),
    ):
        (team,) = record_queries.read_record(row).gates
        assert (team.project, team.verbs) == (project, verbs)
        for path in (str(row.number), f"{row.number}/record/fr"):
            assert words in words_of(browser_for(leading).visit(f"{base}/{path}").main)


def test_the_agenda_begins_with_what_has_waited_longest(project, programme, leading):
    lead, now = make.actor(leading), clock.now()
    row = plan(lead, programme, 0)
    with clock.frozen_at(now - timedelta(days=30)):
        gates.judged(project)
        gates.decision(project, 5, GateVerb.DECLARED, make.role(project.id, Role.TEAM_LEAD))
        db.session.commit()
    clinics.asking(project)
    groups = queries.list_agenda(lead, row)
    assert [group.lines[0].since for group in groups] == sorted(group.lines[0].since for group in groups)
    assert {"gates", "clinics"} <= {group.code for group in groups}
    codes = [group.code for group in groups]
    assert codes.index("gates") < codes.index("clinics")


def test_a_record_is_offered_to_be_closed_once_its_committee_began(programme, leading, lead, browser_for):
    noon = clock.now().replace(hour=12)
    facts = commands.CommitteeFacts(held_on=clock.day_of(noon), hour="18:30")
    with clock.frozen_at(noon):
        row = commands.plan_committee(lead, programme, facts)
        db.session.commit()
        path, browser = commands.committee_path(programme, row), browser_for(leading)
        shown = words_of(browser.visit(path).main)
        assert "à venir" in shown
        assert "Arrêter le relevé" not in shown
        assert "pas encore tenu" in words_of(browser.visit(f"{path}/close", expect=422).main)
    with clock.frozen_at(noon + timedelta(hours=8)):
        shown = words_of(browser_for(leading).visit(path).main)
        assert "relevé à arrêter" in shown
        assert "Arrêter le relevé" in shown
