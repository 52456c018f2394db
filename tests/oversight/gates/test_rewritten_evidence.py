"""Evidence that is rewritten while a gate is read, or after it was accepted."""

from dataclasses import replace

import pytest

from portal.oversight.gates import projections, queries
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.predicate_rules import GateResult, evaluation_as_plain, evaluation_from_plain
from portal.oversight.gates.state_rules import GateStanding
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.prototypes import evaluation_commands
from portal.sprints.prototypes.evaluation_commands import RunFacts
from tests.support import factories as make
from tests.support import project_file
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


def test_an_evaluation_stored_before_tokens_were_is_that_of_the_same_evidence():
    (result,) = OLD.results
    now = replace(OLD, results=(replace(result, token="of 0,8"),))
    other = replace(OLD, results=(replace(result, token="of 0,9"),))
    assert evaluation_from_plain(evaluation_as_plain(OLD)).has_same_evidence_as(now)
    assert now.has_same_evidence_as(OLD)
    assert not now.has_same_evidence_as(other)
    assert evaluation_from_plain(evaluation_as_plain(now)).has_same_evidence_as(now)
    assert not replace(OLD, results=(replace(result, references=("run/2",)),)).has_same_evidence_as(OLD)
