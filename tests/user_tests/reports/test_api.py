"""Coverage by the API: what its page shows."""

from tests.support import api
from tests.support import user_tests as tests
from tests.support.project_file import group, version
from tests.user_tests.reports.conftest import P

COVERAGE = f"{P}/coverage"


def test_coverage_is_empty_before_a_version(app, project, person):
    read = api.client(app, person).get(COVERAGE).get_json()
    assert read == {"latest": None, "versions": [], "groups": [], "gaps": [], "rounds": []}


def test_coverage_says_who_tried_what_and_who_is_missing(app, project, person, two):
    group(project, name="Les élus")
    tests.aims_at(tests.round_(project, version(project)), two.group, 5)
    read = api.client(app, person).get(COVERAGE).get_json()
    tried, missing = read["groups"]
    assert read["latest"] == read["versions"][0]
    assert (tried["group"], tried["participants"], missing["participants"]) == ("Les contrôleurs", 16, 0)
    assert tried["cells"][0] == {
        "version": read["latest"],
        "participants": 0,
        "participant_goal": 5,
        "is_aimed": True,
    }
    assert [cell["participants"] for cell in tried["cells"][1:]].count(8) == 2
    assert [(gap["kind"], gap["round"]) for gap in read["gaps"]] == [("too_few", 3), ("nobody_invited", None)]
    assert read["gaps"][1]["sentence"].startswith("Les élus")
    assert [line["access_needs"] for line in read["rounds"]] == [None, None, 1]
