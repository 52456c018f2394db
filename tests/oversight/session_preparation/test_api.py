"""What a coach prepares a session with, by the API: the same as on the page."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api, decisions, project_file
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.health import known

PATH = "/projects/heron/session-preparation"


def test_what_happened_and_waits_since_the_last_session(app, project, person, coaching):
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=20)):
        project_file.version(project, changes="Ancienne.", created_at=clock.now())
    some.session(project, coaching, held_on=clock.today() - timedelta(days=10))
    project_file.version(project, changes="Nouvelle.", created_at=now)
    awaited = decisions.decision(project, person, question="Quel serveur ?")
    level = known(project).level.name
    db.session.commit()
    read = api.client(app, coaching).get(PATH).get_json()
    assert read["last_session"]["author_id"] == str(coaching.id)
    assert {(each["kind"], each["text"]) for each in read["changes"]} == {
        ("version", "Nouvelle."),
        ("requested", "Quel serveur ?"),
    }
    assert {each["page"] for each in read["changes"]} == {
        "/file/prototypes/2",
        f"/decisions/{awaited.number}",
    }
    assert [each["question"] for each in read["decisions"]] == ["Quel serveur ?"]
    assert (read["health"]["level"], read["notes"], read["next_gate"]) == (level, 0, 0)


def test_before_any_session_all_counts_and_the_team_reads_none_of_it(app, project, coaching):
    project_file.version(project, changes="Première.")
    db.session.commit()
    read = api.client(app, coaching).get(PATH).get_json()
    assert (read["last_session"], read["next_on"]) == (None, None)
    assert [each["text"] for each in read["changes"]] == ["Première."]
    team = make.role(project.id, Role.TEAM_MEMBER)
    assert api.client(app, team).get(PATH).status_code == 403
