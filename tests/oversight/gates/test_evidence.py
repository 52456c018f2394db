"""Evidence matches the rows of the features, in a constant number of statements."""

from dataclasses import replace
from datetime import date

import pytest

from portal.oversight.gates import commands, projections, queries
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.evidence_queries import gather_evidence
from portal.oversight.gates.evidence_rules import (
    EvidencePart,
    ReadinessSheetEvidence,
    RiskEvidence,
    RoundFindingEvidence,
    RunEvidence,
    VersionEvidence,
)
from portal.oversight.gates.state_rules import GateStanding
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.data_sources.models import AccessState, DpiaScreening
from tests.support import coaching, project_file, reviews, risks, user_tests
from tests.support import factories as make
from tests.support.rereviews import trigger

SHA = "a" * 64


@pytest.fixture
def member(project):
    return make.role(project.id, Role.TEAM_MEMBER, share_of_time=20)


def test_a_projects_file_is_gathered_as_it_is_written(project, member, coach):
    project.problem = "Trop de lettres"
    project_file.group(project)
    project_file.group(project, left_on=clock.today())
    project_file.metric(project, baseline=3.0, baseline_on=date(2026, 3, 2), target=1.0)
    for _number in range(3):
        project_file.assumption(project)
    project_file.interview(project)
    project_file.source(
        project,
        holder="DGFiP",
        legal_basis="Mission d’intérêt public",
        screening=DpiaScreening.NOT_NEEDED,
        access=AccessState.USABLE,
        purpose="Trier",
    )
    coaching.session(project, db.session.get_one(type(member), coach.person_id))
    evidence = gather_evidence(project, frozenset(EvidencePart))
    assert (evidence.engagement.members, evidence.engagement.members_with_share) == (1, 1)
    assert evidence.engagement.tracks == {"technical": True, "strategic": False}
    assert evidence.coached_on is not None
    assert (evidence.framing.problem, evidence.framing.assumptions, evidence.framing.interviews) == (
        True,
        3,
        1,
    )
    assert [(group.number, group.size) for group in evidence.framing.groups] == [(1, 40)]
    assert evidence.metrics[0].baseline_on == date(2026, 3, 2)
    (source,) = evidence.sources
    assert source.has_holder
    assert source.has_legal_basis
    assert (source.is_screened, source.is_received, source.has_hash) == (True, True, False)


def test_what_was_tried_is_gathered_as_it_was_noted(project, member):
    version = project_file.version(project, model_family="CamemBERT")
    protocol = project_file.protocol(project, baseline_name="Règles")
    project_file.run(project, protocol, version, result=0.8, code_reference="v1", data_sha256=SHA)
    project_file.sheet(
        project,
        "oversight",
        answers=project_file.answers_to("oversight"),
        completed_on=clock.today(),
        completed_by_id=member.id,
    )
    group = project_file.group(project)
    test_round = user_tests.round_(project, version, no_access_needs="Aucune n’est venue", access_needs=0)
    task = user_tests.task(test_round)
    for _number in range(2):
        session = user_tests.session(test_round, member, target_group_id=group.id)
        user_tests.result(session, task)
    user_tests.session(test_round, member, is_rehearsal=True)
    user_tests.finding(test_round, severity=None)
    risks.risk(project, likelihood=4, severity=4)
    evidence = gather_evidence(project, frozenset(EvidencePart))
    assert evidence.versions == (VersionEvidence(1, False, "CamemBERT", "suggest/agents"),)
    (run,) = evidence.evaluated.runs
    assert replace(run, value_token="") == RunEvidence(1, date(2026, 3, 9), 1, date(2026, 3, 2))
    (round_,) = evidence.rounds
    assert (round_.sessions, round_.consented, round_.groups) == (2, 2, {1: 2})
    assert (round_.primary, round_.absence_reasoned) == ((2, 2), True)
    assert evidence.findings == (RoundFindingEvidence(1, round=1, severity=None),)
    assert evidence.risks == (RiskEvidence(1, is_high_before=True, is_high_now=True),)
    (sheet,) = evidence.sheets
    assert isinstance(sheet, ReadinessSheetEvidence)
    assert {"override_result", "fallback_result"} <= set(sheet.passed)


def test_an_accepted_review_proves_its_gate_until_a_trigger_is_raised(project, lead, member):
    by = reviews.reviewer(project)
    review = reviews.taken(lead, project, by, kind="framing")
    reviews.decide(by, project, review)
    review_evidence = gather_evidence(project, {EvidencePart.REVIEWS}).reviewed.reviews[0]
    assert (review_evidence.kind, review_evidence.outcome, review_evidence.reviewer_independent) == (
        "framing",
        "accepted",
        True,
    )
    projections.judge_project_gates(project)
    db.session.commit()
    evaluation = queries.read_states(project)[3].evaluation
    assert evaluation.is_proved, evaluation.missing
    commands.accept_gate(make.actor(by), project, 3, evaluation.fingerprint)
    assert queries.read_states(project)[3].standing is GateStanding.ACCEPTED
    trigger(project, review)
    projections.judge_project_gates(project)
    db.session.commit()
    (stale,) = queries.read_states(project)[3].stale
    assert (stale.cause, stale.references) == (StalenessCause.TRIGGER_OPEN, ("trigger/1",))


def test_a_review_under_way_is_not_decided(project, lead):
    reviews.opened(lead, project, "framing")
    (review_evidence,) = gather_evidence(project, {EvidencePart.REVIEWS}).reviewed.reviews
    assert (review_evidence.outcome, review_evidence.answered, review_evidence.reviewer_independent) == (
        "",
        0,
        None,
    )


def test_many_things_cost_what_one_costs(project, member, statements):
    def cost():
        before = len(statements)
        gather_evidence(project, frozenset(EvidencePart))
        return len(statements) - before

    def add():
        version = project_file.version(project)
        project_file.source(project)
        project_file.metric(project)
        protocol = project_file.protocol(project)
        project_file.run(project, protocol, version)
        test_round = user_tests.round_(project, version)
        user_tests.task(test_round)
        user_tests.session(test_round, member)
        user_tests.finding(test_round)
        risks.risk(project)

    add()
    assert project.slug
    alone = cost()
    for _more in range(4):
        add()
    assert project.slug
    assert cost() == alone
