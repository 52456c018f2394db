"""`flask gates judge`: gates of projects that are not over, health of all, and nothing twice."""

from portal.oversight.gates.models import GateEvaluation
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import factories as make


def test_every_project_that_goes_on_is_judged_once(app):
    make.project()
    make.project(stopped_on=clock.today(), stop_reason="r", learnings="l")
    for _twice in range(2):
        told = app.test_cli_runner().invoke(args=["gates", "judge"])
        assert "2 projects judged" in told.output  # of one that is over, its health alone
    assert db.session.query(GateEvaluation).count() == 12
