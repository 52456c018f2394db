"""The form of a project names the gates that its days leave after the end of the support."""

from datetime import UTC, date, datetime

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.browser import words_of

HERE = "/projects/heron"
NEW = "/programmes/ami/projects/new"


def test_the_form_names_the_gates_that_fall_after_the_end(app, browser_for):
    programme = make.programme(slug="ami", starts_on=date(2026, 1, 5))
    project = make.project(programme, slug="heron")
    lead = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    for month in (1, 2):  # one that begins late is proposed as many months
        with clock.frozen_at(datetime(2026, month, 20, 12, tzinfo=UTC)):
            assert "après cette fin" not in words_of(lead.visit(NEW).main)
    project.starts_on, project.ends_on = date(2026, 1, 5), date(2026, 10, 1)
    db.session.commit()
    assert "Prévus après cette fin : G10, G11." in words_of(lead.visit(f"{HERE}/edit").main)
