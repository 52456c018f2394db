"""What the reader follows beside the work, on the page of a project: said once, to whom it is put."""

from datetime import timedelta

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.oversight.health.test_stale_gates import accepted, lose
from tests.support import factories as make
from tests.support import funding, gates
from tests.support.around import project
from tests.support.browser import words_of
from tests.support.change_requests import BUDGET, file

__all__ = ["project"]


def line_of(page, path):
    """The words of the line that leads there."""
    (line,) = [li for li in page.select(".todo > li") if li.select_one(f'a[href="{path}"]')]
    return words_of(line)


def test_a_change_request_that_another_decides_says_who_once(project, browser_for):
    people = funding.cast(project)
    funding.signed(project, people.operator)
    loaded = file(people, BUDGET, amount_cents=30_000_00)
    path = f"/projects/{project.slug}"
    page = browser_for(db.session.get_one(Person, people.direction.person_id)).visit(path)
    line = line_of(page, f"{path}/funding/changes/{loaded.row.number}")
    assert line == "Demande 1 : budgetOpérateur"


def test_a_stale_gate_says_whose_turn_it_is_once(project, browser_for):
    leading = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    demonstration = accepted(project, make.actor(gates.coach(project)))
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        lose(project, demonstration)
        page = browser_for(leading).visit(f"/projects/{project.slug}")
    line = line_of(page, f"/projects/{project.slug}/gates/{gates.PROTOTYPE}")
    assert line.endswith("À l’équipe : prouver de nouveau G5.À l’équipe")  # what to do, then whose it is
    assert "G5., " not in line
