"""Pages of risks and mitigations."""

import csv
import io

from portal.ethics.risks import labels
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from tests.support import factories as make
from tests.support import project_file, risks
from tests.support.browser import words_of
from tests.support.risks import PROOF

R = "/projects/heron/risks"
M = "/projects/heron/mitigations"
RISK = {"what": "Écarté à tort", "affected": "Les demandeurs", "likelihood": "3", "severity": "3"}


def test_a_finding_of_harm_offers_a_risk_and_the_two_refer_to_each_other(browser, harm):
    finding = f"/projects/heron/findings/{harm.number}"
    offer = browser.visit(finding).find("a", string="Inscrire un risque")
    form = browser.visit(offer["href"])
    assert form.select_one("[name=what]")["value"] == harm.what
    key = form.select_one("[name=form_key]")["value"]
    for _twice in range(2):
        page = browser.submit(offer["href"], **RISK | {"form_key": key})
        assert page.find("a", href=finding)
    assert db.session.query(Risk).one().finding_id == harm.id
    again = browser.visit(finding)
    assert again.find("a", href=f"{R}/1", string="Risque 1")
    assert not again.find("a", string="Inscrire un risque")


def test_only_a_finding_of_this_project_fills_the_form(browser, harm):
    assert browser.open(f"{R}/new?finding=77").status_code == 404
    assert browser.open(f"{R}/new?finding=99999999999").status_code == 404
    browser.visit(f"{R}/new?finding=x")


def test_a_risk_is_followed_to_its_end_on_its_pages(browser, person, project):
    assert "Aucun risque n’est encore inscrit" in words_of(browser.visit(R).main)
    page = browser.submit(f"{R}/new", **RISK | {"likelihood": "2", "severity": "3"})
    assert "Rien n’est encore prévu" in words_of(page.main)
    due = clock.today().isoformat()
    typed = {"what": "Relire chaque refus", "owner": str(person.id), "due_on": due}
    page = browser.submit(f"{R}/1/mitigations/new", **typed)
    assert person.name in words_of(page.select_one("#mitigation-1"))
    browser.submit(f"{M}/1/begin")
    refused = browser.submit(f"{M}/1/proof", expect=422, version="2")
    assert "c’est sa preuve" in words_of(refused.main)
    browser.submit(f"{M}/1/proof", version="2", proof_link=PROOF, note="Vu en comité.")
    assert "Vu en comité." in words_of(browser.visit(f"{M}/1").main)
    kept = {"residual_likelihood": "1", "residual_severity": "2", "residual_reason": "Relu."}
    page = browser.submit(f"{R}/1/residual", version="1", **kept)
    assert "Risque faible" in words_of(page.main)
    page = browser.submit(f"{R}/1/close", version="2", closing_reason="Plus rien à craindre.")
    assert "Plus rien à craindre." in words_of(page.main)
    told = words_of(browser.visit(f"{R}/1/history").main)
    for deed in ("Risque inscrit", "Mesure en place", "Ce qui reste du risque, noté", "Risque clos"):
        assert deed in told
    assert person.name in told
    feed = words_of(browser.visit("/projects/heron/activity").main)
    assert "a mis en place la mesure 1" in feed


def test_what_is_late_is_seen_wherever_a_team_looks(browser, person, project):
    risks.late(risks.risk(project, likelihood=4, severity=3), person, what="Prévenir le DPO")
    register = words_of(browser.visit(R).main)
    assert "1 mesure en retard" in register
    assert "Prévenir le DPO" in register
    assert "En retard" in words_of(browser.visit(f"{R}/1").main)
    page = words_of(browser.visit("/projects/heron").main)
    assert "1 mesure en retard, 1 risque ouvert, 1 élevé" in page
    assert "En retard de 1 jour · mesure contre le risque 1" in page


def test_the_level_of_a_risk_begins_with_a_capital_in_both_languages(project):
    high = risks.risk(project, likelihood=4, severity=4)
    words = {}
    for language in ("fr", "en"):
        with using_language(language):
            words[language] = labels.badge(high)[0]
    assert words == {"fr": "Risque élevé", "en": "High risk"}


def test_the_matrix_says_each_level_in_words(browser, project, person):
    reduced = {"residual_likelihood": 1, "residual_severity": 1}
    risks.risk(project, likelihood=4, severity=4, **reduced)
    for address, row, level in ((R, 3, "Faible"), (f"{R}?as=before", 0, "Élevé")):
        matrix = browser.visit(address).select(".dense table")[1]
        cells = matrix.select("tbody tr")[row].select("td")
        (holding,) = [cell for cell in cells if cell.find("a", href=f"{R}/1")]
        assert level in words_of(holding)
        assert "Vraisemblance" in words_of(holding)  # its column, once columns are gone
    assert len(browser.visit(R).select(".heat__level")) == 16


def test_both_texts_come_back_when_somebody_saved_first(browser, browser_for, carrier, project):
    risks.risk(project)
    browser.submit(f"{R}/1/edit", version="1", **RISK)
    page = browser_for(carrier).submit(
        f"{R}/1/edit", expect=409, version="1", **RISK | {"what": "Tout autre chose"}
    )
    both = words_of(page.select_one(".two-texts"))
    assert "Tout autre chose" in both
    assert "Écarté à tort" in both
    assert db.session.query(Risk).one().what == "Écarté à tort"


def test_an_owner_who_left_is_still_named(browser, project):
    gone = risks.mitigation(risks.risk(project))
    assert browser.visit(f"{M}/1/edit").select_one("[name=owner] option[selected]")["value"] == ""
    stranger = project_file.make.person(name="Ancienne collègue")
    gone.owner_id = stranger.id
    db.session.commit()
    page = browser.visit(f"{M}/1/edit")
    assert "qui a quitté l’équipe" in words_of(page.select_one("[name=owner]"))
    browser.submit(f"{M}/1/edit", version="2", what="autre", owner=str(stranger.id))


def test_only_who_carries_the_project_is_led_to_close_what_is_high(browser, browser_for, carrier, project):
    risks.risk(project, likelihood=4, severity=4)
    assert not browser.visit(f"{R}/1").find("a", string="Clore le risque")
    assert browser.open(f"{R}/1/close").status_code == 403
    theirs = browser_for(carrier)
    assert theirs.visit(f"{R}/1").find("a", string="Clore le risque")
    theirs.submit(f"{R}/1/close", version="1", closing_reason="Le service est arrêté.")


def test_the_register_is_a_file_that_no_spreadsheet_runs(browser, project, person):
    risks.risk(project, what="=HYPERLINK(1)", detail="d")
    risks.closed(project, person)
    sent = browser.open(f"{R}/register.csv", method="POST")
    rows = list(csv.reader(io.StringIO(sent.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["N°", "Risque"]
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][5] == rows[1][8] == "Modéré"


def test_fifty_risks_cost_what_one_costs(browser, project, person, statements):
    costs = []
    for count in (1, 49):
        for _number in range(count):
            risk = risks.risk(project)
            risks.late(risk, person)
            risks.in_place(risk, person)
        for path in (R, f"{R}/1", f"{M}/1", "/projects/heron"):
            browser.open(path)
            statements.clear()
            browser.open(path)
            costs.append(len(statements))
    assert costs[:4] == costs[4:]
    assert len(browser.visit(f"{R}?page=2").select("#register tbody tr")) > 20


def test_files_and_talk_stand_beside_a_risk(browser, project, person):
    risk = risks.risk(project)
    made = risks.mitigation(risk)
    project_file.attachment(project, risk, person)
    project_file.attachment(project, made, person)
    page = browser.visit(f"{R}/1")
    assert page.select_one("#discussion")
    assert "1 fichier" in words_of(page.main) or page.select("a[download]")
    assert browser.visit(f"{M}/1").select("a[download]")
    browser.submit(f"{M}/1/proof", version="1", proof_link="", note="")
    assert db.session.query(Mitigation).one().progress is MitigationState.IN_PLACE


def test_the_register_warns_first_of_a_high_risk_that_nothing_is_done_about(browser, project, person):
    high = risks.risk(project, likelihood=4, severity=4, what="Refus à tort")
    risks.risk(project, likelihood=1, severity=2)
    page = browser.visit(R)
    alert = page.select_one("#risks > .fr-alert")
    assert "1 risque élevé sans mesure" in words_of(alert).replace("\xa0", " ")
    assert next(link["href"] for link in alert.find_all("a")) == f"{R}/{high.number}"
    risks.mitigation(high)
    assert "1 risque élevé sans mesure" in words_of(browser.visit(R).main).replace("\xa0", " ")
    page = browser.visit(f"{R}/{high.number}").main
    assert "dites qui s’en charge et pour quand" in words_of(page)
    assert page.find("a", string="Dire qui s’en charge et pour quand")["href"] == f"{M}/1/edit"
    risks.mitigation(high, owner_id=person.id, due_on=clock.today())
    assert "sans mesure" not in words_of(browser.visit(R).main)
    dropped = risks.risk(project, likelihood=4, severity=3)
    by = make.person()
    ended = {"settled_at": clock.now(), "settled_by_id": by.id, "note": "r"}
    risks.mitigation(dropped, progress=MitigationState.DROPPED, **ended)
    assert "1 risque élevé sans mesure" in words_of(browser.visit(R).main).replace("\xa0", " ")
    risks.closed(project, make.person(), likelihood=4, severity=4)
    assert "1 risque élevé sans mesure" in words_of(browser.visit(R).main).replace("\xa0", " ")


def test_a_measure_in_place_is_still_given_its_owner_and_the_risk_its_next_step(browser, project, person):
    high = risks.risk(project, likelihood=4, severity=4)
    risks.in_place(high, person)
    typed = {"owner": str(person.id), "due_on": clock.today().isoformat(), "version": "1"}
    assert browser.visit(f"{M}/1").main.find("a", string="Dire qui s’en charge et pour quand")
    page = browser.submit(f"{M}/1/edit", expect=422, what="Autre chose", **typed)
    assert "reprenez-la d’abord" in words_of(page.main)
    browser.submit(f"{M}/1/edit", what="Relire chaque refus", **typed)
    assert not browser.visit(f"{M}/1").main.find("a", string="Dire qui s’en charge et pour quand")
    page = browser.visit(f"{R}/1").main
    assert "Une mesure est en place : notez ce qui reste du risque." in words_of(page).replace("\xa0", " ")
    assert words_of(page.select_one(".fr-btn")) == "Noter ce qui reste"
    assert "celui du départ" not in words_of(page)
