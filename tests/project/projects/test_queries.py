import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects import commands, feed_queries, queries
from tests.support import factories as make

READERS = {Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD}


@pytest.mark.parametrize("role", Role)
def test_a_project_opens_to_its_readers_alone(app, role):
    project, other = make.project(), make.project()
    actor = make.actor(make.holder(role, project))
    expected = [project] if role in READERS else []
    assert list(queries.list_projects(actor)) == expected
    assert queries.count_projects(actor) == len(expected)
    with pytest.raises(NotFound):
        queries.get_project(actor, other.slug)
    if not expected:
        with pytest.raises(NotFound):
            queries.get_project(actor, project.slug)


def test_projects_are_sorted_as_a_french_dictionary_would(app):
    programme = make.programme()
    for name in ("Zone", "Éole", "eau", "Œuvre", "Ouest"):
        make.project(programme, organisation=name)
    actor = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    named = [project.organisation for project in queries.list_projects(actor)]
    assert named == ["eau", "Éole", "Œuvre", "Ouest", "Zone"]
    assert [p.organisation for p in queries.list_projects(actor, limit=2, offset=1)] == named[1:3]


def test_the_feed_tells_who_did_what_newest_first_and_in_pages(app):
    project = make.project()
    person = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    actor = make.actor(person)
    for _ in range(feed_queries.FEED_PAGE):
        commands.pause_project(actor, project)
        db.session.flush()
        commands.resume_project(actor, project)
        db.session.flush()
    first, before = feed_queries.read_feed_page(project)
    second, end = feed_queries.read_feed_page(project, before)
    assert len(first) == len(second) == feed_queries.FEED_PAGE
    assert end is None
    told = [deed.event.id for deed in (*first, *second)]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) == len(told)
    assert (first[0].who, first[0].sentence) == (person.name, "a repris le projet")


def test_the_feed_names_people_and_roles_and_holds_no_name_itself(app):
    programme = make.programme()
    project = make.project(programme)
    actor = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    coach = make.role(programme.id, Role.COACH, make.person(name="Nour Petit"))
    commands.assign_coach(actor, project, coach, make.tracks_of(programme)["technical"])
    db.session.flush()
    (deed,), _end = feed_queries.read_feed_page(project)
    assert deed.sentence == "a affecté Nour Petit (Coach, technical)"
    assert "Nour" not in str(deed.event.facts)


@pytest.mark.parametrize(
    ("track", "role"),
    [("IA et données", "Coach, IA et données"), ("Accès à l’IA", "Coach, accès à l’IA")],
)
def test_a_track_keeps_its_abbreviations_in_a_sentence(app, track, role):
    facts = {"role": Role.COACH, "track_fr": track, "track_en": track}
    with app.test_request_context():
        assert queries.fill_sentence("%(role)s", facts, "") == role


def test_who_leaves_is_said_to_leave(app):
    project = make.project()
    make.role(project.id, Role.TEAM_LEAD)
    leaver = make.role(project.id, Role.TEAM_LEAD)
    make.role(project.id, Role.TEAM_MEMBER, make.person(name="Ada"))
    held = {holder.role_name: holder.assignment for holder in queries.list_team(project)}
    mine = next(h for h in queries.list_team(project) if h.person.id == leaver.id).assignment
    commands.end_role(make.actor(leaver), project, held["Membre de l’équipe"])
    commands.end_role(make.actor(leaver), project, mine)
    db.session.commit()
    told = [deed.sentence for deed in feed_queries.read_feed_page(project)[0]]
    assert told == ["a quitté le projet (Porteur de projet)", "a mis fin au rôle de Ada (Membre de l’équipe)"]


def test_another_projects_feed_is_another(app):
    project = make.project()
    actor = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    with clock.frozen_at(clock.now()):
        commands.pause_project(actor, project)
    db.session.flush()
    assert feed_queries.read_feed_page(make.project())[0] == []
