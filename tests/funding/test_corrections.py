"""Decisions on requests are corrected: a delay that is applied, what is read before it is applied."""

from datetime import timedelta

from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests import commands, decision_commands
from portal.funding.change_requests.decision_commands import ChangeAnswer, correct_decision, decide_change
from portal.funding.change_requests.queries import sum_change_delays
from portal.oversight.gates.models import TeamKeyRoles
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.platform.web.template_filters import day
from tests.support import funding, project_file
from tests.support.browser import words_of
from tests.support.change_requests import ABANDONMENT, DELAY, YES, file, grant


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


def test_an_abandonment_corrected_before_it_is_applied_says_its_last_two_decisions(
    project, people, browser_for
):
    """Whatever version was sent, nobody is said to have read one of them."""
    funding.signed(project, people.operator)
    project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=people.member.person_id))
    loaded = file(people, ABANDONMENT, learnings="Un corpus")
    commands.confirm_abandonment(people.member, loaded, loaded.row.version)
    decide_change(people.direction, loaded, YES, loaded.row.version)
    sent = loaded.row.version
    for reasons in ("Deuxième raison", "Troisième raison"):
        answer = ChangeAnswer(is_granted=True, reasons=reasons)
        correct_decision(people.direction, loaded, answer, loaded.row.version)
    db.session.commit()
    corrector = db.session.get_one(Person, people.direction.person_id)
    direction = browser_for(corrector)
    page = f"/projects/heron/funding/changes/{loaded.row.number}/apply"
    said = words_of(direction.submit(page, version=sent, confirmed="1").main)
    assert f"{corrector.name} a corrigé la décision entre-temps." in said
    assert "La décision précédente était un accord, « Deuxième raison »." in said
    assert "La décision est maintenant un accord, « Troisième raison »." in said
