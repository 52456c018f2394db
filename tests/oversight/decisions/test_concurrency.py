"""Leads who answer, and a team that withdraws, at the same moment: one comes first."""

from portal.oversight.decisions import commands
from portal.oversight.decisions.commands import DecisionAnswer
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken
from tests.support import decisions as some
from tests.support.hands import HANDS, at_once


def test_one_of_six_leads_answers_and_the_others_are_told(app, project, person, lead):
    id_ = some.decision(project, person).id
    leading = Actor(lead.person_id, {project.programme_id: frozenset({Role.PROGRAMME_LEAD})})

    def answer(_actor, theirs, n):
        row = db.session.get_one(AwaitedDecision, id_)
        text = DecisionAnswer(DecisionOutcome.GRANTED, f"Réponse {n}")
        commands.answer_decision(leading, theirs, row, text, 1)

    results = at_once(app, project, person, answer)
    assert results.count(None) == 1
    assert sum(isinstance(result, Conflict) for result in results) == HANDS - 1
    row = db.session.get_one(AwaitedDecision, id_)
    assert row.answer == f"Réponse {results.index(None)}"


def test_an_answer_and_a_withdrawal_do_not_both_count(app, project, person, lead):
    id_ = some.decision(project, person).id
    leading = Actor(lead.person_id, {project.programme_id: frozenset({Role.PROGRAMME_LEAD})})

    def act(actor, theirs, n):
        row = db.session.get_one(AwaitedDecision, id_)
        if n % 2:
            commands.withdraw_question(actor, theirs, row, "Réglé.", 1)
        else:
            text = DecisionAnswer(DecisionOutcome.GRANTED, "Oui.")
            commands.answer_decision(leading, theirs, row, text, 1)

    results = at_once(app, project, person, act)
    row = db.session.get_one(AwaitedDecision, id_)
    assert bool(row.answer) != bool(row.withdraw_reason)
    losers = results[1::2] if row.answer else results[::2]
    assert all(isinstance(result, Conflict | Overtaken) for result in losers)
