"""Figures are updated in the transaction of a command; `house/test_access` tries every action."""

import pytest

from portal.ethics.risks import commands as risks
from portal.ethics.risks import mitigation_commands
from portal.ethics.risks.mitigation_commands import MitigationFacts, MitigationProof
from portal.oversight.gates import commands as gates
from portal.oversight.open_issues import projections
from portal.oversight.open_issues.models import StoredIssueFigures
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import ACTIONS
from portal.platform.kernel.database import db
from portal.user_tests.findings import commands as findings
from tests.ethics.risks.test_commands import facts, left
from tests.support import concerns, project_file, rereviews, reviews, user_tests
from tests.support import factories as make
from tests.support.around import carrier, lead, member, person, project
from tests.support.risks import PROOF

__all__ = ["carrier", "lead", "member", "person", "project"]


def test_a_deed_changes_the_figures_of_its_team_alone(project, member, lead):
    other = make.project()
    tried = user_tests.round_(project, project_file.version(project))
    noted = findings.note_finding(member, project, tried, findings.FindingFacts(what="Rien"))
    db.session.commit()
    assert concerns.kept(project.id)["findings"] == [0, 0, 0, 0, 0, 1]
    findings.rate_finding(member, project, noted, 4, noted.version)
    risks.note_risk(member, project, facts())
    gates.waive_gate(lead, project, 9, "Rien n’est exposé.")
    db.session.commit()
    told = concerns.kept(project.id)
    assert (told["findings"], told["severe_number"]) == ([0, 0, 0, 0, 1, 0], 1)
    assert (told["high"], told["waived"]) == (1, [9])
    gates.restore_gate(lead, project, 9, "Si.")
    db.session.commit()
    assert concerns.kept(project.id)["waived"] == []
    assert not db.session.query(StoredIssueFigures).filter_by(project_id=other.id).count()


def test_a_risk_is_followed_from_its_start_to_its_end(project, member, person):
    owned = MitigationFacts(what="Relire", owner_id=person.id, due_on=clock.today())
    risk = risks.note_risk(member, project, facts())
    made = mitigation_commands.add_mitigation(member, project, risk, owned)
    steps = [
        lambda: None,
        lambda: mitigation_commands.drop_mitigation(member, project, (made, risk), "r", made.version),
        lambda: mitigation_commands.resume_mitigation(member, project, (made, risk)),
        lambda: mitigation_commands.prove_mitigation(
            member, project, (made, risk), MitigationProof(link=PROOF), made.version
        ),
        lambda: risks.reassess_risk(member, project, risk, left(), risk.version),
        lambda: risks.close_risk(member, project, risk, "r", risk.version),
        lambda: risks.reopen_risk(member, project, risk),
    ]
    found = []
    for step in steps:
        step()
        db.session.commit()
        told = concerns.kept(project.id)
        found.append((told["high"], len(told["measures"])))
        assert concerns.faults() == []
    assert found == [(1, 1), (1, 0), (1, 1), (1, 0), (0, 0), (0, 0), (0, 0)]


def test_what_is_rolled_back_leaves_none(project, member):
    risks.note_risk(member, project, facts())
    db.session.rollback()
    assert not db.session.query(StoredIssueFigures).count()


def test_a_review_and_what_has_it_looked_at_again(project, member, carrier):
    by = reviews.reviewer(project)
    review = rereviews.accepted(make.actor(carrier), project, by)
    (kept,) = concerns.kept(project.id)["reviews"]
    assert (kept["number"], kept["state"]) == (review.number, "accepted")
    assert kept.keys() == {"number", "kind", "state", "submitted_on", "decided_on"}
    rereviews.look()
    rereviews.aim_at(member, project)
    assert rereviews.raised()
    told = concerns.kept(project.id)
    assert told["triggers"] == 1
    assert told["triggered_on"] is not None
    assert concerns.faults() == []


@pytest.mark.parametrize(
    ("code", "touches"),
    [
        ("finding.rated", True),
        ("finding.seen", False),
        ("review.answered", False),
        ("rereview.raised", True),
        ("gate.waived", True),
        ("gate.accepted", False),
        ("transparency.withdrawn", True),
        ("sprint.closed", False),
    ],
)
def test_which_deeds_are_looked_at(app, code, touches):
    assert code in ACTIONS
    line = type("Line", (), {"action": code})()
    assert bool(projections.PROJECTION.changed_parts_of(line)) is touches


def test_all_of_an_installation_are_told_again(app, project):
    user_tests.finding(user_tests.round_(project, project_file.version(project)), severity=4)
    make.role(project.id, Role.TEAM_LEAD)
    id_ = project.id
    assert app.test_cli_runner().invoke(args=["gates", "judge"]).exit_code == 0
    assert concerns.kept(id_)["findings"][4] == 1
