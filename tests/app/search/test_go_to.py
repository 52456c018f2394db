"""The header's field: things by number, a team's pages and acts, in words of both languages."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.app.search.test_search import suggestions
from tests.support import calls
from tests.support import factories as make
from tests.support.project_file import assumption


@pytest.fixture
def project(app):
    return make.project(
        slug="heron", organisation="Météo-France", acronym="", title_fr="Prévoir les crues", title_en="Floods"
    )


@pytest.fixture
def member(browser_for, project):
    return browser_for(make.holder(Role.TEAM_LEAD, project))


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("météo risques", "/projects/heron/risks"),
        ("risks meteo", "/projects/heron/risks"),
        ("meteo france tableau", "/projects/heron/board"),
        ("heron constats", "/projects/heron/findings"),
        ("heron findings", "/projects/heron/findings"),
        ("crues jalons", "/projects/heron/gates"),
        ("prevoir jalons", "/projects/heron/gates"),
        ("PRÉVOIR", "/projects/heron"),
    ],
)
def test_a_page_of_a_team_is_found_by_both_their_names(member, words, url):
    assert url in suggestions(member, f"q={words}").values()


@pytest.mark.parametrize("words", ["passation", "passer la main", "remplacer un coach", "hand over"])
def test_who_hands_a_team_over_is_found_by_the_words_for_it(browser_for, project, words):
    coach = browser_for(make.role(project.id, Role.COACH))
    assert "/coaching#hand-over" in suggestions(coach, f"q={words}").values()
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert "/coaches" in suggestions(lead, f"q={words}").values()


def test_pages_of_a_team_are_those_of_its_readers(browser_for, project):
    stranger = browser_for(make.holder(Role.TEAM_LEAD, make.project()))
    assert suggestions(stranger, "q=météo risques") == {}
    observer = browser_for(make.role(project.programme_id, Role.OBSERVER))
    assert suggestions(observer, "q=météo risques") == {}


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("clore sprint", "/close"),
        ("close the sprint", "/close"),
        ("poser une hypothèse", "/projects/heron/file/assumptions/new"),
        ("ask for help", "/projects/heron/help"),
        ("password", "/profile#password"),
    ],
)
def test_acts_are_found_in_both_languages(member, project, words, url):
    make.active_sprint(project)
    assert any(each.endswith(url) for each in suggestions(member, f"q={words}&project=heron").values())


def test_things_are_found_by_their_numbers_with_their_state(member, project, browser_for):
    row = assumption(project)
    db.session.commit()
    for words in (f"hypothèse {row.number}", f"assumption {row.number}", f"météo hypothèse {row.number}"):
        labels = suggestions(member, f"q={words}&project=heron")
        (label,) = (each for each in labels if each.startswith("Hypothèse"))
        assert labels[label].endswith(f"#assumption-{row.number}")
        assert label.endswith("Ouverte"), label
    stranger = browser_for(make.holder(Role.TEAM_LEAD, make.project()))
    assert suggestions(stranger, f"q=météo hypothèse {row.number}") == {}


def test_an_application_is_found_by_its_number_by_who_reads_it(browser_for, project):
    lead = make.holder(Role.PROGRAMME_LEAD, project)
    leading = make.actor(lead)
    call = calls.call(leading, get_programme_of(project))
    row = calls.application(leading, call)
    db.session.commit()
    own = browser_for(lead)
    for words in (f"candidature {row.number}", f"application {row.number} {row.organisation.split()[0]}"):
        assert any("/applications/" in url for url in suggestions(own, f"q={words}").values()), words
    assert suggestions(own, f"q=candidature {row.number} zzz") == {}
    for role in (Role.OBSERVER, Role.JUROR, Role.OPERATOR):
        other = browser_for(make.role(project.programme_id, role))
        assert suggestions(other, f"q=candidature {row.number}") == {}, role


def test_a_number_without_a_team_leads_to_that_of_each_team_one_reads(browser_for, project):
    second = make.project(get_programme_of(project), slug="loutre", organisation="Agence", acronym="")
    foreign = make.project(slug="secrete", organisation="Secrète", acronym="")
    for team in (project, second, foreign):
        make.sprint(team, number=9)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    own = ["/projects/loutre/sprints/9", "/projects/heron/sprints/9"]
    assert list(suggestions(lead, "q=sprint 9").values()) == own
    gates = ["/projects/loutre/gates/6", "/projects/heron/gates/6"]
    for words in ("G6", "gate 6", "jalon 6"):
        assert list(suggestions(lead, f"q={words}").values()) == gates, words
    assert list(suggestions(lead, "q=sprint 9&project=heron").values()) == own[1:]
    for number in range(12):
        make.sprint(make.project(get_programme_of(project), organisation=f"Zèbre {number}"), number=9)
    assert len(suggestions(lead, "q=sprint 9")) == 10
    assert suggestions(browser_for(make.role(project.programme_id, Role.OBSERVER)), "q=sprint 9") == {}


def test_a_thing_is_found_by_its_number_with_words_of_its_title(member, project):
    row = assumption(project, statement="Les agents saisissent deux fois.")
    db.session.commit()
    for words in (f"hypothèse {row.number} agents saisissent", f"hypothèse {row.number} : les agents"):
        assert any(
            url.endswith(f"#assumption-{row.number}") for url in suggestions(member, f"q={words}").values()
        )
    assert suggestions(member, f"q=hypothèse {row.number} perroquet") == {}


def test_a_gate_is_found_by_its_number_however_people_write_it(browser_for, project):
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    written = ("G2", "jalon G2", "gate G2", "jalon 2", "G 2", "décision G2", "décision sur G2", "météo G2")
    for words in written:
        assert "/projects/heron/gates/2" in suggestions(lead, f"q={words}").values(), words
    assert "/projects/heron/gates/2" not in suggestions(lead, "q=jalon G2 loutre").values()
    stranger = browser_for(make.holder(Role.TEAM_LEAD, make.project()))
    assert "/projects/heron/gates/2" not in suggestions(stranger, "q=jalon G2").values()


def test_a_team_is_found_by_its_acronym_written_in_one(browser_for):
    team = make.project(slug="ddtm-34", organisation="Territoires et mer", acronym="DDTM 34")
    make.sprint(team, number=9)
    member = browser_for(make.holder(Role.TEAM_LEAD, team))
    for words in ("ddtm34 sprint 9", "ddtm 34 sprint 9", "DDTM-34 sprint 9"):
        assert "/projects/ddtm-34/sprints/9" in suggestions(member, f"q={words}").values(), words
