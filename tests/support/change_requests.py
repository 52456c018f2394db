"""Change requests that are filed and granted."""

from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests.commands import ChangeFacts
from portal.funding.change_requests.decision_commands import (
    ChangeAnswer,
    apply_change,
    decide_change,
    file_or_note_change_request,
)
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.change_requests.rules import ChangeMode
from portal.oversight.health.queries import read_state
from portal.platform.kernel.database import db

DELAY, SCOPE = FundingChangeKind.DELAY, FundingChangeKind.SCOPE
BUDGET, ABANDONMENT = FundingChangeKind.BUDGET, FundingChangeKind.ABANDONMENT
YES = ChangeAnswer(is_granted=True, reasons="Justifié")


def file(people, kind, **values):
    agreement = get_agreement(people.project)
    facts = ChangeFacts(kind=kind, reason="Le recrutement a tardé", **values)
    row = file_or_note_change_request(people.lead, people.project, agreement, facts)
    db.session.commit()
    return LoadedChange(people.project, agreement, row)


def grant(people, loaded, answer=YES):
    actor = people.operator if loaded.row.authority == ChangeMode.BY_OPERATOR else people.direction
    decide_change(actor, loaded, answer, loaded.row.version)
    apply_change(actor, loaded, loaded.row.version)
    db.session.commit()


def dues(project):
    return {step.number: step.due_on for step in read_state(project).facts.steps}
