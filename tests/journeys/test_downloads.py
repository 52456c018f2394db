"""Browser test: after a file the form is free at once, and a double click is one file."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from tests.journeys.teams import add_person
from tests.support import factories as make
from tests.support import funding

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_second_file_comes_at_once_and_a_double_click_is_one_file(portal, visitor, team):
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        funding.signed(project, make.actor(make.role(project.programme_id, Role.OPERATOR)))
        slug = get_programme_of(project).slug
        db.session.commit()
    operator = visitor(1280)
    operator.enter(add_person(portal, team.slug, Role.OPERATOR, pooled=True))
    operator.go(f"/programmes/{slug}/funding/report")
    page = operator.page
    operator.click(page.locator("summary", has_text="Exporter"))
    names = []
    page.on("download", lambda download: names.append(download.suggested_filename.rsplit(".")[-1]))

    def take(button, press):
        with page.expect_download(timeout=10_000):
            press(page.get_by_role("button", name=button))

    take("En CSV", lambda button: button.click())
    take("En tableur", lambda button: button.click())
    page.wait_for_timeout(1_100)
    take("En tableur", lambda button: button.dblclick())
    page.wait_for_timeout(1_100)
    take("En tableur", lambda button: button.click())
    assert names == ["csv", "xlsx", "xlsx", "xlsx"]
