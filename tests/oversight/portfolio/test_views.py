"""The page of the portfolio."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.oversight.portfolio.conftest import log, names, opened, row, run, spaced
from tests.support import factories as make
from tests.support import health, reviews
from tests.support.browser import words_of

URL = "/portfolio"
ROOM_FOR_25 = 62_500  # bytes of HTML
BUDGET = 12  # statements


def test_the_heading_answers_what_would_be_asked_aloud(browser, team):
    for name in ("Acoss", "ASN", "DGAL"):
        team(name)

    page = browser.visit(URL)

    assert words_of(page.h1) == "AMI IA 2018 : trois équipes, mois 7 sur 10"
    assert words_of(page.select_one(".foot p")).startswith("Vu le ")
    assert len(page.select("#portfolio table caption")) == 1
    assert all(row.th["scope"] == "row" for row in page.select("tbody .teams__row"))
    assert not page.select("nav.fr-breadcrumb")


@pytest.mark.parametrize(("began", "told"), [(-5, "avant le premier mois"), (400, "terminé")])
def test_before_and_after_its_months_a_programme_says_so(browser_for, app, began, told):
    programme = make.programme(starts_on=clock.today() - timedelta(days=began))
    reader = make.role(programme.id, Role.OBSERVER)

    heading = words_of(browser_for(reader).visit(URL).h1)

    assert "aucune équipe" in heading
    assert heading.endswith(told)


def test_the_heading_in_english(browser_for, programme, team):
    team("Acoss")
    reader = make.role(programme.id, Role.OBSERVER, make.person(locale="en"))

    assert browser_for(reader).visit(URL).html["lang"] == "en"


def test_each_row_says_in_words_which_team_needs_help_and_why(browser, team):
    team("Tranquille")
    asking = team("Aide", help_wanted=True, blocker=BlockerKind.DATA_ACCESS, blocker_text="Rien reçu.")
    stormy = team("Orage", outlook=OutlookLevel.STORMY, outlook_note="Le marché est bloqué.")
    waiting = team("Décision", decision_awaited="Changer de prestataire")
    team("Muette", 34)
    team("Perdue", 40)
    run(team("Dépassée"), left=-6)
    missed = team("Manqué", silent=None)
    log(missed, 20, number=1, outcome=SprintOutcome.MISSED)
    log(missed, 2, number=2, outcome=SprintOutcome.MISSED)

    page = browser.visit(URL)

    assert names(page)[:2] == ["Perdue", "Aide"]
    assert names(page)[-1] == "Tranquille"
    assert "À aider non suivi Aide demandée : accès aux données" in row(page, "Aide")
    assert "Rien reçu." in words_of(opened(browser, asking))
    assert "À surveiller non suivi Orage annoncé" in row(page, "Orage")
    assert "Le marché est bloqué." in words_of(opened(browser, stormy))
    assert "En bonne voie Décision attendue" in row(page, "Décision")
    assert "Changer de prestataire" in words_of(opened(browser, waiting))
    assert "À surveiller non suivi Aucun sprint clos depuis 34 j" in row(page, "Muette")
    assert "À aider non suivi Aucun sprint clos depuis 40 j" in row(page, "Perdue")
    assert "À surveiller non suivi Sprint dépassé de 6 j" in row(page, "Dépassée")
    assert "À surveiller non suivi But manqué deux fois de suite" in row(page, "Manqué")
    assert "En bonne voie" in row(page, "Tranquille")


def test_a_review_that_was_not_submitted_is_told_to_those_who_open_the_team(
    browser, browser_for, programme, team
):
    project = team("Acoss")
    reviews.opened(make.actor(make.role(project.id, Role.TEAM_LEAD)), project)
    watcher = browser_for(make.role(programme.id, Role.OBSERVER))

    assert "Revue de cadrage en cours" in words_of(opened(browser, project))
    assert "Pas encore de revue éthique" in words_of(opened(watcher, project))


def test_the_figures_name_who_to_help_and_how_long_they_have_waited(browser, team):
    team("Aide", 12, help_wanted=True)
    team("Muette", 30)

    page = browser.visit(URL)

    assert [words_of(tag) for tag in page.select(".tile")] == [
        "1 à décider dont 1 en retard le plus ancien : 12 j",
        "1 à aider Aide 2 non suivies en tout",
        "1 demande d’aide la plus ancienne il y a 12 jours",
        "1 silencieuse sans sprint clos depuis 21 j ou plus",
    ]
    addresses = [tag["href"] for tag in page.select(".tile > a")]
    filters = [address for address in addresses if address.startswith(URL)]
    assert [names(browser.visit(address)) for address in filters] == [["Aide"], ["Muette"]]
    request = browser.visit(addresses[2])
    assert words_of(request.select_one(".todo__text b")) == "Aide"
    assert "sprint 1" in words_of(request.select_one(".todo__text small"))
    (not_followed,) = page.select(".tile span a")
    assert names(browser.visit(not_followed["href"])) == ["Aide", "Muette"]
    assert words_of(page.select_one("#views")) == "À aider 1 Toutes 2"
    assert page.select_one("#views [aria-current]").text == "Toutes 2"


def test_the_sprint_in_progress_and_the_last_log_are_told(browser, team):
    project = team("Acoss", 3, summary="Le modèle trie les appels.", outcome=SprintOutcome.PARTLY)
    run(project, left=4, number=7, goal="Éprouver avec cinq agents")

    assert "en partie, 3 j" in row(browser.visit(URL), "Acoss")
    page = opened(browser, project)
    told = spaced(page)

    links = page.select("a[href*='/sprints/']")
    assert [link["href"].rpartition("/")[2] for link in links] == ["7", "1"]
    assert "Sprint 7 Éprouver avec cinq agents 4 jours restants" in told
    assert "But atteint en partie Sprint 1, clos il y a 3 jours" in told
    assert "Le modèle trie les appels." in told


def test_a_stopped_project_is_shown_with_its_reason_and_no_alarm(browser, team):
    project = team(
        "Acoss",
        90,
        help_wanted=True,
        stopped_on=clock.today() - timedelta(days=60),
        stop_reason="Les données ne peuvent pas être partagées.",
        learnings="Il faut une convention avant le premier sprint.",
    )
    run(project, left=-70)

    page = browser.visit(URL)

    assert "Arrêté Le " in row(page, "Acoss")
    told = words_of(opened(browser, project))
    assert "Arrêté. Depuis le" in told
    assert "Les données ne peuvent pas être partagées." in told
    assert "Ce que l’équipe en a appris" in told
    assert not page.select("tbody .health--alert")
    assert "dépassé" not in told
    assert [words_of(tag)[0] for tag in page.select(".tile")] == ["0"] * 4
    (stopped,) = [tag for tag in page.select("#views a") if tag.text.startswith("Arrêtées")]
    assert names(browser.visit(stopped["href"])) == ["Acoss"]


def test_paused_and_finished_projects_come_last_and_say_so(browser, team):
    team("A pause", paused_on=clock.today())
    team("B finie", finished_on=clock.today())
    team("C va")

    page = browser.visit(URL)

    assert names(page) == ["C va", "A pause", "B finie"]
    assert "En pause" in row(page, "A pause")
    assert "Terminé" in row(page, "B finie")


@pytest.mark.parametrize("role", list(Role))
def test_who_opens_the_portfolio_and_what_of_it(browser_for, programme, team, role):
    mine, other = team("Acoss"), team("DGAL")
    author = make.role(mine.id, Role.TEAM_LEAD)
    make.comment(mine.discussion_id, author)
    make.comment(other.discussion_id, author)
    browser = browser_for(make.holder(role, mine))
    if role not in {Role.PROGRAMME_LEAD, Role.OPERATOR, Role.OBSERVER, Role.COACH}:
        browser.visit(URL, expect=404)
        browser.visit(f"{URL}?programme={programme.slug}", expect=404)
        return

    page = browser.visit(URL)

    assert names(page) == (["Acoss"] if role is Role.COACH else ["Acoss", "DGAL"])
    assert words_of(page.select_one("#views")).startswith("À aider 0 Toutes")
    row_opened = opened(browser, mine)
    links = [tag["href"] for part in (page, row_opened) for tag in part.select("a[href^='/projects/']")]
    if role in {Role.OPERATOR, Role.OBSERVER}:
        assert not links
        assert "Messages" not in page.text
        assert "non lu" not in row_opened.text
        assert not row_opened.select("form, .acts a")
    else:
        assert f"/projects/{mine.slug}" in links
        assert f"/projects/{mine.slug}/unread" in links
        assert "1 non lu" in words_of(row_opened)


def test_strangers_are_sent_to_sign_in(browser_for, app):
    assert browser_for(None).open(URL).status_code == 303


def test_another_programme_is_not_found(browser, programme):
    elsewhere = make.programme()

    browser.visit(f"{URL}?programme={elsewhere.slug}", expect=404)
    browser.visit(f"{URL}?programme=nowhere", expect=404)


def test_a_reader_of_several_programmes_chooses(browser_for, programme, team, lead):
    team("Acoss")
    newer = make.programme(starts_on=clock.today())
    make.project(newer, organisation="Nouvelle", acronym="")
    make.role(newer.id, Role.OBSERVER, lead)
    browser = browser_for(lead)

    latest = browser.visit(URL)

    assert names(latest) == ["Nouvelle"]
    (other,) = latest.select(".page-head__menus a[href$='programme=ami']")
    assert names(browser.visit(other["href"])) == ["Acoss"]
    assert names(browser.visit(f"{URL}?programme=ami")) == ["Acoss"]


def test_a_coach_opens_first_the_programme_of_their_teams(browser_for, programme, team):
    coach = make.role(team("Acoss").id, Role.COACH)
    newer = make.programme(starts_on=clock.today())
    make.project(newer)
    make.role(newer.id, Role.COACH, coach)

    browser = browser_for(coach)
    page = browser.visit(URL)
    assert names(page) == ["Acoss"]
    assert not page.select(f".page-head__menus a[href$='programme={newer.slug}']")
    assert "vous confiera une équipe" in words_of(browser.visit(f"{URL}?programme={newer.slug}").main)
    assert names(browser.visit(URL)) == ["Acoss"]  # it is not the one to come back to


def test_empty_portfolios_say_what_to_do_next(browser_for, programme, lead):
    def told(person) -> str:
        return words_of(browser_for(person).visit(URL).select_one("#portfolio .empty"))

    steps = words_of(browser_for(lead).visit(URL).select_one("#portfolio .tick"))
    assert all(act in steps for act in ("Préparer un appel", "Créer un projet", "Inviter les coachs"))
    assert "La direction de programme crée" in told(make.role(programme.id, Role.OBSERVER))
    assert "vous confiera une équipe" in told(make.role(programme.id, Role.COACH))


def test_what_teams_wrote_is_text_and_never_markup(browser, team):
    attack = "<script>alert(1)</script>"
    project = team(
        attack, summary=attack, outlook=OutlookLevel.RAINY, outlook_note=attack,
        blocker=BlockerKind.IT, blocker_text=attack, decision_awaited=attack,
    )  # fmt: skip
    run(project, goal=attack)

    page = browser.visit(f"{URL}?organisation={attack}&open={project.slug}")

    assert not page.select("#portfolio script")
    assert page.text.count(attack) >= 6


def test_two_hundred_teams_cost_what_ten_cost(browser, team, statements):
    costs = []
    for numbers in (range(10), range(10, 200)):
        for number in numbers:
            project = team(f"Équipe {number:03}", number % 40, decision_awaited="Trancher")
            if number % 4 == 0:
                make.role(project.id, Role.COACH)
        browser.visit(URL)  # the session's mark of last use is written once
        statements.clear()
        browser.visit(URL)
        costs.append(len([sql for sql in statements if sql.lstrip().startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1]
    assert costs[1] <= BUDGET


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # bytes of HTML
def test_twenty_five_rows_weigh_little(browser, programme, team):
    for number in range(25):
        project = team(
            f"Direction départementale des territoires et de la mer {number}",
            2,
            summary="Le classeur reconnaît huit demandes sur dix, les agents le lisent sans aide.",
            outlook=OutlookLevel.RAINY,
            outlook_note="Le serveur de calcul n’est promis que pour le mois prochain.",
            blocker=BlockerKind.IT,
            blocker_text="Le poste de travail ne peut pas joindre le serveur. " * 40,
            decision_awaited="Faut-il changer de prestataire avant la fin du trimestre ? " * 20,
            help_wanted=True,
        )
        run(project, goal="Éprouver la carte avec cinq instructeurs du service")
        for track in make.tracks_of(programme).values():
            make.role(project.id, Role.COACH, track_id=track.id)
        health.heavy(project)

    answer = browser.open(URL)
    assert answer.text.count('<span class="strip" role="img"') == 25

    assert answer.text.count('class="teams__row"') == 25
    assert len(answer.data) <= ROOM_FOR_25
