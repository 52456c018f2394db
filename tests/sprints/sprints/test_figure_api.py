"""Figures by the API: those of the page, and the pace for the team and its coaches alone."""

from dataclasses import asdict

from portal.platform.kernel.access import Role
from portal.sprints.sprints.figure_queries import read_figures
from tests.sprints.sprints.test_figures import FIGURES, tell_sprints
from tests.support import api
from tests.support import factories as make


def test_the_figures_are_those_of_the_page(app, project, person):
    client = api.client(app, person)
    assert client.get(FIGURES).get_json()["sprint"] is None
    tell_sprints(project, person, 3)
    read = client.get(FIGURES).get_json()
    figures = read_figures(make.actor(person), project, "Europe/Paris")
    assert read["sprint"] == figures.selected_sprint.number == 3
    points = [(p.scope, p.completed, p.remaining, p.added, p.removed) for p in figures.burndown]
    names = ("scope", "completed", "remaining", "added", "removed")
    assert [tuple(point[name] for name in names) for point in read["burndown"]] == points
    assert len(points) > 10  # the end of each of its days
    assert {point["at"][-6:] for point in read["burndown"]} == {"+00:00"}
    assert read["velocity"] == asdict(figures.velocity)
    assert [line["finished_points"] for line in read["sprints"]] == [3, 3, 3]
    assert read["states"] == {state.value: count for state, count in figures.state_counts.items()}
    assert read["forecast"]["sprints"] == 3
    in_items = client.get(f"{FIGURES}?sprint=1&measure=items").get_json()
    assert (in_items["sprint"], in_items["measure"], in_items["burndown"][0]["scope"]) == (1, "items", 2)
    assert client.get(f"{FIGURES}?sprint=9").status_code == 404
    assert client.get(f"{FIGURES}?measure=hours").status_code == 422


def test_the_pace_is_for_the_team_and_its_coaches(app, project, person):
    tell_sprints(project, person, 3)
    for role, sees in ((Role.COACH, True), (Role.ETHICS_REVIEWER, False), (Role.PROGRAMME_LEAD, False)):
        read = api.client(app, make.holder(role, project)).get(FIGURES).get_json()
        pace = (read["velocity"], read["forecast"], read["sprints"][0]["finished_items"])
        assert read["shows_pace"] is all(value is not None for value in pace) is sees
        assert (pace == (None, None, None)) is not sees
        assert read["burndown"]
        assert read["sprints"][0]["done_items"] == 1
