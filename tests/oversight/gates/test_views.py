"""Pages of gates: remedies, request, acceptance, preview of new terms."""

from datetime import date, timedelta

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.data_sources.models import DpiaScreening, PersonalDataPresence
from portal.project.projects.queries import list_tracks
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.browser import words_of

G = "/projects/heron/gates"


def test_a_gate_says_what_is_missing_and_where_it_is_added(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.visit(f"{G}/5")
    assert "Aucune version du prototype n’est sortie." in words_of(page.main)
    assert page.find("a", href="/projects/heron/file/prototypes/new")
    coach = browser_for(gates.coach(project))
    assert not coach.visit(f"{G}/5").find("a", href="/projects/heron/file/prototypes/new")


def test_a_gate_is_asked_for_accepted_and_seen_on_the_projects_page(browser_for, project):
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    coach = browser_for(gates.coach(project))
    gates.shown(project)
    gates.judged(project)
    requested = lead.submit(f"{G}/5/declare")
    assert "Jalon demandé" in words_of(requested.body)
    assert "il attend une réponse" in words_of(coach.visit(f"{G}/5").main)
    form = coach.visit(f"{G}/5/accept")
    fingerprint = form.select_one("[name=fingerprint]")["value"]
    refused = coach.submit(f"{G}/5/accept", expect=422, fingerprint="f" * 64, note="")
    assert "Les preuves ont changé" in words_of(refused.main)
    accepted = coach.submit(f"{G}/5/accept", fingerprint=fingerprint, note="Vu en démonstration.")
    assert "Vu en démonstration." in words_of(accepted.main)
    (page,) = {tag["href"] for tag in accepted.select(".proofs .reason a") if "file" in tag["href"]}
    lead.visit(page)  # the page of a reference opens
    strip = lead.visit("/projects/heron").select_one(".gates")
    assert "g5 : premier prototype de bout en bout : accepté" in words_of(strip).lower()
    progress = words_of(lead.visit("/projects/heron").select_one("#progress"))
    assert progress == "Vers le prototype : 10 % acceptés"


def test_accepting_reads_the_history_of_the_project_once(browser_for, project, statements):
    """The form and the command read one gate; only health, at the commit, reads all of them."""
    coach = browser_for(gates.coach(project))
    gates.shown(project)
    gates.judged(project)
    fingerprint = coach.visit(f"{G}/5/accept").select_one("[name=fingerprint]")["value"]
    statements.clear()
    answer = coach.open(f"{G}/5/accept", method="POST", data={"fingerprint": fingerprint, "note": ""})
    assert answer.status_code == 303
    of_decisions = [sent for sent in statements if "FROM gate_decision JOIN person" in sent]
    assert len(of_decisions) == 1
    statements.clear()
    coach.visit(f"{G}/5")
    assert len([sent for sent in statements if "FROM gate_decision JOIN person" in sent]) == 1


def test_an_acceptance_shows_the_evidence_itself(browser_for, project):
    coach = browser_for(gates.coach(project))
    gates.shown(project)
    gates.judged(project)
    page = coach.visit(f"{G}/5/accept")
    said = words_of(page.main)
    assert "Ce que vous acceptez : 2 preuves sur 2" in said
    assert "version 1 «" in said
    assert "Noté" in said
    links = {tag["href"] for tag in page.main.select("h2 + ul a")}
    assert "/projects/heron/file/prototypes/1" in links
    for link in links:
        coach.visit(link)


def test_an_acceptance_shows_values_beside_thresholds_and_what_changed_since(browser_for, project):
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    coach = browser_for(gates.coach(project))
    tried = project_file.version(project, model_family="A")
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    traced = {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    project_file.run(project, under, tried, result=0.71, **traced)
    gates.judged(project)
    lead.submit(f"{G}/4/declare")
    page = coach.visit(f"{G}/4/accept")
    said = words_of(page.select_one("#act"))
    assert "Rappel : 0,71, pour 0,7 demandé, référence 0,38" in said
    assert "Protocole du 2 mars 2026, essai du 9 mars 2026" in said
    assert "Ses preuves n’ont pas changé depuis." in said
    assert said.count("protocole 1 «") == 1
    assert f"Accepter le jalon G4 de {project.short_name}" in said
    project_file.run(project, under, tried, result=0.75, ran_on=date(2026, 3, 10), **traced)
    gates.judged(project)
    page = coach.visit(f"{G}/4/accept")
    said = words_of(page.select_one("#act"))
    assert "Ses preuves ont changé depuis : en plus : essai 2 « detection@77d1f » ; en moins" in said
    coach.submit(f"{G}/4/accept", fingerprint=page.select_one("[name=fingerprint]")["value"], note="")
    project_file.version(project, model_family="B")
    gates.judged(project)
    for path in (f"{G}/4", f"{G}/4/accept", "/projects/heron/coaching/prepare"):
        older = "L’essai 2, du 10 mars 2026, est d’avant ce changement."
        assert older in words_of(coach.visit(path).main), path


def test_newer_runs_under_the_threshold_stand_beside_the_older_one_that_proves_it(browser_for, project):
    coach = browser_for(gates.coach(project))
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    traced = {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    tried = project_file.version(project)
    project_file.run(project, under, tried, result=0.71, **traced)

    def warnings():
        gates.judged(project)
        pages = [coach.visit(f"{G}/4").main, coach.visit(f"{G}/4/accept").select_one("#act")]
        assert all("0,71, pour 0,7 demandé" in words_of(page) for page in pages)
        warned = [[words_of(tag) for tag in page.select(".fr-message--warning")] for page in pages]
        assert warned[0] == warned[1]
        return warned[0]

    assert warnings() == []
    later = project_file.version(project, number=2)
    project_file.run(project, under, later, result=0.68, ran_on=date(2026, 3, 10), **traced)
    project_file.run(project, under, later, result=0.66, ran_on=date(2026, 3, 11), **traced)
    values = "Rappel : {}, pour 0,7 demandé, référence 0,38"
    assert warnings() == [
        "Plus récent, et sous le seuil : essai 3 de la version 2, du 11 mars 2026, "
        f"{values.format('0,66')} ; essai 2 de la version 2, du 10 mars 2026, {values.format('0,68')}."
    ]
    project_file.run(project, under, later, result=0.7, ran_on=date(2026, 3, 12))  # enough, untraced
    assert warnings() == []


def test_a_stale_gate_is_accepted_again_after_what_made_it_stale(browser_for, project):
    coach = browser_for(gates.coach(project))
    lawful = {
        "holder": "DDTM",
        "purpose": "Trier",
        "legal_basis": "Mission d’intérêt public",
        "personal": PersonalDataPresence.NO,
        "screening": DpiaScreening.NOT_NEEDED,
    }
    project_file.source(project, **lawful)
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    traced = {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    project_file.run(project, under, project_file.version(project, model_family="A"), result=0.71, **traced)
    gates.judged(project)
    page = coach.visit(f"{G}/4/accept")
    assert "Ce qui le périme" not in words_of(page.main)
    coach.submit(f"{G}/4/accept", fingerprint=page.select_one("[name=fingerprint]")["value"], note="")
    project_file.source(project, name="Cadastre", purpose="Situer")
    project_file.version(project, model_family="B")
    gates.judged(project)
    title, entries_title = coach.visit(f"{G}/4/accept").select("#act h2.fr-h5, #act h3.fr-h5")
    assert words_of(title).startswith("Ce qui le périme depuis le ")
    assert words_of(entries_title).startswith("Ce que vous acceptez")
    causes = title.find_next_sibling("ul")
    assert "Une source de données a changé" in words_of(causes)
    assert "La base légale n’est pas dite." in words_of(causes)
    assert "Le modèle a changé" in words_of(causes)
    links = {words_of(tag): tag["href"] for tag in causes.select("a")}
    assert set(links) == {"source 2 « Cadastre »", "version 2 « La carte s’affiche. »"}
    for path in links.values():
        coach.visit(path)


def test_a_refused_gate_says_so_until_the_evidence_changes(browser_for, project):
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    coach = browser_for(gates.coach(project))
    shown = gates.shown(project)
    gates.judged(project)
    lead.submit(f"{G}/5/declare")
    coach.submit(f"{G}/5/refuse", reason="La démonstration n’a pas montré l’IA.")
    for path in (f"{G}/5", G, "/projects/heron"):
        page = words_of(lead.visit(path).main)
        assert "Refusé" in page, path
        assert "La démonstration n’a pas montré l’IA." in page, path
    shown.agents += 3
    gates.judged(project)
    evidence_changed = words_of(lead.visit(f"{G}/5").select_one(".page-head"))
    assert "Refusé" not in evidence_changed


def test_titles_of_the_evidence_cost_one_statement(browser_for, project, statements):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    project_file.source(project)
    gates.judged(project)

    def cost():
        statements.clear()
        member.visit(f"{G}/2")
        return len(statements)

    single = cost()
    for _source in range(3):
        project_file.source(project)
    gates.judged(project)
    assert cost() == single


def test_a_day_out_of_the_project_says_so_instead_of_figures(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    for typed in ("2030-01-01", "1999-01-01", "x"):
        for path in (G, "/projects/heron/health"):
            page = member.visit(f"{path}?on={typed}").main
            assert "Aucun chiffre pour ce jour" in words_of(page)
            assert not page.select("table, .gates")


def test_the_page_of_a_past_day_offers_no_weather_and_one_that_shows_today_its_discussion(
    browser_for, project
):
    gates.judged(project)
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    past, health = f"?on={clock.today() - timedelta(days=1)}", "/projects/heron/health"
    assert lead.visit(health).main.select("a[href$='/weather']")
    assert not lead.visit(f"{health}{past}").main.select("a[href$='/weather']")
    assert lead.visit(f"{G}/5{past}").main.select("#conversation")


def test_a_day_before_anything_was_known_says_so(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    today = clock.today()
    with clock.frozen_at(clock.now() - timedelta(days=5)):
        gates.judged(project)
    before = member.visit(f"{G}?on={today - timedelta(days=6)}").main
    assert "Rien n’était encore connu de ce projet." in words_of(before)
    assert not before.select("table, .gates")
    after = words_of(member.visit(f"{G}?on={today - timedelta(days=5)}").main)
    assert "Comme c’était le" in after


def test_a_change_of_terms_first_names_the_teams_it_affects(browser_for, project):
    direction = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    gates.shown(project)
    gates.judged(project)
    slug = project.slug
    programme = f"/programmes/{gates.programme_slug(project)}/gates/5"
    typed = {"weight": "40", "month": "4", "acceptor": "any_coach", "track": "", "because": "b"}
    warned = direction.submit(f"{programme}/edit", expect=422, version="0", **typed)
    assert "prouvé 10 → 30 %" in words_of(warned.main)
    seen = warned.select_one("[name=knowingly]")["value"]
    page = direction.submit(f"{programme}/edit", version="0", knowingly=seen, **typed)
    assert "poids 40" in words_of(page.main)
    assert "Coach, quel que soit le volet" in words_of(page.select_one(".deeds"))
    assert "prouvé 30 %" in words_of(direction.visit(f"/projects/{slug}/gates").main)


def test_after_an_acceptance_the_next_gate_to_answer_is_one_click_away(browser_for, project):
    other = make.project(db.session.get(Programme, project.programme_id), slug="ibis", acronym="IBIS")
    person = gates.coach(project)
    (technical,) = [track for track in list_tracks(other) if track.key == "technical"]
    make.role(other.id, Role.COACH, person, track_id=technical.id)
    for team in (project, other):
        gates.shown(team)
        gates.judged(team)
        browser_for(make.role(team.id, Role.TEAM_LEAD)).submit(f"/projects/{team.slug}/gates/5/declare")
    coach = browser_for(person)
    page = coach.visit(f"{G}/5")
    assert "À décider ensuite" not in words_of(page.main)
    fingerprint = coach.visit(f"{G}/5/accept").select_one("[name=fingerprint]")["value"]
    page = coach.submit(f"{G}/5/accept", fingerprint=fingerprint, note="")
    assert words_of(page.find("a", href="/projects/ibis/gates/5")).startswith("À décider ensuite : IBIS")
