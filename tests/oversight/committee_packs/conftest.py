"""Three teams in the second month of their programme, one of them with open issues."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import ceremonies, gates, health, project_file, risks, user_tests
from tests.support import factories as make

AGO = timedelta(days=6)


@pytest.fixture
def programme(app):
    return make.programme(slug="ami", starts_on=clock.today() - timedelta(days=40))


@pytest.fixture
def heron(programme):
    """A project with all that a page of a pack shows, as of six days ago."""
    with clock.frozen_at(clock.now() - AGO):
        project = make.project(programme, slug="heron", acronym="HERON", starts_on=programme.starts_on)
        member = make.role(project.id, Role.TEAM_MEMBER)
        closed = make.closed_sprint(project, decision_awaited="Un serveur de calcul")
        version = project_file.version(project, link="https://demo.example/v1")
        held = {"held_on": clock.today(), "decisions": "Continuer", "agents": 4}
        ceremonies.demonstration(project, closed, prototype_version_id=version.id, **held)
        tried = user_tests.round_(project, version)
        user_tests.session(tried, member)
        user_tests.finding(tried, what="Le bouton se cache", severity=4)
        risks.risk(project, likelihood=4, severity=4)
        gates.judged(project)
        health.known(project)
    return project


@pytest.fixture
def others(programme, heron):
    with clock.frozen_at(clock.now() - AGO):
        teams = [make.project(programme, slug=slug, acronym=slug.upper()) for slug in ("ibis", "milan")]
        for team in teams:
            health.known(team)
    return teams


@pytest.fixture
def direction(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)


@pytest.fixture
def lead(direction):
    return make.actor(direction)
