"""A past day shows its programme as it was."""

from dataclasses import fields, replace

from portal.people.programmes.commands import ProgrammePlan, edit_programme
from portal.platform.kernel.database import db
from tests.oversight.portfolio.conftest import ago
from tests.oversight.portfolio.test_past import URL
from tests.support import factories as make
from tests.support.browser import words_of


def test_a_past_day_counts_the_months_that_the_programme_had(browser, programme, shown, lead):
    months = programme.months
    plan = ProgrammePlan(**{each.name: getattr(programme, each.name) for each in fields(ProgrammePlan)})
    edit_programme(make.actor(lead), programme, replace(plan, months=months + 3), programme.version)
    db.session.commit()
    for query, length in (("", months + 3), (f"?on={ago(15)}", months)):
        assert f"sur {length}" in words_of(browser.visit(f"{URL}{query}").main.h1)
        assert f"sur {length} mois" in words_of(browser.visit(f"{URL}/timeline{query}").main.h1)
