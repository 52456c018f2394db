"""A requested gate that nobody can accept: it says so, and leads to whoever is to be named."""

import pytest

from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.models import GateTerms
from portal.platform.kernel.access import Role
from tests.oversight.to_decide.test_groups import URL, lines_of, request_of
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE


def test_a_gate_that_nobody_else_can_accept_says_so(direction, project):
    gates.shown(project)
    gates.judged(project)
    request = request_of(project, make.role(project.id, Role.TEAM_LEAD))
    make.role(project.programme_id, Role.COACH)
    (line,) = lines_of(direction.visit(f"{URL}?show=nobody"), "gates")
    asks = direction.visit(f"/portfolio?open={project.slug}").select(".ask")
    (opened,) = [ask for ask in asks if "Jalon" in words_of(ask)]
    for place in (line, opened):
        assert "Personne ne peut l’accepter" in words_of(place)
        assert "Relancer" not in words_of(place)
        (link,) = place.select("a.fr-btn")
        assert "Affecter un coach…" in words_of(link)
        assert "track=technical" in link["href"]
        assert direction.visit(link["href"]).select_one("form[action$='/coaches']")
    duty = words_of(direction.visit(f"/projects/{project.slug}").select_one("section[aria-labelledby=yours]"))
    assert "tout y est prouvé, personne ne peut l’accepter" in duty
    assert "Affecter un coach…" in duty
    page = direction.submit(f"{URL}/gates/{request.id}/remind", expect=422)
    assert "donnez-en d’abord le rôle" in words_of(page.main)


@pytest.mark.parametrize(
    ("acceptor", "acts"),
    [(GateAcceptor.REVIEWER, ["Nommer un relecteur…"]), (GateAcceptor.DIRECTION, [])],
)
def test_the_act_is_that_of_the_role_that_is_missing(direction, leading, project, acceptor, acts):
    """Only another lead accepts what a lead on the team would: the programme invites one."""
    terms = {"weight": 5, "month": 4, "track": "", "thresholds": {}, "because": "Essai"}
    ids = {"programme_id": project.programme_id, "changed_by_id": leading.id}
    project_file.save(GateTerms(gate=PROTOTYPE, edition=1, acceptor=acceptor, **terms, **ids))
    make.role(project.id, Role.TEAM_MEMBER, leading)
    request_of(project, make.role(project.id, Role.TEAM_LEAD))
    (line,) = lines_of(direction.visit(f"{URL}?show=nobody"), "gates")
    assert "Personne ne peut l’accepter" in words_of(line)
    links = line.select(".todo__acts a")
    assert [words_of(link).partition(" (")[0] for link in links] == acts
    assert all(link["href"].endswith("#reviewer") for link in links)
