"""Correcting a delay that is applied says which days it moves, and asks."""

from datetime import timedelta

from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests import decision_commands
from portal.funding.change_requests.decision_commands import ChangeAnswer, correct_decision
from portal.funding.change_requests.queries import sum_change_delays
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.platform.web.template_filters import day
from tests.support import funding
from tests.support.browser import words_of
from tests.support.change_requests import DELAY, file, grant


def test_correcting_an_applied_delay_says_which_days_move_and_asks(project, people, browser_for):
    funding.signed(project, people.operator)
    loaded, first_end = file(people, DELAY, days=40), get_agreement(project).ends_on
    grant(people, loaded)
    direction = browser_for(db.session.get_one(Person, people.direction.person_id))
    here = f"/projects/heron/funding/changes/{loaded.row.number}"
    ends_on, moved = first_end, timedelta(days=40)
    shorter = f"du {day(ends_on + moved)} au {day(ends_on + timedelta(days=25))}"
    form = {"outcome": "yes", "days": "25", "reasons": "Une erreur", "version": loaded.row.version}
    asked = direction.submit(f"{here}/correct", expect=422, **form)
    assert shorter in words_of(asked.main)
    assert "Jalon G6 : du " in words_of(asked.main)
    seen = asked.main.find("input", {"name": "knowingly"})["value"]
    other = words_of(
        direction.submit(f"{here}/correct", expect=422, **form | {"days": "26"}, knowingly=seen).main
    )
    assert f"au {day(ends_on + timedelta(days=26))}" in other  # other days than those that were read
    db.session.expire_all()
    assert get_agreement(project).ends_on == ends_on + moved
    direction.submit(f"{here}/correct", **form, knowingly=seen)
    db.session.expire_all()
    assert get_agreement(project).ends_on == ends_on + timedelta(days=25)


def test_correcting_a_delay_that_moves_no_day_asks_nothing(project, people, monkeypatch):
    funding.signed(project, people.operator)
    loaded = file(people, DELAY, days=40)
    grant(people, loaded)
    monkeypatch.setattr(decision_commands.labels, "list_delay_moves", lambda *_values: [])
    shorter = ChangeAnswer(is_granted=True, reasons="Une erreur", days=25)
    version = loaded.row.version
    correct_decision(people.direction, loaded, shorter, version, knowingly=False)
    db.session.commit()
    assert sum_change_delays(loaded.row) == 25
