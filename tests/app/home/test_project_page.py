"""The page of a project: what it says first, what waits for each reader, what is done in place."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from portal.app.home import duties, facts
from portal.app.home.duties import UnreadCommentsAndMentions, list_duties
from portal.app.home.gates import RefusedGate
from portal.app.home.snapshot import read_project_snapshot
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_rules import WaitingLine, WaitingLineProject
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.ceremonies.models import RetroAction, Settlement
from tests.support import ceremonies, coaching, decisions, health, project_file, risks
from tests.support import factories as make
from tests.support.browser import words_of


def yours(page):
    return page.select_one("section[aria-labelledby=yours]")


def links_of(tag) -> dict[str, str]:
    return {words_of(link): link["href"] for link in tag.select("a")}


def test_one_page_stands_for_the_three_former_ones(browser_for, begun, member):
    browser = browser_for(member)
    assert browser.open("/").location == "/projects/acoss"
    former = browser.open("/projects/acoss/file")
    assert (former.status_code, former.location) == (301, "/projects/acoss#project")


@pytest.mark.parametrize(
    "role",
    [
        Role.TEAM_MEMBER,
        Role.TEAM_LEAD,
        Role.COACH,
        Role.ETHICS_REVIEWER,
        Role.PROGRAMME_LEAD,
    ],
)
def test_every_reader_has_the_same_page(browser_for, begun, role):
    page = browser_for(make.holder(role, begun)).visit("/projects/acoss")
    assert words_of(page.h1) == begun.title_fr
    names = [tag["aria-labelledby"] for tag in page.select("main section[aria-labelledby]")]
    assert names == ["yours", "sprint", "progress", "project"]
    assert len(page.select(".folds > details")) == 9
    assert "Première visite" in words_of(yours(page))


def test_what_is_looked_for_most_is_one_click_away(browser_for, begun, member):
    links = links_of(browser_for(member).visit("/projects/acoss").select_one(".shortcuts"))
    here = "/projects/acoss"
    assert links == {
        "Constats": f"{here}/findings",
        "Revues éthiques": f"{here}/reviews",
        "Santé": f"{here}/health",
        "Demandes d’aide": f"{here}/clinics",
        "Fiches": f"{here}/file/sheets",
        "Fichiers": f"{here}/files",
        "Échanges ouverts": f"{here}/threads",
        "Couverture": f"{here}/tests/coverage",
        "Transparence": f"{here}/transparency",
    }


def test_health_names_what_would_turn_it_green_and_whose_turn_it_is(browser_for, begun, member):
    health.known(begun)
    part = browser_for(member).visit("/projects/acoss").select_one("#health")
    assert part.select_one(".health")
    assert part.find("a", string="Toute la santé du projet")["href"] == "/projects/acoss/health"


def test_what_is_late_comes_first_and_the_rest_of_the_team_is_folded(browser_for, begun, member):
    told = ceremonies.retrospective(begun, make.closed_sprint(begun, number=2))
    other = make.holder(Role.TEAM_MEMBER, begun)
    soon, late = clock.today() + timedelta(days=9), clock.today() - timedelta(days=3)
    ceremonies.action(begun, told, member, what="Écrire le guide", due_on=soon)
    ceremonies.action(begun, told, member, what="Appeler le DPO", due_on=late)
    ceremonies.action(begun, told, other, what="Ranger le dépôt", due_on=late)
    make.item(begun, state=ItemState.BLOCKED, block_reason="Pas d’accès", title="Annoter")
    page = browser_for(member).visit("/projects/acoss")
    assert words_of(page.select_one("#yours")) == "À vous : 2, dont 1 en retard"
    own = [words_of(line.a) for line in yours(page).select(".block__head + .todo > li")]
    assert own == ["Appeler le DPO", "Écrire le guide"]
    assert "En retard de 3 jours" in words_of(yours(page))
    team = page.select_one("#team-duties")
    assert words_of(team.summary) == "Le reste de ce qui attend l’équipe (2)"
    assert "Ranger le dépôt" in words_of(team)
    assert "bloqué : Pas d’accès" in words_of(team)
    assert not team.select("form")


def test_an_action_is_settled_in_place_and_leads_back(browser_for, begun, member):
    told = ceremonies.retrospective(begun, make.closed_sprint(begun, number=2))
    action = ceremonies.action(begun, told, member)
    browser = browser_for(member)
    form = yours(browser.visit("/projects/acoss")).form
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = browser.open(form["action"], method="POST", data=fields)
    assert answer.location == "/projects/acoss"
    settled = db.session.get(RetroAction, action.id)
    db.session.refresh(settled)
    assert settled.settlement is Settlement.COMPLETED
    page = browser.visit("/projects/acoss")
    assert words_of(page.select_one("#yours")) == "À vous : rien n’attend"


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "/\\evil.example", "x"])
def test_a_button_never_leads_out_of_the_portal(browser_for, begun, member, bad):
    told = ceremonies.retrospective(begun, make.closed_sprint(begun, number=2))
    ceremonies.action(begun, told, member)
    browser = browser_for(member)
    where = "/projects/acoss/actions/1/settle"
    answer = browser.open(where, method="POST", data={"to": "done", "return_to": bad})
    assert answer.location == "/projects/acoss/actions"


def test_an_item_of_the_sprint_is_taken_a_step_further_in_place(browser_for, begun, member):
    sprint = make.active_sprint(begun, number=2, ends_on=clock.today() + timedelta(days=9))
    item = make.item(begun, sprint, title="Annoter", assignee_id=member.id, points=3)
    browser = browser_for(member)
    for label, state in (("Commencer", ItemState.DOING), ("C’est fait", ItemState.DONE)):
        form = yours(browser.visit("/projects/acoss")).form
        assert words_of(form.button) == label
        fields = {field["name"]: field["value"] for field in form.select("input")}
        assert browser.open(form["action"], method="POST", data=fields).location == "/projects/acoss"
        db.session.refresh(item)
        assert item.state is state
    assert not yours(browser.visit("/projects/acoss")).form


def test_a_recommendation_is_answered_from_the_page_by_the_team_alone(browser_for, begun, member):
    coach = make.holder(Role.COACH, begun)
    coaching.recommendation(begun, coach, what="Voir cinq usagers")
    line = yours(browser_for(member).visit("/projects/acoss"))
    assert line.find("button", string="Accepter")
    assert links_of(line)["Décliner…"].endswith("/recommendations/1/decline")
    seen = browser_for(coach).visit("/projects/acoss")
    assert not yours(seen).find("button", string="Accepter")
    assert "Voir cinq usagers" in words_of(seen.select_one("#team-duties"))


def test_a_measure_against_a_risk_waits_for_its_owner(browser_for, begun, member):
    risks.late(risks.risk(begun), owner=member, days=5)
    mine = words_of(yours(browser_for(member).visit("/projects/acoss")))
    assert "En retard de 5 jours · mesure contre le risque 1" in mine
    other = browser_for(make.holder(Role.TEAM_MEMBER, begun)).visit("/projects/acoss")
    assert words_of(other.select_one("#yours")) == "À vous : rien n’attend"


def test_unread_messages_are_one_click_away(browser_for, begun, member):
    make.comment(begun.discussion_id, make.holder(Role.COACH, begun))
    browser = browser_for(member)
    assert links_of(yours(browser.visit("/projects/acoss")))["1 message non lu"] == "/projects/acoss/unread"
    browser.visit("/projects/acoss/discussions")
    assert "non lu" not in words_of(yours(browser.visit("/projects/acoss")))


def test_unread_messages_are_listed_oldest_first(browser_for, begun, member):
    coach = make.holder(Role.COACH, begun)
    for text in ("La première chose.", "La seconde chose."):
        make.comment(begun.discussion_id, coach, body=text)
    browser = browser_for(member)
    page = browser.visit("/projects/acoss/unread")
    assert [words_of(link) for link in page.select(".todo a")] == ["La première chose.", "La seconde chose."]
    browser.visit("/projects/acoss/discussions")
    assert "Vous avez tout lu" in words_of(browser.visit("/projects/acoss/unread").main)


def test_an_answer_and_a_refused_gate_wait_for_the_team(app, browser_for, begun, member):
    lead = make.role(begun.programme_id, Role.PROGRAMME_LEAD)
    decisions.answered(begun, lead, question="Qui héberge ?")
    refused = RefusedGate(4, "/projects/acoss/gates/4", "Trop peu de données.")
    panel = SimpleNamespace(next_gate=None, refused=[refused], requested=[])
    snapshot = read_project_snapshot(begun)
    reader = make.actor(make.holder(Role.ETHICS_REVIEWER, begun))
    with app.test_request_context():
        waiting = list_duties(make.actor(member), begun, snapshot, panel, UnreadCommentsAndMentions(0, ()))
        assert not list_duties(reader, begun, snapshot, panel, UnreadCommentsAndMentions(0, ())).own
    own = {duty.text: [act.label for act in duty.acts] for duty in waiting.own}
    assert [duty.text for duty in waiting.own[:2]] == [
        "G4 refusé\xa0: Trop peu de données.",
        "Qui héberge ?",
    ]
    assert own["Qui héberge ?"] == ["Lire la réponse"]
    assert own["G4 refusé : Trop peu de données.".replace(" :", "\xa0:")] == ["Voir ce qui manque"]
    assert waiting.own[0].acts[0].url == "/projects/acoss/gates/4"
    assert "Qui héberge ?" in words_of(yours(browser_for(member).visit("/projects/acoss")))


def test_a_coach_prepares_a_session_and_a_lead_does_not_have_the_gates_of_others(browser_for, begun):
    coach = browser_for(make.holder(Role.COACH, begun)).visit("/projects/acoss")
    assert coach.find("a", string="Préparer la séance")["href"] == "/projects/acoss/coaching/prepare"
    leading = make.role(begun.programme_id, Role.PROGRAMME_LEAD)
    assert not browser_for(leading).visit("/projects/acoss").find("a", string="Préparer la séance")
    lead = make.actor(leading)
    team = WaitingLineProject.of(begun)
    line = WaitingLine(
        id=begun.id, project=team, path="/x#coach", title="G2", since=clock.today(), is_own=True
    )
    of_others = replace(line, title="G3", is_own=False, is_assigned=True)
    missing = [
        SimpleNamespace(is_own=True, text=text, url=url, label="Affecter")
        for text, url in (("Un coach", "/x#coach"), ("Un membre", "/x#invite"), ("Des parts", "/x"))
    ]
    gate = SimpleNamespace(is_proved=False, is_asked=False, number=1, missing=missing)
    panel = SimpleNamespace(next_gate=gate, refused=[], requested=[])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duties, "map_waiting_lines_by_kind", lambda _actor: {"gates": [line, of_others]})
        waiting = list_duties(
            lead, begun, read_project_snapshot(begun), panel, UnreadCommentsAndMentions(0, ())
        )
    # What the next gate lacks is not said again where a line leads to its form, but elsewhere on its page.
    assert [(duty.text, [act.label for act in duty.acts]) for duty in waiting.own] == [
        ("Un membre", ["Affecter"]),
        ("Des parts", ["Affecter"]),
        ("G2", ["Décider"]),
    ]
    assert [duty.who for duty in waiting.others] == ["À qui l’accepte"]


def test_the_sprint_shows_its_items_and_closes_in_its_last_days(browser_for, begun, member):
    sprint = make.active_sprint(
        begun, number=2, goal="Montrer la carte", ends_on=clock.today() + timedelta(days=9)
    )
    make.item(begun, sprint, title="Annoter", points=3)
    make.item(begun, sprint, title="Dater", state=ItemState.BLOCKED, block_reason="Pas d’accès")
    browser = browser_for(member)
    page = browser.visit("/projects/acoss")
    part = page.select_one("section[aria-labelledby=sprint]")
    assert "Montrer la carte" in words_of(part)
    assert "0 élément fait sur 2, 0 point sur 3." in words_of(part)
    assert "Bloqué : Dater. Pas d’accès" in words_of(part)
    assert {"Annoter", "Dater"} <= links_of(part.details).keys()
    assert page.find("a", string="Ouvrir le sprint 2")
    sprint.ends_on = clock.today() + timedelta(days=3)
    db.session.commit()
    facts.clear_cache()
    page = browser.visit("/projects/acoss")
    assert page.find("a", string="Clore le sprint 2")["href"].endswith("/sprints/2/close")


def test_a_planned_sprint_is_started_from_the_page(browser_for, begun, member):
    browser = browser_for(member)
    assert browser.visit("/projects/acoss").find("a", string="Planifier un sprint")
    sprint = make.sprint(begun, number=2)
    page = browser.visit("/projects/acoss")
    assert "fr-btn--secondary" in page.find("button", string="Démarrer le sprint 2")["class"]
    assert page.find("a", string="Écrire les éléments du sprint 2")["href"].endswith("?to=sprint-2#lines")
    make.item(begun)
    facts.clear_cache()
    first = browser.visit("/projects/acoss").find("a", string="Choisir les éléments du sprint 2")
    assert (first["class"], first["href"]) == (["fr-btn"], "/projects/acoss/sprints/2/items")
    head = browser.visit("/projects/acoss/sprints/2").select(".page-head .fr-btn")
    assert words_of(head[0]) == "Choisir les éléments"
    make.item(begun, sprint)
    facts.clear_cache()
    page = browser.visit("/projects/acoss")
    assert page.find("button", string="Démarrer le sprint 2")["class"] == ["fr-btn"]
    assert not page.find("a", string="Choisir les éléments du sprint 2")
    coach = browser_for(make.holder(Role.COACH, begun)).visit("/projects/acoss")
    assert not coach.find("button", string="Démarrer le sprint 2")


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ({"paused_on": clock.today()}, "En pause"),
        ({"finished_on": clock.today()}, "Terminé"),
        ({"stopped_on": clock.today(), "stop_reason": "r", "learnings": "l"}, "Arrêté"),
    ],
)
def test_a_project_that_rests_is_said_to_rest_and_offers_no_work(browser_for, since, said):
    project = make.project(**since)
    page = browser_for(make.holder(Role.TEAM_MEMBER, project)).visit(f"/projects/{project.slug}")
    assert said in words_of(page.select_one(".fr-badge"))
    assert not page.find("a", string="Planifier un sprint")
    assert not page.select_one("#health")


def test_news_are_counted_from_the_last_visit_and_not_for_who_never_came(browser_for, begun, member):
    fold = browser_for(member).visit("/projects/acoss").select_one("#fold-activity")
    assert words_of(fold.summary) == "Activité tout ce qui se passe dans le projet"


def test_a_fold_says_closed_what_it_holds_and_leads_to_its_pages(browser_for, begun, member):
    project_file.one_of_each(begun)
    page = browser_for(member).visit("/projects/acoss")
    framing = page.select_one("#fold-framing")
    assert "1 hypothèse à trancher" in words_of(framing.summary)
    assert links_of(framing)["Hypothèses"] == "/projects/acoss/file/assumptions"
    assert "version " in words_of(page.select_one("#fold-tests").summary)
