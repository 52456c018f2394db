"""The page of a gate: what comes first, and each piece of evidence once."""

from datetime import date

from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel.access import Role
from portal.project.data_sources.models import DpiaScreening, PersonalDataPresence
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.browser import words_of

G = "/projects/heron/gates"


def test_missing_proofs_come_first_with_their_value_and_evidence_is_named_once(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    traced = {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    project_file.run(project, under, project_file.version(project), result=0.68, **traced)
    gates.judged(project)
    proofs = member.visit(f"{G}/4").select(".proofs li")
    first = words_of(proofs[0])
    assert "proofs__missing" in proofs[0]["class"]
    assert "Rappel : 0,68, pour 0,7 demandé, référence 0,38" in first
    assert first.index("n’atteint pas le seuil") < first.index("0,68") < first.index("À l’équipe.")
    pieces = [tag.parent for tag in proofs[0].parent.select(".reason a")]
    assert len(pieces) == 2
    assert words_of(pieces[0]).startswith("Ces 5 preuves sont jugées sur : protocole 1")


def test_the_next_gate_says_the_value_under_its_threshold(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    project_file.run(project, under, project_file.version(project), result=0.68)
    gates.judged(project)
    for gate in range(4):
        gates.decision(project, gate, GateVerb.WAIVED, make.person())
    assert "Rappel : 0,68, pour 0,7 demandé" in words_of(member.visit(G).select_one(".proofs__missing"))


def test_why_a_gate_is_stale_stands_above_its_buttons(browser_for, project):
    coach = browser_for(gates.coach(project))
    under = project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    traced = {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    tried = project_file.version(project, model_family="A")
    project_file.run(project, under, tried, result=0.75, ran_on=date(2026, 3, 10), **traced)
    gates.judged(project)
    page = coach.visit(f"{G}/4/accept")
    coach.submit(f"{G}/4/accept", fingerprint=page.select_one("[name=fingerprint]")["value"], note="")
    project_file.version(project, model_family="B")
    gates.judged(project)
    said = words_of(coach.visit(f"{G}/4").main)
    assert said.index("Périmé depuis le") < said.index("Accepter")


def test_a_proof_keeps_the_capitals_of_an_acronym(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    lawful = {"holder": "DDTM", "legal_basis": "Mission d’intérêt public", "purpose": "Trier"}
    project_file.source(
        project, **lawful, personal=PersonalDataPresence.NO, screening=DpiaScreening.NOT_NEEDED
    )
    gates.judged(project)
    assert "AIPD : examiné : pas d’AIPD nécessaire" in words_of(member.visit(f"{G}/2").main)
    form = words_of(member.visit("/projects/heron/file/data/1/edit").main)
    assert "Ces données parlent-elles de personnes ?" in form


def test_what_made_a_gate_stale_is_named_once_by_its_link(browser_for, project):
    coach = gates.coach(project)
    lawful = {"holder": "DDTM", "legal_basis": "Mission d’intérêt public", "purpose": "Trier"}
    known = {"personal": PersonalDataPresence.NO, "screening": DpiaScreening.NOT_NEEDED}
    project_file.source(project, **lawful, **known)
    gates.judged(project)
    gates.decision(project, 2, GateVerb.ACCEPTED, coach)
    for name in ("Relevés", "Photos"):
        project_file.source(project, name=name, purpose="")
    gates.judged(project)
    alert = browser_for(coach).visit(f"{G}/2").main.select_one(".fr-alert")
    assert words_of(alert).count("Relevés") == words_of(alert).count("Photos") == 1
    assert [link["href"][-2:] for link in alert.select("li a")] == ["/2", "/3"]


def test_a_form_reached_from_a_proof_leads_back_to_its_gate(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    project_file.source(project, holder="DDTM", purpose="")
    gates.judged(project)
    (remedy,) = member.visit(f"{G}/2").select("a[href*='field=legal_basis']")
    form = member.visit(remedy["href"]).select_one("#act form")
    assert form.find("a", string="Annuler")["href"] == f"{G}/2"
    typed = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    answers = {"personal": "no", "screening": "not_needed", "legal_basis": "Mission d’intérêt public"}
    page = member.submit(form["action"], name="Lettres", holder="DDTM", **typed, **answers)
    assert words_of(page.find("h1")).startswith("G2")
    assert "« Lettres » est enregistrée." in words_of(page.body)
