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
