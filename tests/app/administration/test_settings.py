"""Settings, banner and maintenance: who changes them, and what holds afterwards."""

import re

import pytest
from bs4 import BeautifulSoup

from portal.app.administration import commands, packages
from portal.app.administration.installation import (
    CHANGEABLE,
    InstallationStateCache,
    get_installation_state_cache,
)
from portal.app.administration.queries import find_installation_state
from portal.app.administration.setting_labels import SECTIONS, build_setting_line
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.environment import FORMER_NAMES, Environment, FormerName
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings, load_settings
from portal.platform.web.assets import ROOT
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/administration/settings"
GIVEN = {"idle_minutes": "600", "idle_minutes_demanded": "30"}


def test_the_page_names_every_variable_once_and_shows_no_secret(admin, browser_for):
    named = [label.name for _title, labels in SECTIONS for label in labels]
    assert sorted(named) == sorted(Environment().fields)
    page = browser_for(admin).visit(URL)
    text = words_of(page)
    assert get_service(Settings).secret_key not in text
    assert "renseigné, non montré" in text
    assert all(name in text for name in named)


def test_a_setting_says_where_its_value_comes_from():
    settings = load_settings({"IDLE_MINUTES": "100", "BRAND": ""})
    assert settings.variables_set == {"IDLE_MINUTES"}


def test_a_setting_under_its_earlier_name_says_so(app, monkeypatch):
    former = FormerName("REQUEST_MAX_BYTES", until="9.0.0")
    monkeypatch.setitem(FORMER_NAMES, "MAX_REQUEST_BYTES", former)
    label = next(
        label for _title, labels in SECTIONS for label in labels if label.name == "REQUEST_MAX_BYTES"
    )
    with app.test_request_context():
        line = build_setting_line(label, load_settings({"MAX_REQUEST_BYTES": "2000000"}), frozenset())
    assert (line.value, "MAX_REQUEST_BYTES" in line.source) == ("2000000", True)


def test_a_changed_setting_holds_at_the_next_request_and_an_emptied_one_no_more(admin, browser_for):
    desk = browser_for(admin)
    desk.submit(f"{URL}/change", publisher="Ministère d’ici", **GIVEN, version="0")
    assert "Ministère d’ici. Le traitement" in words_of(browser_for(None).visit("/privacy"))
    assert get_service(Settings).idle_minutes == 600
    assert "Modifié sur cette page" in words_of(desk.visit(URL))
    desk.submit(f"{URL}/change", publisher="", idle_minutes="", idle_minutes_demanded="", version="1")
    desk.visit(URL)
    assert get_service(Settings) == get_installation_state_cache().from_environment


def test_what_does_not_hold_is_refused_beside_its_field(admin, browser_for):
    desk = browser_for(admin)
    for wrong in (
        {"contact_email": "nulle part"},
        {"idle_minutes": "14"},
        {"idle_minutes": "20", "idle_minutes_demanded": "30"},
    ):
        page = desk.submit(f"{URL}/change", **(GIVEN | wrong), version="0", expect=422)
        assert page.select(".fr-error-text, .fr-message--error")
    assert find_installation_state() is None


def test_saving_one_setting_leaves_the_others_to_the_environment(admin, browser_for):
    desk = browser_for(admin)
    form = desk.visit(f"{URL}/change")
    values = {name: form.select_one(f"[name={name}]")["value"] for name in GIVEN}
    desk.submit(f"{URL}/change", publisher="A", **values, version="0")
    assert find_installation_state().overrides == {"PUBLISHER": "A"}
    desk.submit(f"{URL}/change", publisher="A", **(values | {"idle_minutes": "90"}), version="1")
    desk.submit(f"{URL}/change", publisher="A", **values, version="2")
    assert find_installation_state().overrides == {
        "PUBLISHER": "A",
        "IDLE_MINUTES": int(values["idle_minutes"]),
    }


def test_two_who_change_settings_and_who_may_not(admin, browser_for, project):
    actor = make.actor(admin)
    with pytest.raises(NotAllowed):
        commands.change_settings(make.actor(make.holder(Role.PROGRAMME_LEAD, project)), {}, 0)
    commands.change_settings(actor, {"PUBLISHER": "A"}, 0)
    with pytest.raises(Conflict):
        commands.change_settings(actor, {"PUBLISHER": "B"}, 0)
    db.session.rollback()
    desk = browser_for(admin)
    desk.submit(f"{URL}/change", publisher="A", **GIVEN, version="0")
    page = desk.submit(f"{URL}/change", publisher="B", **GIVEN, version="0", expect=409)
    assert "B" in page.select_one("[name=publisher]")["value"]


def test_a_conflict_shows_what_another_process_stored(admin, browser_for):
    """This process has not read the state since: its own copy is older."""
    desk = browser_for(admin)
    desk.visit(URL)
    reader = get_installation_state_cache()
    overrides, read_at = reader.overrides, reader._read_at
    commands.change_settings(make.actor(admin), {"PUBLISHER": "Éditeur A"}, 0)
    db.session.commit()
    reader.overrides, reader._read_at = overrides, read_at  # as another process left it
    page = desk.submit(f"{URL}/change", publisher="Éditeur B", **GIVEN, version="0", expect=409)
    assert "Éditeur A" in words_of(page)


def test_the_trail_keeps_what_a_setting_was(admin):
    commands.change_settings(make.actor(admin), {"PUBLISHER": "A"}, 0)
    commands.change_settings(make.actor(admin), {"PUBLISHER": "B"}, 1)
    db.session.commit()
    events = db.session.query(AuditEvent).filter_by(action="installation.settings_changed")
    assert [(event.before, event.after) for event in events.order_by(AuditEvent.id)] == [
        ({"PUBLISHER": None}, {"PUBLISHER": "A"}),
        ({"PUBLISHER": "A"}, {"PUBLISHER": "B"}),
    ]


def test_everybody_reads_the_banner_in_their_language(admin, browser_for, person):
    desk = browser_for(admin)
    desk.submit(f"{URL}/banner", banner_fr="Coupure à midi.", banner_en="Down at noon.", version="0")
    assert "Coupure à midi." in words_of(browser_for(person).visit("/inbox"))
    assert "Coupure à midi." in words_of(browser_for(None).visit("/sign-in"))
    assert browser_for(None).visit("/sign-in").select_one("section[aria-label='Messages à tous'] .fr-notice")
    english = make.person(locale="en")
    assert "Down at noon." in words_of(browser_for(english).visit("/inbox"))
    desk.submit(f"{URL}/banner", banner_fr="", banner_en="Alone", version="1", expect=422)
    emptied = desk.submit(f"{URL}/banner", banner_fr="", banner_en="", version="1")
    assert "Bandeau retiré" in words_of(emptied)
    assert "Coupure" not in words_of(browser_for(person).visit("/inbox"))


def test_maintenance_lets_administrators_in_and_nobody_else(app, admin, browser_for, person, project):
    desk, team = browser_for(admin), browser_for(person)
    desk.submit(f"{URL}/maintenance")
    refused = team.open(f"/projects/{project.slug}")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "300")
    assert "maintenance" in refused.text
    problem = api.client(app, person).get("/projects")
    assert (problem.status_code, problem.json["code"]) == (503, "maintenance")
    assert problem.json["title"] == "Le portail est en maintenance."
    assert team.open("/health/live").status_code == 200
    assert "maintenance" in words_of(browser_for(None).visit("/sign-in"))
    assert browser_for(None).open("/inbox").location.startswith("/sign-in")
    assert "maintenance" in words_of(desk.visit("/people"))
    assert "Seuls les administrateurs entrent. Les autres" in words_of(browser_for(None).visit("/sign-in"))
    desk.submit(f"{URL}/maintenance", expect=422)
    desk.submit(f"{URL}/maintenance/end")
    answer = desk.open(f"{URL}/maintenance/end", follow_redirects=True)
    assert "il n’y a rien à rouvrir" in words_of(BeautifulSoup(answer.text, "html.parser"))
    assert "Rouvrir le portail à tous" not in answer.text
    team.visit(f"/projects/{project.slug}")
    with pytest.raises(RuleBroken):
        commands.end_maintenance(make.actor(admin))


def test_another_process_reads_the_state_again_after_a_while(app, admin):
    """A process that changed nothing asks the database once in `refresh_after`."""
    other = InstallationStateCache(get_service(Settings), refresh_after=0)
    commands.change_banner(make.actor(admin), "Bonjour", "", 0)
    db.session.commit()
    other.refresh(app)
    assert other.notice.banner_fr == "Bonjour"
    other.refresh_after = 3600
    commands.change_banner(make.actor(admin), "Au revoir", "", 1)
    db.session.commit()
    other.refresh(app)
    assert other.notice.banner_fr == "Bonjour"
    other.forget_state()
    other.refresh(app)
    assert other.notice.banner_fr == "Au revoir"


def test_a_page_asks_for_the_state_once_for_many_requests(admin, browser_for, statements):
    desk = browser_for(admin)
    desk.visit(URL)
    desk.visit(URL)
    assert not [sql for sql in statements if "FROM installation_state" in sql]


def test_changeable_settings_are_read_where_they_are_used(app):
    """Each is an attribute of `Settings` that pages read at each request."""
    assert set(CHANGEABLE.values()) <= vars(get_service(Settings)).keys()


def test_packages_name_their_licence():
    installed = {package.name: package for package in packages.list_packages()}
    assert installed["Flask"].licence.startswith("BSD")
    assert (
        installed["@gouvfr/dsfr"].version
        == re.search(r"\| @gouvfr/dsfr \| (\S+) \|", (ROOT / "static/vendor/VENDOR.md").read_text())[1]
    )
    undeclared = [name for name, package in installed.items() if not package.licence]
    assert len(undeclared) < len(installed) // 10
