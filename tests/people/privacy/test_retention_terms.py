"""Terms of notifications and imports, and those that calls and programmes set on their own pages."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.people.privacy import retention_commands, retention_jobs
from portal.people.privacy import retention_queries as queries
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog_import.retention_commands import UPLOADS
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.notifications import told

DAY = timedelta(days=1)


@pytest.fixture
def admin(project) -> Person:
    return make.holder(Role.ADMINISTRATOR, project)


def set_term(admin, key, days):
    actor = make.actor(admin)
    kind = queries.get_kind(actor, key)
    retention_commands.set_term(actor, kind, INSTALLATION, days, 0, previewed_days=days)
    db.session.commit()


def test_notifications_go_on_their_day_and_a_longer_term_keeps_them(project, admin):
    who, now = make.person(), clock.now()
    told(who, project, created_at=now)
    told(who, project, created_at=now + 50 * DAY)
    with clock.frozen_at(now + 89 * DAY):
        assert retention_jobs.apply_retention() == 0
    set_term(db.session.merge(admin), "notifications", 100)
    with clock.frozen_at(now + 99 * DAY):
        assert retention_jobs.apply_retention() == 0
    with clock.frozen_at(now + 101 * DAY):
        assert retention_jobs.apply_retention() == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 1


def test_an_upload_lasts_as_long_as_the_term_says(app, admin):
    assert queries.get_days(UPLOADS) == 1
    set_term(admin, UPLOADS.key, 3)
    assert queries.get_days(UPLOADS) == 3


def test_the_pages_state_what_calls_and_programmes_set_with_what_went(project, admin, browser_for):
    programme = db.session.get_one(make.Programme, project.programme_id)
    programme.test_retention, name = 30, programme.name
    retention_commands.count_removed("applications", 7)
    db.session.commit()
    page = words_of(browser_for(admin).visit("/retention"))
    assert f"{name} : 30 mois" in page
    assert "24 mois après la dernière publication" in page
    row = page.partition("Candidatures non retenues")[2].partition("Séances de test")[0]
    assert "Effacé en trente jours7" in row
    public = words_of(browser_for(make.person()).visit("/privacy"))
    for words in ("24 mois après la dernière", "12 mois après la fin du projet", "90 jours", "1 jour"):
        assert words in public
