"""A gate that a programme added, in what refers to gates by their number."""

from dataclasses import replace

import pytest

from portal.coaching.recommendations.commands import RecommendationFacts, recommend
from portal.oversight.decisions.commands import DecisionFacts, ask_decision
from portal.oversight.gates import programme_gate_commands
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.project.projects.queries import get_programme_of
from tests.oversight.gates.test_programme_gates import KNOWN, add
from tests.support.browser import words_of


def test_an_added_gate_can_be_chosen_in_advice_and_decisions(project, lead, direction, coach, browser_for):
    added = add(direction, get_programme_of(project))
    db.session.commit()
    readers = {
        section: browser_for(db.session.get_one(Person, actor.person_id))
        for section, actor in (("decisions", lead), ("recommendations", coach))
    }
    for section, reader in readers.items():
        options = reader.visit(f"/projects/{project.slug}/{section}/new").select("[name=gate] option")
        assert f"G{added.number} : {added.name_fr}" in [words_of(option) for option in options]
    row = ask_decision(lead, project, DecisionFacts(question="Qui ?", gate=added.number))
    advice = recommend(coach, project, RecommendationFacts(what="w", why="w", due_on=None, gate=added.number))
    db.session.commit()
    assert (row.gate, advice.gate) == (added.number, added.number)
    with pytest.raises(RuleBroken) as refused:
        ask_decision(lead, project, DecisionFacts(question="Quoi ?", gate=23))
    assert refused.value.field == "gate"
    programme_gate_commands.leave_out_gate(
        direction, get_programme_of(project), added.number, replace(KNOWN, read_edition=added.edition)
    )
    db.session.commit()
    path = f"/projects/{project.slug}/decisions/{row.number}/edit"
    options = readers["decisions"].visit(path).select("[name=gate] option")
    assert [each["value"] for each in options if "selected" in each.attrs] == [str(row.gate)]  # it stays


def test_the_history_of_an_added_gate_begins_with_its_addition(project, direction, browser_for):
    programme = get_programme_of(project)
    added = add(direction, programme)
    db.session.commit()
    reader = browser_for(db.session.get_one(Person, direction.person_id))
    (entry,) = reader.visit(f"/programmes/{programme.slug}/gates/{added.number}").select("ul.deeds > li")
    assert "ajouté au programme" in words_of(entry)
    assert "→" not in words_of(entry)  # nothing was asked of anybody before
