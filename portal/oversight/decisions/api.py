"""Operations on the decisions that teams await."""

from portal.oversight.decisions import commands, help_commands, labels, queries
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.schemas import (
    AnswerDecisionSchema,
    AskDecisionSchema,
    AssignDecisionSchema,
    ChangeQuestionSchema,
    DecisionSchema,
    WithdrawDecisionSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project

area = ApiArea("oversight")
DECISIONS = "/projects/<slug>/decisions"
DECISION = f"{DECISIONS}/<int(max=9999):number>"
NumberedApi(
    area,
    "decisions",
    ("decision", "decisions"),
    AwaitedDecision,
    DecisionSchema,
    open_project=queries.get_project_of_decisions,
    visible=queries.visible_condition,
).reads().histories(labels.ACTION_LABELS)


@area.create(DECISIONS, DecisionSchema, body=AskDecisionSchema)
def ask_decision(call: ApiCall, slug: str) -> AwaitedDecision:
    """Ask the programme for a decision, or its coaches for help: with `asks_for_help` it is a request for
    help, and counts as one."""
    asks_for_help = call.body.pop("asks_for_help")
    project, facts = get_project(call.actor, slug), DecisionFacts(**call.body)
    row = commands.ask_decision(call.actor, project, facts, asks_for_help=asks_for_help)
    call.location = f"/projects/{slug}/decisions/{row.number}"
    return row


@area.change(DECISION, DecisionSchema, body=ChangeQuestionSchema)
def change_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Change a question that nobody has answered."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    commands.change_question(call.actor, project, row, DecisionFacts(**call.body), call.version)
    return row


@area.act(f"{DECISION}/answer", DecisionSchema, body=AnswerDecisionSchema, is_versioned=True)
def answer_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Answer a question."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    answer = DecisionAnswer(call.body["outcome"], call.body["text"])
    commands.answer_decision(call.actor, project, row, answer, call.version)
    return row


@area.act(f"{DECISION}/withdraw", DecisionSchema, body=WithdrawDecisionSchema, is_versioned=True)
def withdraw_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Withdraw a question."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    commands.withdraw_question(call.actor, project, row, call.body["reason"], call.version)
    return row


@area.act(f"{DECISION}/acknowledge", DecisionSchema, is_versioned=True)
def acknowledge_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Say that the team has seen the answer."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    commands.acknowledge_answer(call.actor, project, row, call.version)
    return row


@area.act(f"{DECISION}/remind", DecisionSchema)
def remind_of_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Remind whoever is to answer a question; once a day at most."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    help_commands.remind_owner(call.actor, project, row)
    return row


@area.act(f"{DECISION}/assign", DecisionSchema, body=AssignDecisionSchema, is_versioned=True)
def assign_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Give a question to a person who may answer it."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    commands.assign_decision(call.actor, project, row, call.body["person_id"], call.version)
    return row


@area.act(f"{DECISION}/give-back", DecisionSchema, is_versioned=True)
def give_back_decision(call: ApiCall, slug: str, number: int) -> AwaitedDecision:
    """Give back a question that one has: it waits again for all who may answer it."""
    project, row = queries.get_project_and_decision(call.actor, slug, number)
    help_commands.give_back_decision(call.actor, project, row, call.version)
    return row
