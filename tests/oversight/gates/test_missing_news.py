"""Who is told of a gate that is asked for or refused reads what was missing, with value and threshold."""

import pytest

from portal.oversight.gates import commands, projections
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing.metric_models import MetricDirection
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.browser import words_of

COMPARED = 4


@pytest.mark.parametrize(
    ("direction", "wanted"), [(MetricDirection.UP, "0,7 demandé"), (MetricDirection.DOWN, "0,1 au plus")]
)
def test_what_is_missing_is_told_with_its_value_and_threshold(project, browser_for, direction, wanted):
    is_down = direction is MetricDirection.DOWN
    protocol = project_file.protocol(
        project, baseline_name="Règles", direction=direction, threshold=0.1 if is_down else 0.7
    )
    project_file.run(project, protocol, project_file.version(project), result=0.66)
    projections.judge_project_gates(project)
    db.session.commit()
    team, coach = make.role(project.id, Role.TEAM_LEAD), gates.coach(project)
    commands.declare_gate(make.actor(team), project, COMPARED)
    db.session.commit()
    missing = f"il manque : l’essai 1 n’atteint pas le seuil du protocole 1 (0,66, pour {wanted})"
    assert f"le demande ; {missing}" in words_of(browser_for(coach).visit("/inbox").main)
    commands.refuse_gate(make.actor(coach), project, COMPARED, "Sous le seuil.")
    db.session.commit()
    assert f"a refusé le jalon G4 ; {missing}" in words_of(browser_for(team).visit("/inbox").main)
    page = words_of(browser_for(team).visit(f"/projects/{project.slug}/gates/{COMPARED}").main)
    assert f"0,66, pour {wanted}" in page


def test_of_a_proved_gate_nothing_is_said_to_be_missing(project, browser_for):
    team, coach = make.role(project.id, Role.TEAM_LEAD), gates.coach(project)
    gates.shown(project)
    gates.judged(project)
    commands.declare_gate(make.actor(team), project, 5)
    db.session.commit()
    inbox = words_of(browser_for(coach).visit("/inbox").main)
    assert "a déclaré le jalon G5 franchi et le demande" in inbox
    assert "il manque" not in inbox
