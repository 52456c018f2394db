"""What the page of a project costs: cached while nothing changes, and constant in its statements."""

from portal.app.home import facts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.sprints.models import BlockerKind
from tests.support import ceremonies, project_file
from tests.support import factories as make

CACHED = 4  # statements: who, which project, last visit, last reading
FIRST = 26  # where nothing was judged yet: the evidence of two or three gates is gathered


def fill(project, person, more: int) -> None:
    last = make.closed_sprint(project, number=10 + more, blocker=BlockerKind.DATA_ACCESS)
    told = ceremonies.retrospective(project, last)
    for _number in range(more):
        ceremonies.action(project, told, person)
        make.item(project, state=ItemState.BLOCKED, block_reason="r")
        project_file.assumption(project)
        project_file.version(project)


def test_an_unchanged_page_is_read_from_the_cache_until_something_changes(
    browser_for, begun, member, statements
):
    browser = browser_for(member)
    browser.visit("/projects/acoss")
    statements.clear()
    browser.visit("/projects/acoss")
    assert len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]) == CACHED
    browser.submit("/projects/acoss/sprints/plan", goal="g", starts_on="2027-03-02", ends_on="2027-03-13")
    assert browser.visit("/projects/acoss").find("button", string="Démarrer le sprint 2")


def test_a_full_page_costs_what_a_scarce_one_costs(browser_for, begun, member, statements):
    fill(begun, member, 1)
    browser, costs = browser_for(member), []
    browser.visit("/projects/acoss")
    for more in (0, 20):
        fill(begun, member, more)
        facts.clear_cache()
        statements.clear()
        browser.visit("/projects/acoss")
        costs.append(len([sql for sql in statements if sql.startswith(("SELECT", "WITH"))]))
    assert costs[0] == costs[1] <= FIRST
