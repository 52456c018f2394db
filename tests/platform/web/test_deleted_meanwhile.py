"""A button of a page whose row somebody deletes at that moment: the answer says so."""

import pytest
import sqlalchemy as sa

from portal.api.webhooks import commands as webhook_commands
from portal.ethics.reviews import reviewer_commands
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db, reload_row
from portal.sprints.backlog_import import commands as import_commands
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.test_views import bring
from tests.support import factories as make
from tests.support import reviews, webhooks
from tests.support.browser import words_of


@pytest.fixture(autouse=True)
def _deleted_meanwhile(monkeypatch):
    """Whoever waited for the lock of a row finds it deleted."""

    def delete_and_reload(row):
        deletion = sa.delete(type(row)).where(type(row).id == row.id)
        db.session.execute(deletion, execution_options={"synchronize_session": False})
        db.session.commit()
        reload_row(row)

    for module in (webhook_commands, reviewer_commands, import_commands):
        monkeypatch.setattr(module, "reload_row", delete_and_reload)


def test_a_page_that_cannot_be_drawn_without_its_row_says_that_it_was_deleted(app, browser_for):
    project = make.project(slug="heron")
    carrier, member = (make.role(project.id, role) for role in (Role.TEAM_LEAD, Role.TEAM_MEMBER))
    leading, judge = make.role(project.programme_id, Role.PROGRAMME_LEAD), reviews.reviewer(project)
    hook, _secret = webhooks.webhook(leading, project.id, "https://forge.example/hook")
    review = reviews.taken(make.actor(carrier), project, judge)
    reviews.condition(judge, project, review)
    db.session.commit()
    team = browser_for(member)
    path = bring(team, files.gitlab(files.issue(1, "Écran")))
    for browser, button in (
        (browser_for(leading), f"/webhooks/{hook}/test"),
        (browser_for(judge), "/projects/heron/reviews/conditions/1/drop"),
        (team, f"{path}/confirm"),
    ):
        assert "Quelqu’un vient de le supprimer." in words_of(browser.submit(button, expect=409, seen=1).main)
