"""Evidence that is rewritten while a gate is read, or after it was accepted."""

from dataclasses import fields, replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.oversight.gates import projections, queries
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.evidence_change_labels import CHOICES, describe_changes_since_decision
from portal.oversight.gates.predicate_result_rules import PredicateResult, UnmetCode
from portal.oversight.gates.predicate_rules import GateResult, evaluation_as_plain, evaluation_from_plain
from portal.oversight.gates.state_rules import GateStanding
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.data_sources import commands as data_sources
from portal.project.data_sources.models import AccessState, DataSource, DpiaScreening, PersonalDataPresence
from portal.project.framing.metric_models import ImpactMetric
from portal.sprints.prototypes import evaluation_commands
from portal.sprints.prototypes.evaluation_commands import RunFacts
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.browser import words_of

COMPARED = 4  # the gate of the evaluation
SHA = "a" * 64
OLD = GateResult(COMPARED, (PredicateResult("threshold_met", None, {"number": 1}, ("run/1",)),))


@pytest.fixture
def proved(project):
    """A run that proves the gate; returns a function that rewrites its result."""
    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    version = project_file.version(project, model_family="CamemBERT")
    protocol = project_file.protocol(project, baseline_name="Règles")
    run = project_file.run(project, protocol, version, result=0.8, code_reference="v1", data_sha256=SHA)
    projections.judge_project_gates(project)
    db.session.commit()

    def rewrite(result):
        facts = RunFacts(
            prototype=version,
            ran_on=run.ran_on,
            result=result,
            code_reference="v1",
            data_sha256=SHA,
            note="",
            subgroups=(),
        )
        evaluation_commands.change_run(member, project, protocol, run, facts, expected_version=run.version)
        db.session.commit()

    return rewrite


def test_values_nobody_read_are_not_accepted_and_the_form_can_be_sent_again(
    project, proved, coach, browser_for
):
    reader = browser_for(db.session.get_one(Person, coach.person_id))
    path = f"/projects/{project.slug}/gates/{COMPARED}/accept"
    form = reader.visit(path).select_one("form:has([name=fingerprint])")
    typed = {each["name"]: each.get("value", "") for each in form.select("input[name]")} | {"note": "Bien lu"}
    proved(0.72)
    refused = reader.submit(path, expect=422, **typed)
    assert "Les preuves ont changé depuis que vous les avez lues" in words_of(refused.main)
    assert "0,72" in words_of(refused.main)
    assert words_of(refused.select_one("[name=note]")) == "Bien lu"
    again = typed | {"fingerprint": refused.select_one("[name=fingerprint]")["value"]}
    reader.submit(path, **again)
    assert queries.read_states(project)[COMPARED].standing is GateStanding.ACCEPTED
    gate_page = f"/projects/{project.slug}/gates/{COMPARED}"
    assert "Ses preuves n’ont pas changé depuis" in words_of(reader.visit(gate_page).main)
    proved(0.99)
    assert "résultat : 0,72 → 0,99" in words_of(reader.visit(gate_page).main)
    proved(0.95)
    assert "résultat : 0,72 → 0,95" in words_of(reader.visit(gate_page).main)


def test_a_form_whose_gate_lost_a_proof_meanwhile_offers_no_acceptance(project, proved, coach, browser_for):
    reader = browser_for(db.session.get_one(Person, coach.person_id))
    path = f"/projects/{project.slug}/gates/{COMPARED}/accept"
    page = reader.visit(path)
    assert page.find("button", string="Accepter en mon nom")
    typed = {"fingerprint": page.select_one("[name=fingerprint]")["value"], "note": "Bien lu"}
    proved(0.1)
    refused = reader.submit(path, expect=422, **typed)
    said = words_of(refused.main)
    assert "relisez-les. Il manque encore 1 preuve à ce jalon." in said
    assert words_of(refused.select_one("[name=note]")) == "Bien lu"
    assert refused.find("button", string="Accepter en mon nom") is None


def test_what_made_an_acceptance_stale_says_its_old_and_new_values(project, rewrite_source, browser_for):
    person = gates.coach(project)
    reader = browser_for(person)
    rewrite_source(holder="DGFiP", purpose="Repérer les serres")
    source = db.session.scalars(sa.select(DataSource)).one()
    source.access = AccessState.RECEIVED
    source.sample_rows, source.sample_on, source.sample_sha256 = 40, source.access_on, SHA
    source.quality_note = "Sûre"
    db.session.commit()
    gates.judged(project)
    accept = f"/projects/{project.slug}/gates/2/accept"
    fingerprint = reader.visit(accept).select_one("[name=fingerprint]")["value"]
    reader.submit(accept, fingerprint=fingerprint, note="")
    rewrite_source(purpose="Repérer les piscines")
    gates.judged(project)
    change = "finalité : « Repérer les serres » → « Repérer les piscines »"
    assert change in words_of(reader.visit(f"/projects/{project.slug}/gates/2").select_one(".fr-alert"))
    panel = reader.visit(accept).find("h2", string=lambda title: title and "Ce qui le périme" in title)
    assert change in words_of(panel.find_next_sibling("ul"))


def test_an_evaluation_stored_before_tokens_were_is_that_of_the_same_evidence():
    (result,) = OLD.results
    now = replace(OLD, results=(replace(result, token="of 0,8"),))
    other = replace(OLD, results=(replace(result, token="of 0,9"),))
    assert evaluation_from_plain(evaluation_as_plain(OLD)).has_same_evidence_as(now)
    assert now.has_same_evidence_as(OLD)
    assert not now.has_same_evidence_as(other)
    assert evaluation_from_plain(evaluation_as_plain(now)).has_same_evidence_as(now)
    assert not replace(OLD, results=(replace(result, references=("run/2",)),)).has_same_evidence_as(OLD)


@pytest.fixture
def rewrite_source(project, coach):
    """A source that lacks its holder and its purpose; returns a function that writes both."""
    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    source = project_file.source(
        project, name="Cadastre", legal_basis="RGPD 6-1-e", screening=DpiaScreening.NOT_NEEDED
    )
    names = [each.name for each in fields(data_sources.SourceFacts)]

    def rewrite(**changes):
        facts = data_sources.SourceFacts(**{name: getattr(source, name) for name in names} | changes)
        data_sources.change_source(member, project, source, facts, source.version)
        db.session.commit()

    return rewrite


def read_since_decision(reader, project, gate):
    """What the page says that changed since the first decision of a gate."""
    page = reader.visit(f"/projects/{project.slug}/gates/{gate}")
    return words_of(page.select_one(".deeds li .muted"))


@pytest.mark.parametrize(("field", "label"), [("holder", "détenteur"), ("purpose", "finalité")])
def test_a_text_that_was_missing_and_is_written_is_named_with_its_piece(
    project, rewrite_source, browser_for, field, label
):
    person = gates.coach(project)
    reader = browser_for(person)
    gates.judged(project)
    gates.decision(project, 2, GateVerb.REFUSED, person, "Écrivez-le")
    rewrite_source(**{field: "DGFiP"})
    gates.judged(project)
    piece = f"source 1 « Cadastre », {label}"
    assert read_since_decision(reader, project, 2) == (
        f"Ses preuves ont changé depuis : {piece} : vide → « DGFiP »."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"screening": DpiaScreening.NEEDED},
            "analyse d’impact (AIPD) : examiné : pas d’AIPD nécessaire → examiné : une AIPD est nécessaire",
        ),
        ({"personal": PersonalDataPresence.NO}, "données personnelles : pas encore dit → non"),
    ],
)
def test_a_choice_is_named_with_its_old_and_new_label(project, rewrite_source, browser_for, changes, said):
    person = gates.coach(project)
    gates.judged(project)
    gates.decision(project, 2, GateVerb.REFUSED, person, "À revoir")
    rewrite_source(purpose="Repérer les serres", **changes)
    gates.judged(project)
    assert said in read_since_decision(browser_for(person), project, 2)


def test_each_choice_of_a_piece_has_its_labels():
    for model in (DataSource, ImpactMetric, EvaluationProtocol, EvaluationRun):
        for column in model.__table__.columns:
            if isinstance(column.type, sa.Enum):
                assert CHOICES[column.name].keys() == set(column.type.enum_class), column


def test_a_purpose_that_is_emptied_names_its_field_and_no_piece_that_came(
    project, coach, rewrite_source, browser_for
):
    person = db.session.get_one(Person, coach.person_id)
    reader = browser_for(person)
    rewrite_source(purpose="Repérer les serres")
    gates.judged(project)
    gates.decision(project, 2, GateVerb.REFUSED, person, "Non")
    rewrite_source(purpose="")
    gates.judged(project)
    assert read_since_decision(reader, project, 2) == (
        "Ses preuves ont changé depuis : source 1 « Cadastre », finalité : « Repérer les serres » → vide."
    )


def test_what_has_no_piece_is_named_by_its_demand_and_what_lacked_is_said_to_be_settled(app):
    def describe(before, now):
        state = SimpleNamespace(
            evaluation=GateResult(6, tuple(now)), definition=SimpleNamespace(thresholds={})
        )
        with app.test_request_context():
            said = describe_changes_since_decision(state, GateResult(6, tuple(before)))
        return said.replace("\u00a0", " ")

    unsigned = PredicateResult("agreement_signed", UnmetCode.AGREEMENT_MISSING)
    signed = PredicateResult("agreement_signed", None, {"day": "2026-03-02"})
    severe = PredicateResult("no_severity_4", UnmetCode.SEVERITY_4_OPEN, {"n": 1}, ("finding/4",))
    settled = PredicateResult("no_severity_4", None, {"n": 0})
    demand = "« La convention est signée »"
    changed = "Ses preuves ont changé depuis :"
    assert (
        describe([unsigned, severe], [signed, settled]) == f"{changed} réglé : constat 4 ; prouvé : {demand}."
    )
    assert describe([signed, settled], [unsigned, severe]) == (
        f"{changed} à régler : constat 4 ; plus prouvé : {demand}."
    )
    everybody = PredicateResult("consent_complete", None, {"n": 5, "wanted": 5}, ("round/1",))
    fewer = replace(everybody, parameters={"n": 4, "wanted": 4})
    assert describe([everybody], [fewer]).endswith(" leur accord », 5 sur 5 → 4 sur 4.")
    later = replace(signed, parameters={"day": "2026-03-03"})
    assert describe([signed], [later]) == f"{changed} autre valeur : {demand}."
