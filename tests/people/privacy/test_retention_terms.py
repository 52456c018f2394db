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
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.retention import PlaceRetentionTerm, RetentionGroup
from portal.selection.calls.models import CallState
from portal.sprints.backlog_import.retention_commands import UPLOADS
from tests.support import calls
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.notifications import told
from tests.support.trail import last_event

DAY = timedelta(days=1)


@pytest.fixture
def admin(project) -> Person:
    return make.holder(Role.ADMINISTRATOR, project)


def set_term(admin, key, days):
    actor = make.actor(admin)
    kind = queries.get_term_definition(actor, key)
    retention_commands.set_retention_term(actor, kind, INSTALLATION, days, 0, previewed_days=days)
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
    assert queries.get_installation_days(UPLOADS) == 1
    set_term(admin, UPLOADS.key, 3)
    assert queries.get_installation_days(UPLOADS) == 3


@pytest.fixture
def desk(admin, browser_for):
    return browser_for(admin)


def test_the_pages_state_what_calls_and_programmes_set_with_what_went(project, desk, browser_for):
    programme = db.session.get_one(make.Programme, project.programme_id)
    programme.test_retention, name = 30, programme.name
    retention_commands.add_removed_count("applications", 7)
    db.session.commit()
    page = words_of(desk.visit("/retention"))
    assert f"{name} : 30 mois" in page
    assert "24 mois après la dernière publication" in page
    row = page.partition("Candidatures non retenues")[2].partition("Séances de test")[0]
    assert "Effacé en trente jours7" in row
    public = words_of(browser_for(make.person()).visit("/privacy"))
    for words in ("24 mois après la dernière", "12 mois après la fin du projet", "90 jours", "1 jour"):
        assert words in public


def find_place(browser, name):
    """The line of a place on the page of terms, and its link if it has one."""
    cells = browser.visit("/retention").select("#terms-programmes td")
    cell = next(cell for cell in cells if f"{name} : " in words_of(cell))
    return words_of(cell), next((link["href"] for link in cell.select("a") if words_of(link) == name), None)


def test_the_page_leads_to_where_a_programme_and_a_call_set_their_terms(project, admin, desk, browser_for):
    programme = db.session.get_one(make.Programme, project.programme_id)
    lead = make.actor(make.holder(Role.PROGRAMME_LEAD, project))
    call = calls.call(lead, programme, retention_months=36)
    db.session.commit()
    slug, name = programme.slug, programme.name
    applications = f"{name}, appel {call.number}"
    assert find_place(desk, name)[1] == f"/programmes/{slug}/edit#test_retention"
    words, link = find_place(desk, applications)
    assert f"{applications} : 36 mois" in words
    assert link is None, "an administrator who leads nothing changes no call"
    make.role(programme.id, Role.PROGRAMME_LEAD, admin)
    link = find_place(desk, applications)[1]
    assert link == f"/programmes/{slug}/calls/{call.number}/edit#retention_months"
    for path, field, usual in (
        (link, "retention_months", "D’ordinaire 24, le temps de répondre aux recours"),
        (f"/programmes/{slug}/edit", "test_retention", "d’ordinaire 12, le temps de savoir"),
    ):
        label = desk.visit(path.partition("#")[0]).select_one(f"label[for={field}]")
        assert usual in words_of(label.parent)
    call.state = CallState.PUBLISHED
    db.session.commit()
    assert find_place(desk, applications)[1] is None, "applicants were told the term"


def test_each_fold_says_its_terms_and_counts_and_none_is_left_out(project, desk):
    retention_commands.add_removed_count("letters", 3)
    db.session.commit()
    page = desk.visit("/retention")
    folds = {
        fold["id"].removeprefix("terms-"): words_of(fold.summary) for fold in page.select("details.fold[id]")
    }
    assert folds.keys() == {group.value for group in RetentionGroup}
    counts = "à effacer maintenant : 0, effacé en trente jours : 3"
    assert folds["messages"].endswith(f"2 durées, 90 jours, {counts}")
    assert "de 90 à 730 jours" in folds["accounts"]
    listed = {words_of(head).removeprefix("Données") for head in page.select("details.fold tbody th")}
    terms = [*queries.list_term_definitions(), *list_contributions(PlaceRetentionTerm)]
    assert listed == {str(term.title).replace("\u00a0", " ") for term in terms}


def test_the_public_page_names_programmes_of_the_reader_that_set_another_term(project, admin, browser_for):
    programme = db.session.get_one(make.Programme, project.programme_id)
    programme.starts_on, name = clock.today(), programme.name
    actor = make.actor(admin)
    kind = queries.get_term_definition(actor, "packs")
    retention_commands.set_retention_term(actor, kind, programme.id, 45, 0, previewed_days=45)
    db.session.commit()
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert f"{name} : 45 jours" in words_of(member.visit("/privacy"))
    for other in (None, make.role(make.project().id, Role.TEAM_MEMBER)):
        page = words_of(browser_for(other).visit("/privacy"))
        assert name not in page
        assert "Un programme peut en fixer une autre." in page
    programme = db.session.get_one(make.Programme, project.programme_id)
    programme.starts_on = clock.today() + DAY
    db.session.commit()
    assert "45 jours" not in words_of(member.visit("/privacy")), "not yet announced"


def test_two_who_set_a_term_compare_what_they_see_only(desk, admin):
    set_term(admin, "notifications", 40)
    page = desk.submit("/retention/notifications", days="60", version="0", previewed_days="60", expect=409)
    labels = [section["aria-label"] for section in page.select(".two-texts")]
    assert labels == ["Jours de conservation"]


def test_an_emptied_term_follows_the_installation_again(project, admin, desk):
    programme_id = project.programme_id
    slug = db.session.get_one(make.Programme, programme_id).slug
    set_term(admin, "packs", 200)
    path = f"/retention/packs/programmes/{slug}"
    desk.submit(path, days="45", version="0", previewed_days="45")
    assert queries.read_term_days()[programme_id, "packs"] == 45
    page = desk.visit(path)
    assert "Laissée vide : 200 jours." in words_of(page)
    desk.submit(path, days="", version="0", expect=409)
    desk.submit(path, days="", version=page.select_one("[name=version]")["value"])
    assert (programme_id, "packs") not in queries.read_term_days()
    assert last_event().after == {"days": None}
    desk.submit("/retention/packs", days="", version="1")
    assert queries.read_term_days() == {}
