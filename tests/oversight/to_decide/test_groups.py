"""What waits around gates, re-reviews and coaches: who sees it, whom it names, what is done in place."""

from datetime import timedelta

import pytest

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.communication.notifications.models import Notification
from portal.ethics.rereviews.models import Trigger
from portal.ethics.reviews.models import ReviewState
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.gates import commands
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.health.charge_commands import take_charge
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.labels import signal_sentence
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import list_tracks
from tests.oversight.health.test_stale_gates import accepted, lose
from tests.support import coaching, gates, health, rereviews, reviews
from tests.support import decisions as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE

URL = "/to-decide"
LINES = "#to-decide .todo > li"


def lines_of(page, code):
    """The lines of a kind."""
    return page.select(f'{LINES}[id^="{code}-"]')


def words_of_lines(page, code):
    return " ".join(words_of(line) for line in lines_of(page, code))


@pytest.fixture
def coach(project):
    return gates.coach(project)


def request_of(project, lead):
    commands.declare_gate(make.actor(lead), project, PROTOTYPE)
    db.session.commit()
    return db.session.query(GateDecision).filter_by(verb=GateVerb.DECLARED).one()


def test_a_requested_gate_names_who_may_accept_it_and_a_lead_reminds_them(
    browser_for, direction, project, coach
):
    gates.shown(project)
    gates.judged(project)
    request = request_of(project, make.role(project.id, Role.TEAM_LEAD))
    page = direction.visit(URL)
    line = words_of_lines(page, "gates")
    assert f"tout y est prouvé, attend {coach.name}" in line
    assert "Relancer" in line
    assert "Accepter" not in line
    assert page.find("a", string="Confiées 1")
    page = direction.submit(f"{URL}/gates/{request.id}/remind")
    assert "Rappel envoyé." in words_of(page)
    reminders = db.session.query(Notification).filter_by(action="gate.reminded").all()
    assert [row.person_id for row in reminders] == [coach.id]
    page = direction.submit(f"{URL}/gates/{request.id}/remind", expect=422)
    assert "attendez demain" in words_of(page.main)
    own = words_of(browser_for(coach).visit(URL).main)
    assert "Accepter…" in own
    assert "À vous" in own


def test_reminding_is_for_leads_and_for_what_still_waits(browser_for, direction, project, coach):
    gates.shown(project)
    gates.judged(project)
    request = request_of(project, make.role(project.id, Role.TEAM_LEAD))
    browser_for(coach).submit(f"{URL}/gates/{request.id}/remind", expect=403)
    commands.refuse_gate(make.actor(coach), project, PROTOTYPE, "Il manque le son.")
    db.session.commit()
    page = direction.submit(f"{URL}/gates/{request.id}/remind", expect=409)
    assert "a déjà sa réponse" in words_of(page.main)


def test_a_lead_sees_stale_gates_that_others_accept(browser_for, leading, project, coach):
    demonstration = accepted(project, make.actor(coach))
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        lose(project, demonstration)
        page = browser_for(leading).visit(URL)
        line = words_of_lines(page, "stale")
        assert words_of(page.h1) == "À décider : 1"
        assert "Ce qui le prouvait n’est plus là" in line
        assert "Regarder de nouveau" not in line
        own = words_of(browser_for(coach).visit(URL).main)
        assert "À l’équipe : prouver de nouveau G5" in own
        assert "Regarder de nouveau" not in own  # there is nothing to accept before


def test_a_silent_coach_is_for_leads_alone_until_somebody_takes_charge(browser_for, leading, project, coach):
    health.known(project)
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        state = health.known(project)
        page = browser_for(leading).visit(URL)
        section = lines_of(page, "coaches")[0]
        said = words_of(section).replace("\xa0", " ")
        assert f"{coach.name} suit 1 équipe" in said
        assert f"{project.short_name}, aucun coach vu : technical" in said
        assert "attend depuis 60 jours" in said  # as long as nobody was seen, and said once
        assert section.a["href"] == f"/projects/{project.slug}/team#coaches"  # which no proof leads to
        assert browser_for(leading).visit(section.a["href"]).select_one("#coaches")
        assert said.count("depuis") == 1
        assert state.find_reason(SignalCode.NO_CONTACT).days(state.day) == 60
        assert "Volet sans contact" not in words_of(browser_for(coach).visit(URL).main)
        until = clock.today() + timedelta(days=9)
        take_charge(
            make.actor(leading), project, SignalCode.NO_CONTACT, "Je lui écris.", until, read_edition=0
        )
        db.session.commit()
        assert lines_of(page, "coaches")
        assert not lines_of(browser_for(leading).visit(URL), "coaches")


def test_a_silent_coach_is_seen_with_what_they_carry(browser_for, leading, project, coach):
    silent = gates.coach(project, "strategic")
    spare = make.role(project.programme_id, Role.COACH)  # whom one may propose
    health.known(project)
    with clock.frozen_at(clock.now() + timedelta(days=100)):
        coaching.session(project, coach, track_id=coach_track(project, coach))
        health.known(project)
        lead = browser_for(leading)
        (line,) = lines_of(lead.visit(f"{URL}?show=nobody"), "coaches")
        see, follow = line.select(".todo__acts a")
        assert words_of(see).startswith("Voir les coachs…")
        row = lead.visit(see["href"]).select_one(f"#{see['href'].partition('#')[2]}")
        assert "aucune séance depuis plus de 3 mois" in words_of(row)
        assert silent.name in words_of(row.find_parent("details").summary)
        asked = lead.visit(follow["href"])  # and back to the list that one came from
        assert asked.select_one("#form [name=return_to]")["value"].startswith(f"{URL}?show=nobody")
        form = lead.visit(f"/projects/{project.slug}/team?return_to=/to-decide")
        names = [words_of(option) for option in form.select("[name=coach-person] option")]
        assert f"{spare.name}, aucune équipe dans vos programmes" in names
        assert form.select_one("section[aria-labelledby=coach] [name=return_to]")["value"] == URL
        elsewhere = lead.visit(f"/projects/{project.slug}/team?return_to=https://example.org")
        assert not elsewhere.select("[name=return_to]")


def test_a_coach_is_assigned_first_to_the_track_that_has_none(browser_for, leading, project, coach):
    make.role(project.programme_id, Role.COACH)
    page = browser_for(leading).visit(f"/projects/{project.slug}/team")
    missing = next(each for each in list_tracks(project) if each.id != coach_track(project, coach))
    assert page.select_one("[name=coach-track] option[selected]")["value"] == str(missing.id)


def test_a_track_that_nobody_met_is_named_wherever_its_team_is(browser_for, leading, project, coach):
    """While another track is met: on the project's page, in the portfolio and among the coaches."""
    absent = gates.coach(project, "strategic")
    health.known(project)
    with clock.frozen_at(clock.now() + timedelta(days=100)):
        coaching.session(project, coach, track_id=coach_track(project, coach))
        state = health.known(project)
        head = words_of(browser_for(make.role(project.id, Role.TEAM_MEMBER)).visit("/projects/heron").main)
        assert f"{coach.name} (technical), {absent.name} (strategic)" in head
        assert "aucune séance depuis plus de 3 mois (strategic)" in head
        browser = browser_for(leading)
        assert "Coach, 100 j" in words_of(browser.visit("/portfolio").select_one("#team-heron"))
        said = signal_sentence(state.find_reason(SignalCode.NO_CONTACT), state)
        assert said.replace("\xa0", " ").startswith("Aucun coach vu : strategic depuis")
        loads = browser.visit("/coaches").select("details.fold")
        by_name = {words_of(fold.summary.b): words_of(fold) for fold in loads}
        assert "1 équipe sans séance" in by_name[absent.name]
        assert "aucune séance depuis plus de 3 mois" in by_name[absent.name]
        assert "sans séance" not in by_name[coach.name]


def coach_track(project, coach):
    row = db.session.query(RoleAssignment).filter_by(scope_id=project.id, person_id=coach.id).one()
    return row.track_id


def test_a_team_without_any_coach_waits_for_leads(browser_for, leading, project):
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        health.known(project)
        page = browser_for(leading).visit(URL)
        section = lines_of(page, "coachless")[0]
        assert "en retard" in words_of(page.h1)
        assert section.select_one('a[href*="/health/key_role/charge?"]')
        team_url = f"/projects/{project.slug}/team"
        assert section.a["href"] == f"{team_url}#coach"  # as the proof of the gate that lacks one
        propose = section.select_one(f'a[href^="{team_url}?"][href$="#coach"]')
        assert words_of(propose).startswith("Affecter un coach…")
        team_page = browser_for(leading).visit(propose["href"])
        assert team_page.select_one("#coach")
        until = clock.today() + timedelta(days=9)
        charge = make.actor(leading), project, SignalCode.KEY_ROLE, "J’en cherche un.", until
        take_charge(*charge, read_edition=0)
        db.session.commit()
        assert not lines_of(browser_for(leading).visit(URL), "coachless")


def test_what_waits_longest_comes_first_whatever_its_kind(browser_for, leading, project, coach):
    health.known(project)
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        health.known(project)
        some.decision(project, created_at=clock.now() - timedelta(days=9))
        coaching.asking(project, closed_at=clock.now())
        health.known(project)
        page = browser_for(leading).visit(URL)
        kinds = [line["id"].partition("-")[0] for line in page.select(LINES)]
        assert kinds == ["coaches", "decisions", "clinics"]
        assert "dont 2 en retard" in words_of(page.h1)


def test_one_kind_is_a_choice_and_says_how_many_there_are(browser_for, leading, project, coach):
    some.decision(project)
    some.decision(project)
    coaching.asking(project, closed_at=clock.now())
    page = browser_for(leading).visit(URL)
    choice = page.find("a", string="Décisions attendues (2)")
    chosen = browser_for(leading).visit(choice["href"])
    assert words_of(chosen.h1) == "À décider : 3"
    assert len(chosen.select(LINES)) == len(lines_of(chosen, "decisions")) == 2
    assert chosen.find("a", string="Décisions attendues (2)")["aria-current"] == "true"
    (row, _other) = db.session.query(AwaitedDecision).order_by(AwaitedDecision.number)
    path = f"{URL}/decisions/{row.id}/take?kind=decisions"
    after = browser_for(leading).submit(path, version=str(row.version))
    assert len(after.select(LINES)) == 2  # still that kind alone
    assert not browser_for(leading).visit(f"{URL}?kind=dragons").select(".fr-alert")


def test_an_answer_of_no_effect_is_confirmed_in_place(browser_for, direction, project):
    reviewer = make.role(project.id, Role.ETHICS_REVIEWER)
    member = make.role(project.id, Role.TEAM_LEAD)
    rereviews.one_of_each(project, reviewer, member)
    trigger = db.session.query(Trigger).filter_by(number=2).one()
    page = direction.visit(URL)
    assert len(lines_of(page, "rereviews")) == 2
    page = direction.submit(f"{URL}/rereviews/{trigger.id}/confirm", version=str(trigger.version))
    assert len(lines_of(page, "rereviews")) == 1
    db.session.expire_all()
    assert db.session.get_one(Trigger, trigger.id).confirmed_at
    page = direction.submit(f"{URL}/rereviews/{trigger.id}/confirm", expect=409, version="1")
    assert "l’a déjà confirmé" in words_of(page.main)
    assert browser_for(member).open(f"{URL}/rereviews/{trigger.id}/confirm", method="POST").status_code in {
        403,
        404,
    }


def test_a_reviewer_finds_all_that_is_theirs_and_nothing_else(browser_for, project):
    reviewer, member = make.role(project.id, Role.ETHICS_REVIEWER), make.role(project.id, Role.TEAM_LEAD)
    rereviews.one_of_each(project, reviewer, member)  # one waits for the team, two for a confirmation
    lead = make.actor(member)
    reviews.submitted(lead, project, reviewer)
    deciding = reviews.taken(lead, project, reviewer, kind="crpa")
    proved = reviews.condition(reviewer, project, deciding)
    reviews.decide(reviewer, project, deciding, ReviewState.ACCEPTED_WITH_CONDITIONS)
    deciding.submitted_at = clock.now() - timedelta(days=60)
    proved.proved_at, proved.proved_by_id = clock.now() - timedelta(days=2), member.id
    db.session.commit()
    browser = browser_for(reviewer)
    page = browser.visit(URL)
    assert words_of(page.select_one("#navigation")) == "RevuesRéexamensProjets"
    assert words_of(page.h1) == "À décider : 4"
    assert page.find("a", string="À moi 4")
    confirmed, taken = lines_of(page, "review_tasks")
    assert "1 preuve à relire, attend depuis 2 jours" in words_of(confirmed)
    assert "à prendre en relecture" in words_of(taken)
    assert len(lines_of(page, "rereviews")) == 2
    (link,) = taken.select(".todo__acts a")
    assert browser.visit(link["href"])
    assert "2 réexamens vous attendent" in words_of(browser.visit("/rereviews").main)


def test_a_coach_confirms_what_a_team_completed_and_a_lead_does_not_see_it(
    browser_for, direction, project, coach
):
    row = coaching.done(project, coach, what="Mesurer le temps")
    reader = browser_for(coach)
    page = reader.visit(URL)
    assert len(lines_of(page, "recommendations")) == 1
    assert "Mesurer le temps" in words_of_lines(page, "recommendations")
    assert "Mesurer le temps" not in words_of(direction.visit(URL).main)
    page = reader.submit(f"{URL}/recommendations/{row.id}/confirm")
    assert not lines_of(page, "recommendations")
    db.session.expire_all()
    assert db.session.get_one(Recommendation, row.id).stage is RecommendationStage.CONFIRMED
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert member.open(f"{URL}/recommendations/{row.id}/confirm", method="POST").status_code in {403, 404}
