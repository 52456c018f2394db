"""The first steps of a new programme, and the link of an invitation."""

from datetime import timedelta

import pytest

from portal.oversight.portfolio import list_views
from portal.people.programmes.models import INSTALLATION
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.selection.calls import labels
from portal.selection.calls.commands import list_move_consequences
from portal.selection.calls.models import CallState
from portal.selection.calls.queries import list_criteria
from tests.support import calls
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def programme(app):
    return make.programme(slug="ami")


@pytest.fixture
def lead(programme, browser_for):
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


def states(page) -> list[str]:
    return [(line.get("class") or ["to do"])[0] for line in page.select(".tick > li")]


def test_a_lead_is_led_from_an_empty_programme_to_its_teams_and_coaches(programme, lead):
    page = lead.visit("/programmes/ami")
    assert states(page) == ["now", *(7 * ["to do"])]
    titles = [words_of(line.find(string=True)) for line in page.select(".tick .todo__text")]
    assert titles[:3] == ["Préparer l’appel", "Inviter le jury", "Créer les projets"]
    assert titles[3:] == [
        *("Inviter les porteurs", "Inviter les coachs", "Affecter les coachs"),
        *("Inviter un relecteur éthique", "Inviter l’opérateur"),
    ]
    steps = page.select(".tick > li")
    turns = [n for n, step in enumerate(steps) if words_of(step.select_one(".whose")) == "À vous"]
    assert turns == [0, 1, 2, 4, 6, 7]
    imports = "/programmes/ami/projects/import"
    assert [n for n, step in enumerate(steps) if step.find("a", href=imports)] == [2, 3, 5]
    for place in (3, 5):
        assert "créez-les d’abord, ou importez-les" in words_of(steps[place])
        assert steps[place].find("a", string="Créer un projet")
    paths = [button["href"] for button in page.select(".tick .fr-btn")]
    assert paths == ["/programmes/ami/calls/new", "/programmes/ami/projects/new"]
    project = make.project(programme, organisation="Mairie", acronym="")
    page = lead.visit("/programmes/ami")
    assert states(page) == ["done", "now", *(4 * ["to do"])]  # the teams are known: no call is needed
    assert "Porteurs arrivés : 0 sur 1." in words_of(page.select_one(".tick .now"))
    button = page.select_one(".tick .fr-btn")
    assert words_of(button) == "Inviter pour Mairie"
    assert button["href"] == f"/projects/{project.slug}/team#invite"
    assert lead.visit(button["href"]).select_one("#invite")


@pytest.mark.parametrize("path", ["/programmes/ami", "/portfolio?programme=ami"])
def test_steps_of_the_start_are_done_when_accepted_and_assigned_and_stay_until_the_end(programme, lead, path):
    programme.starts_on = clock.today()
    tracks = list_tracks(programme.id)
    teams = [make.project(programme, organisation=name, acronym="") for name in ("Mairie", "Préfecture")]

    def read_steps():
        page = lead.visit(path)
        return states(page), [words_of(line) for line in page.select(".tick > li")]

    for team in teams:
        make.invitation(scope_id=team.id, role=Role.TEAM_LEAD, token_hash=team.slug)
    make.invitation(scope_id=programme.id, role=Role.COACH, token_hash="coach")
    # Whoever is invited has not come: nothing is done by it, and the next that one can do is marked.
    progress, words = read_steps()
    assert progress == ["done", "to do", "to do", "to do", "now", "to do"]  # no coach to assign yet
    assert "Porteurs arrivés : 0 sur 2. 2 invitations attendent une réponse." in words[1]
    assert "1 invitation attend une réponse." in words[2]
    coach = make.role(programme.id, Role.COACH)
    for track in tracks:
        make.role(teams[0].id, Role.COACH, coach, track_id=track.id)
    make.role(teams[0].id, Role.TEAM_LEAD)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    make.role(programme.id, Role.OPERATOR)
    progress, words = read_steps()
    assert progress == ["done", "to do", "done", "now", "done", "done"]
    assert "Porteurs arrivés : 1 sur 2. 1 invitation attend une réponse." in words[1]
    assert "Volets avec un coach : 2 sur 4 ; équipes au complet : 1 sur 2." in words[3]
    assert "Affecter un coach à Préfecture" in words[3]
    for track in tracks:
        make.role(teams[1].id, Role.COACH, coach, track_id=track.id)
    make.role(teams[1].id, Role.TEAM_LEAD)
    assert read_steps() == ([], [])


def test_a_call_and_its_jury_come_first_and_each_track_needs_a_coach(programme, lead, monkeypatch):
    leading = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    programme.starts_on = clock.today() + timedelta(days=90)
    days = {"opens_on": clock.today() - timedelta(days=1), "closes_on": clock.today() + timedelta(days=60)}
    call = calls.call(leading, programme, CallState.DRAFT, **days)

    def read_steps():
        return [words_of(line) for line in lead.visit("/programmes/ami").select(".tick > li")]

    opening, jury, *_others = read_steps()
    assert opening.startswith("Ouvrir l’appelIl devait ouvrir le")
    assert "Il manque : l’adresse où l’on dépose sa candidature" in opening
    assert jury.startswith("Inviter le jury")
    criterion = list_criteria(call)[0]
    criterion.weight -= 1
    monkeypatch.setattr(labels, "list_missing_for_opening", lambda _call: [])
    call.opens_on = clock.today() + timedelta(days=9)
    db.session.commit()
    clear_cached_answers()
    for words in (read_steps()[0], " ".join(list_move_consequences(leading, call, CallState.OPEN))):
        assert "Les poids font 99" in words
        assert "Rien ne manque" not in words
    criterion.weight += 1
    call.opens_on = days["opens_on"]
    monkeypatch.undo()
    db.session.commit()
    calls.move(leading, call, CallState.OPEN)
    make.role(programme.id, Role.JUROR)
    make.role(programme.id, Role.COACH)
    opening, jury, _projects, _leads, coaches, *_others = read_steps()
    assert (opening[:7], jury[:7]) == ("Fait : ", "Fait : ")
    assert coaches.startswith("Inviter les coachs")
    assert "Il manque un coach pour 1 volet." in coaches
    make.role(programme.id, Role.COACH)
    assert read_steps()[4] == "Fait : Inviter les coachs"


@pytest.mark.parametrize("months", [10, 1])
def test_a_team_that_joins_later_starts_no_programme_again(programme, lead, months):
    programme.starts_on, programme.months = clock.today() - timedelta(days=60), months
    make.role(programme.id, Role.COACH)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    assert lead.visit("/programmes/ami").select_one(".tick")
    make.project(programme)
    assert not lead.visit("/programmes/ami").select_one(".tick")
    assert not lead.visit("/portfolio?programme=ami").select_one(".tick")
    assert "du démarrage" not in words_of(lead.visit("/to-decide").main)


def test_the_steps_stand_above_the_portfolio_of_today_and_not_above_its_list(programme, lead, monkeypatch):
    programme.starts_on = clock.today() - timedelta(days=8)
    make.project(programme)
    path, yesterday = "/portfolio?programme=ami", clock.today() - timedelta(days=1)
    assert lead.visit(path).select_one(".tick")
    assert not lead.visit(f"{path}&on={yesterday}").select_one(".tick")
    reads = []
    monkeypatch.setattr(list_views, "read_first_steps", lambda *_given: reads.append(1) or [])
    assert lead.client.get(path, headers={"HX-Request": "true"}).status_code == 200
    assert not reads


@pytest.mark.parametrize("role", [Role.COACH, Role.OBSERVER])
def test_nobody_else_is_shown_the_steps(programme, browser_for, role):
    browser = browser_for(make.role(programme.id, role))
    if browser.open("/programmes/ami").status_code == 200:
        assert not browser.visit("/programmes/ami").select_one(".tick")


@pytest.mark.parametrize("asked", ["administrator", "x", ""])
def test_a_role_that_one_may_not_offer_is_not_chosen(programme, lead, asked):
    form = lead.visit(f"/programmes/ami?role={asked}")
    assert not form.select("[name=role] [selected]")


def test_the_link_of_an_invitation_is_text_with_a_button_that_copies_it(programme, lead):
    page = lead.submit("/programmes/ami/invitations", email="x@demo.example", role="coach")
    assert page.select_one("#link")["value"].startswith("http")
    assert page.select_one("[data-copies][hidden] [data-copy=link]")


def test_a_coach_is_invited_from_where_one_is_missed(programme, lead):
    project = make.project(programme)
    links = [link["href"] for link in lead.visit(f"/projects/{project.slug}/team").select("a.fr-btn")]
    assert "/programmes/ami?role=coach#invitations" in links


def test_a_new_programme_invites_first_and_folds_the_roles_to_fill(app, browser_for):
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    programme = make.programme(slug="neuf")
    page = admin.visit("/programmes/neuf")
    parts = page.main.select("#invitations, .fr-alert--warning h2")
    assert parts[0]["id"] == "invitations"
    assert "rôles à pourvoir" in words_of(parts[1])
    assert "Personne n’a ce rôle" in words_of(page.select_one(".fr-alert--warning details"))
    assert "elle invitera les coachs" in words_of(page.main)
    # Direction, two coaches, a reviewer: any coach is one of the two.
    assert words_of(parts[1]) == "4 rôles à pourvoir"
    make.invitation(scope_id=programme.id, role=Role.PROGRAMME_LEAD, token_hash="x")
    page = admin.visit("/programmes/neuf")
    assert "La direction est invitée, sa réponse est attendue." in words_of(page.main)
    assert "Commencez par inviter" not in words_of(page.main)
    assert not page.select(".fr-alert--warning details[open]")
    make.role(programme.id, Role.PROGRAMME_LEAD)
    page = admin.visit("/programmes/neuf")
    assert page.main.select("#invitations, .fr-alert--warning h2")[-1]["id"] == "invitations"


def test_roles_to_fill_are_counted_and_named_by_team(programme, lead):
    coach = make.role(programme.id, Role.COACH)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    served, lacking = (make.project(programme, organisation=name, acronym="") for name in ("Dre", "Mairie"))
    technical, strategic = list_tracks(programme.id)
    for track in (technical, strategic):
        make.role(served.id, Role.COACH, coach, track_id=track.id)
    for count, title in ((2, "2 rôles à pourvoir"), (1, "1 rôle à pourvoir")):
        alert = lead.visit("/programmes/ami").select_one(".fr-alert--warning")
        assert words_of(alert.h2) == title
        said = words_of(alert.summary)
        assert said.count("coach du volet") == count
        assert said.startswith("Mairie : ")
        assert "Dre" not in said
        make.role(lacking.id, Role.COACH, coach, track_id=(technical if count == 2 else strategic).id)
    assert not lead.visit("/programmes/ami").select_one(".fr-alert--warning")


def test_an_administrator_reads_the_roles_to_fill_as_the_lead_does(programme, lead, browser_for):
    """The page where gates are set up is the lead's alone, once the programme has a team."""
    make.project(programme)
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    alerts = [reader.visit("/programmes/ami").select_one(".fr-alert--warning") for reader in (lead, admin)]
    said = [(words_of(alert.h2), words_of(alert.summary)) for alert in alerts]
    assert said[0] == said[1]
    assert "à pourvoir" in said[0][0]
    assert [bool(alert.select("p > a.fr-link")) for alert in alerts] == [True, False]


def test_two_teams_of_one_name_lack_their_own_roles(programme, lead):
    coach = make.role(programme.id, Role.COACH)
    make.role(programme.id, Role.ETHICS_REVIEWER)
    technical, _strategic = list_tracks(programme.id)
    for _team in range(2):
        team = make.project(programme, organisation="Mairie", acronym="")
        make.role(team.id, Role.COACH, coach, track_id=technical.id)
    alert = lead.visit("/programmes/ami").select_one(".fr-alert--warning")
    assert words_of(alert.h2) == "2 rôles à pourvoir"
    assert words_of(alert.summary).count("Mairie : ") == 2
    assert "Faute de quoi, personne ne peut accepter" in words_of(alert.summary)


def test_the_pages_of_a_programme_are_grouped_and_each_opens(programme, lead):
    head = lead.visit("/programmes/ami").select_one(".page-head")
    assert [words_of(button) for button in head.select("a.fr-btn")][2:] == ["Appels"]
    assert [words_of(summary) for summary in head.select("summary")] == ["Réglages", "Suivre"]
    links = [link["href"] for link in head.select(".menu__list a")]
    assert len(links) >= 8
    for link in links:
        lead.visit(link)
    assert not any("archive" in link for link in links)
    assert lead.visit("/programmes/ami").main.select("section")[-1].a.text == "Clore le programme"


def test_the_call_of_a_programme_is_in_sight_with_its_state(programme, lead):
    call = calls.call(make.actor(make.role(programme.id, Role.PROGRAMME_LEAD)), programme)
    db.session.commit()
    head = lead.visit("/programmes/ami").select_one(".page-head")
    button = head.find("a", string="Appel\u00a0: ouvert")
    assert button["href"] == f"/programmes/ami/calls/{call.number}"
    assert lead.visit(button["href"]).h1


@pytest.mark.parametrize(
    ("role", "awaited", "lists"),
    [
        (Role.COACH, "Claire Essai vous confiera une équipe", ["/portfolio", "/portfolio/concerns"]),
        (Role.ETHICS_REVIEWER, "Claire Essai vous confiera la relecture", ["/reviews"]),
    ],
)
def test_the_first_page_of_a_coach_or_reviewer_says_what_comes_next_and_from_whom(
    programme, browser_for, role, awaited, lists
):
    make.role(programme.id, Role.PROGRAMME_LEAD, make.person(name="Claire Essai"))
    person = make.role(programme.id, role)
    browser = browser_for(person)
    page = browser.visit("/programmes/ami")
    block = page.main.find(id="next").parent
    assert awaited in words_of(block)
    assert browser.visit(block.a["href"]).h1
    for path in lists:
        assert awaited in words_of(browser.visit(path).main)
    make.role(make.project(programme).id, role, person)
    assert not browser.visit("/programmes/ami").main.find(id="next")


def test_the_templates_of_a_programme_say_what_differs(app, browser_for):
    page = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR)).visit("/programmes/new")
    assert [words_of(line) for line in page.select("nav li") if "jalon" in words_of(line)] == [
        "AMI IA 2018 : 12 jalons, 2 volets (technique, stratégique)",
        "AMI IA 2019 : 12 jalons, 3 volets (technique, stratégique, scientifique)",
        "Vide : ni jalon ni volet : tout est à ajouter",
    ]
