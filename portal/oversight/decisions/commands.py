"""Ask for a decision, answer it, give it to somebody, acknowledge the answer, withdraw it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.oversight.decisions import answerer_queries, labels, policy, queries
from portal.oversight.decisions.event_commands import (
    ACKNOWLEDGED,
    ANSWERS,
    ASKS_FOR_HELP,
    ASSIGNED,
    CHANGED,
    GIVEN_BACK,
    IS_TOLD,
    REQUESTED,
    TAKES_DECISION,
    TAKES_HELP,
    WITHDRAWN,
)
from portal.oversight.decisions.models import (
    AwaitedDecision,
    DecisionAddressee,
    DecisionOutcome,
    DecisionStage,
)
from portal.oversight.decisions.rules import first_line
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.gate_queries import list_gate_options
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    lock_fresh,
    record_change,
    require_team_may_write,
    require_team_member,
)


@dataclass(frozen=True)
class DecisionAnswer:
    """What is decided, and the text that the team reads."""

    outcome: DecisionOutcome
    text: str


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """`gate` (its number) or `sprint_id` say what waits for the decision."""

    question: str
    why: str = ""
    due_on: date | None = None
    gate: int | None = None
    sprint_id: UUID | None = None
    addressee: DecisionAddressee = DecisionAddressee.LEAD


def ask_decision(
    actor: Actor, project: Project, facts: DecisionFacts, *, asks_for_help: bool = False
) -> AwaitedDecision:
    """Ask the programme for a decision, or for help.

    Raises `RuleBroken` on `due_on` or `sprint_id`; `NotAllowed`, `TooLate`.
    """
    require_team_may_write(actor, project)
    _check_decision_facts(project, facts)
    return create_decision_row(actor, project, facts, asks_for_help=asks_for_help)


def create_decision_row(
    actor: Actor,
    project: Project,
    facts: DecisionFacts,
    *,
    origin_sprint_id: UUID | None = None,
    asks_for_help: bool = False,
) -> AwaitedDecision:
    """Add the row that `ask_decision` makes, or the close of the sprint `origin_sprint_id`; the caller has
    checked permission and facts."""
    row = create_row(
        AwaitedDecision,
        project,
        asked_by_id=actor.person_id,
        origin_sprint_id=origin_sprint_id,
        asks_for_help=asks_for_help,
        **asdict(facts),
    )
    changes = {name: (None, value) for name, value in asdict(facts).items() if value}
    record_decision_event(actor, project, REQUESTED, row, changes)
    return row


def change_question(
    actor: Actor, project: Project, row: AwaitedDecision, facts: DecisionFacts, version: int
) -> None:
    """Change the question while nobody answered it; it waits again where whoever has it may not answer the
    new one. Raises `Conflict`, `Overtaken`, `RuleBroken` on `due_on` or `sprint_id`."""
    _lock_asked_decision(actor, project, row)
    check_version(row, version)
    _check_decision_facts(project, facts, before=row)
    _save_decision(actor, project, CHANGED, row, asdict(facts))
    if row.owner_id is not None and not _is_answerer(project, row, row.owner_id):
        have_wait_again(actor, project, row)


def withdraw_question(
    actor: Actor, project: Project, row: AwaitedDecision, reason: str, version: int
) -> None:
    """Withdraw the question; idempotent. Raises `Overtaken`, with the answer, once it is answered,
    and `Conflict` for a stale version."""
    require_team_member(actor, project)
    lock_fresh(row)
    if row.stage is DecisionStage.WITHDRAWN:
        return
    _lock_asked_decision(actor, project, row)
    check_version(row, version)
    values = {"stage": DecisionStage.WITHDRAWN, "withdraw_reason": reason}
    _close_decision(actor, project, WITHDRAWN, row, values)


def answer_decision(
    actor: Actor, project: Project, row: AwaitedDecision, answer: DecisionAnswer, version: int
) -> None:
    """Answer, or correct an answer that the team has not read.

    Raises `RuleBroken` on `answer`; `Conflict` where a colleague answered or the team changed the
    question meanwhile; `Overtaken` once it is withdrawn or the answer is read.
    """
    require_answerer(actor, project, row)
    lock_fresh(row)
    require_answerable(actor, project, row)
    check_version(row, version)
    if not answer.text:
        raise RuleBroken("answer", _("Écrivez la réponse, telle que l’équipe la lira."))
    values = {"stage": DecisionStage.ANSWERED, "outcome": answer.outcome, "answer": answer.text}
    _close_decision(actor, project, ANSWERS[answer.outcome], row, values)


def assign_decision(
    actor: Actor, project: Project, row: AwaitedDecision, person_id: UUID, version: int
) -> None:
    """Give a decision to one of those who may answer it, oneself included; idempotent.

    Raises `RuleBroken` on `person`; `Conflict` where somebody else took it or was given it
    meanwhile; `Overtaken` once it no longer waits.
    """
    require_answerer(actor, project, row)
    lock_fresh(row)
    if not policy.can_assign(actor, project, row):
        raise make_overtaken_error(project, row)
    if row.owner_id == person_id:
        return
    if row.version != version:
        raise make_reassigned_error(project, row)
    if not _is_answerer(project, row, person_id):
        raise RuleBroken("person", _("Cette personne ne peut pas répondre à cette décision."))
    before, row.owner_id = row.owner_id, person_id
    changes = {"owner_id": (before, person_id)}
    takes = TAKES_HELP if row.asks_for_help else TAKES_DECISION
    facts = {takes: True} if person_id == actor.person_id else {}
    record_decision_event(actor, project, ASSIGNED, row, changes, person_id=person_id, **facts)


def have_wait_again(
    actor: Actor | None, project: Project, row: AwaitedDecision, *, is_told: bool = True
) -> None:
    """Leave an open decision without whoever has it, and record it; the caller checks permission. Nobody is
    told in a project that is over, where nothing waits."""
    changes, row.owner_id = {"owner_id": (row.owner_id, None)}, None
    facts = {IS_TOLD: True} if is_told and not project.is_over else {}
    record_decision_event(actor, project, GIVEN_BACK, row, changes, **facts)


def acknowledge_answer(actor: Actor, project: Project, row: AwaitedDecision, version: int) -> None:
    """Record that the team read the answer; idempotent. Raises `Conflict` where the answer changed
    since it was shown, and `TooLate` before there is one."""
    require_team_member(actor, project)
    lock_fresh(row)
    if row.seen_at is not None:
        return
    if not policy.can_acknowledge(actor, project, row):
        raise TooLate(_("Personne n’a encore répondu."), row_path(project, row))
    if row.version != version:
        sentence = _("La réponse a changé pendant que vous la lisiez : relisez-la.")
        raise Overtaken(sentence, row_path(project, row))
    row.seen_at, row.seen_by_id = clock.now(), actor.person_id
    record_decision_event(actor, project, ACKNOWLEDGED, row)


def require_changeable(project: Project, row: AwaitedDecision) -> None:
    """Raise `TooLate`, with a link to the decision's page, once the question no longer waits."""
    if not row.is_open:
        raise TooLate(labels.explain_unchangeable(row), row_path(project, row))


def require_answerer(actor: Actor, project: Project, row: AwaitedDecision) -> None:
    """Raise `NotAllowed` to all but the addressee and the leads, in any state of the decision."""
    who = labels.ADDRESSEES[row.addressee]
    sentence = _("La réponse est attendue de : %(who)s. Rien n’a été changé.", who=who)
    require(policy.may_answer(actor, project, row), sentence)


def require_answerable(actor: Actor, project: Project, row: AwaitedDecision) -> None:
    """Raise `Overtaken` once a decision is withdrawn or its answer is read."""
    if not policy.can_answer(actor, project, row):
        if row.seen_at is not None:
            raise Overtaken(labels.explain_read_answer_is_final(row), row_path(project, row))
        raise make_overtaken_error(project, row)


def record_decision_event(
    actor: Actor | None,
    project: Project,
    action: audit.Action,
    row: AwaitedDecision,
    changes: audit.Changes | None = None,
    **facts: Any,
) -> None:
    """Append an event whose facts name the question and the team, for feeds and notifications, and say where
    it is a request for help."""
    named: dict[str, Any] = {"name": first_line(row.question), "team": project.short_name}
    if row.asks_for_help:
        named[ASKS_FOR_HELP] = True
    record_change(actor, action, row, changes, project=project, **named, **facts)


def _is_answerer(project: Project, row: AwaitedDecision, person_id: UUID) -> bool:
    return any(person.id == person_id for person in answerer_queries.list_answerers(project, row))


def _lock_asked_decision(actor: Actor, project: Project, row: AwaitedDecision) -> None:
    """Lock a decision that its team still awaits. Raises `Overtaken`, with the answer if any."""
    require_team_may_write(actor, project)
    lock_fresh(row)
    if not policy.can_change_question(actor, project, row):
        raise make_overtaken_error(project, row)


def make_overtaken_error(project: Project, row: AwaitedDecision) -> Overtaken:
    """Say what happened meanwhile, with the text of the other side."""
    return Overtaken(labels.describe_change_meanwhile(row), row_path(project, row))


def make_reassigned_error(project: Project, row: AwaitedDecision) -> Overtaken:
    """Say that somebody else has it meanwhile, or that the team changed it."""
    owner = queries.name_of_owner(row)
    sentence = (
        _("%(who)s s’en occupe déjà depuis que vous avez ouvert la page.", who=owner)
        if owner
        else _("L’équipe a modifié sa demande entre-temps : relisez-la.")
    )
    return Overtaken(sentence, row_path(project, row))


def _check_decision_facts(
    project: Project, facts: DecisionFacts, before: AwaitedDecision | None = None
) -> None:
    is_new_day = before is None or before.due_on != facts.due_on
    if is_new_day and (refusal := clock.find_due_date_problem(facts.due_on)):
        raise RuleBroken("due_on", refusal)
    if facts.sprint_id and not queries.has_sprint(project, facts.sprint_id):
        raise RuleBroken("sprint_id", _("Choisissez un sprint de ce projet."))
    is_new_gate = facts.gate is not None and (before is None or before.gate != facts.gate)
    if is_new_gate and facts.gate not in dict(list_gate_options(project)):
        raise RuleBroken("gate", _("Choisissez un jalon du programme."))


def _close_decision(
    actor: Actor, project: Project, action: audit.Action, row: AwaitedDecision, values: dict[str, Any]
) -> None:
    row.closed_at = row.closed_at or clock.now()  # a corrected answer keeps its first moment
    row.closed_by_id = actor.person_id
    _save_decision(actor, project, action, row, values)


def _save_decision(
    actor: Actor, project: Project, action: audit.Action, row: AwaitedDecision, values: dict[str, Any]
) -> None:
    changes = dict(apply_values(row, values))
    for name in ("closed_at", "closed_by_id"):  # the event's own moment and actor
        changes.pop(name, None)
    if changes:
        record_decision_event(actor, project, action, row, changes)
