"""Schemas of the decisions that teams await."""

from portal.oversight.decisions.models import (
    ANSWER_MAX,
    QUESTION_MAX,
    REASON_MAX,
    WHY_MAX,
    AwaitedDecision,
    DecisionAddressee,
    DecisionOutcome,
)
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, day, flag, id_, integer, line
from portal.project.projects.gate_rules import GATE_NUMBER_MAX

DecisionSchema = row_schema(
    "DecisionSchema",
    AwaitedDecision,
    *("question", "why", "due_on", "gate", "sprint_id", "origin_sprint_id", "addressee", "asks_for_help"),
    *(
        "asked_by_id",
        "owner_id",
        "stage",
        "outcome",
        "answer",
        "withdraw_reason",
        "closed_at",
        "closed_by_id",
        "seen_at",
    ),
)


class ChangeQuestionSchema(ApiSchema):
    """What a team asks of its programme."""

    question = line(QUESTION_MAX, required=True)
    why = line(WHY_MAX)
    due_on = day(load_default=None, allow_none=True)
    gate = integer(0, GATE_NUMBER_MAX, "The gate that waits.", load_default=None, allow_none=True)
    sprint_id = id_("The sprint that waits.", load_default=None, allow_none=True)
    addressee = choice(DecisionAddressee, load_default=DecisionAddressee.LEAD)


class AskDecisionSchema(ChangeQuestionSchema):
    """The same, and whether it is a request for help; that stays."""

    asks_for_help = flag("A request for help, no decision.", load_default=False)


class AnswerDecisionSchema(ApiSchema):
    """What is decided, as the team reads it."""

    outcome = choice(DecisionOutcome, required=True)
    text = line(ANSWER_MAX, required=True)


class WithdrawDecisionSchema(ApiSchema):
    """Why the question is no longer asked."""

    reason = line(REASON_MAX)


class AssignDecisionSchema(ApiSchema):
    """Who answers a question."""

    person_id = id_(required=True)
