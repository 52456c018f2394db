"""What waits for the leads of calls: counts by call of the applications that the reader leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import in_reader_language
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.selection.applications import policy
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.models import Call, CallCriterion, CallState
from portal.selection.calls.rules import (
    OPENING_NOTICE,
    RECEIVING_STATES,
    list_missing_opening_fields,
    weights_sum_to_whole,
)
from portal.selection.deliberation.models import (
    AppealState,
    ApplicationAppeal,
    ApplicationDecision,
    Deliberation,
)
from portal.selection.jury.conflict_queries import list_likely_conflicts
from portal.selection.jury.models import JuryAssignment
from portal.selection.jury.policy import PREPARING_STATES, UNSCORED_STATES

SCORING_DAYS = 21  # since the assignment was published, unless the results come sooner


class CallMatterKind(StrEnum):
    """What the leads of a call have to do."""

    ELIGIBILITY = "eligibility"
    CONFLICTS = "conflicts"
    LATE_SCORES = "late_scores"
    LETTERS = "letters"
    APPEAL = "appeal"
    OPENING = "opening"  # last: the order is the number of a line in the API


@dataclass(frozen=True)
class WaitingCallMatter:
    """A matter of a call: how many of it, since when; `title` is the call's in the reader's language,
    `number` the application of an appeal with its `organisation`, 0 otherwise. Of an opening, how much
    the call lacks, and on which day it opens."""

    matter: CallMatterKind
    id: UUID
    programme_id: UUID
    slug: str
    call: int
    title: str
    count: int
    since: date
    number: int = 0
    organisation: str = ""
    due_on: date | None = None


def list_waiting_call_matters(actor: Actor) -> Sequence[WaitingCallMatter]:
    """What waits in the calls that the actor leads, in a constant number of statements. Applications
    from which a conflict shuts the actor out are in no count."""
    if not actor.scopes_with(policy.LEAD):
        return []
    return [
        *_list_opening_matters(actor),
        *_read_waiting_call_matters(CallMatterKind.ELIGIBILITY, _select_unjudged_counts(actor)),
        *_list_conflict_matters(actor),
        *_read_waiting_call_matters(CallMatterKind.LATE_SCORES, _select_late_sheet_counts(actor)),
        *_read_waiting_call_matters(CallMatterKind.LETTERS, _select_unpublished_counts(actor)),
        *_list_appeal_matters(actor),
    ]


def _list_opening_matters(actor: Actor) -> Iterable[WaitingCallMatter]:
    """Calls that open soon and lack something, and those whose day has come."""
    today = clock.today()
    weights = select(func.sum(CallCriterion.weight)).where(CallCriterion.call_id == Call.id).scalar_subquery()
    statement = (
        select(Call, Programme.slug, weights)
        .join(Programme, Programme.id == Call.programme_id)
        .where(
            Call.programme_id.in_(actor.scopes_with(policy.LEAD)),
            Call.state == CallState.DRAFT,
            Call.opens_on <= today + OPENING_NOTICE,
            Call.closes_on >= today,
        )
        .order_by(Call.opens_on, Call.id)
        .limit(WAITING_MAX)
    )
    for call, slug, total in db.session.execute(statement):
        missing = len(list_missing_opening_fields(call)) + (not weights_sum_to_whole([total or 0]))
        if missing or call.opens_on <= today:
            place = call.id, call.programme_id, slug, call.number, call.title
            since = max(call.opens_on - OPENING_NOTICE, clock.day_of(call.created_at))
            yield WaitingCallMatter(CallMatterKind.OPENING, *place, missing, since, due_on=call.opens_on)


def _read_waiting_call_matters(matter: CallMatterKind, statement: Select[Any]) -> Iterable[WaitingCallMatter]:
    for id_, programme_id, slug, call, french, english, count, since in db.session.execute(statement):
        day = clock.day_of(since) if isinstance(since, datetime) else since
        title = in_reader_language(french, english)
        yield WaitingCallMatter(matter, id_, programme_id, slug, call, title, count, day)


def _select_counts_by_call(actor: Actor, since: Any) -> Select[Any]:
    """Count applications that the actor leads by call, with the earliest of a column."""
    place = Call.id, Call.programme_id, Programme.slug, Call.number, Call.title_fr, Call.title_en
    return (
        select(*place, func.count(), func.min(since))
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(policy.led_by_condition(actor))
        .group_by(*place)
    )


def _select_unjudged_counts(actor: Actor) -> Select[Any]:
    return _select_counts_by_call(actor, Application.received_on).where(
        Application.state == ApplicationState.RECEIVED,
        Call.state.in_([*RECEIVING_STATES, CallState.IN_REVIEW]),
    )


def _select_late_sheet_counts(actor: Actor) -> Select[Any]:
    is_late = or_(
        JuryAssignment.published_at <= clock.now() - timedelta(days=SCORING_DAYS),
        Call.results_on < clock.today(),
    )
    return (
        _select_counts_by_call(actor, JuryAssignment.published_at)
        .join(JuryAssignment, JuryAssignment.application_id == Application.id)
        .where(
            Call.state == CallState.IN_REVIEW,
            Application.opened_at.is_(None),
            Application.state.not_in(UNSCORED_STATES),
            JuryAssignment.sent_at.is_(None),
            JuryAssignment.recused_at.is_(None),
            is_late,
        )
    )


def _select_unpublished_counts(actor: Actor) -> Select[Any]:
    return (
        _select_counts_by_call(actor, func.coalesce(Deliberation.held_on, Call.closes_on))
        .join(ApplicationDecision, ApplicationDecision.application_id == Application.id)
        .outerjoin(Deliberation, Deliberation.call_id == Call.id)
        .where(
            ApplicationDecision.publication_id.is_(None),
            Call.state.in_((CallState.DELIBERATED, CallState.PUBLISHED)),
        )
    )


def _list_conflict_matters(actor: Actor) -> Iterable[WaitingCallMatter]:
    rows = db.session.execute(
        select(Call, Programme.slug)
        .join(Programme, Programme.id == Call.programme_id)
        .where(Call.state.in_(PREPARING_STATES), Call.programme_id.in_(actor.scopes_with(policy.LEAD)))
        .order_by(Call.id)
    ).all()
    likely = list_likely_conflicts(actor, [call for call, _slug in rows])
    for call, slug in rows:
        days = [each.application.received_on for each in likely if each.application.call_id == call.id]
        if days:
            matter = CallMatterKind.CONFLICTS
            yield WaitingCallMatter(
                matter, call.id, call.programme_id, slug, call.number, call.title, len(days), min(days)
            )


def _list_appeal_matters(actor: Actor) -> Iterable[WaitingCallMatter]:
    rows = db.session.execute(
        select(
            ApplicationAppeal.id,
            Call.programme_id,
            Programme.slug,
            Call.number,
            Call.title_fr,
            Call.title_en,
            ApplicationAppeal.received_on,
            Application.number,
            Application.organisation,
        )
        .join(Application, Application.id == ApplicationAppeal.application_id)
        .join(Call, Call.id == Application.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(
            ApplicationAppeal.state.in_((AppealState.RECEIVED, AppealState.EXAMINED)),
            policy.led_by_condition(actor),
        )
        .order_by(ApplicationAppeal.received_on, ApplicationAppeal.id)
        .limit(WAITING_MAX)
    )
    for id_, programme_id, slug, call, french, english, since, number, organisation in rows:
        title = in_reader_language(french, english)
        place = id_, programme_id, slug, call, title
        yield WaitingCallMatter(
            CallMatterKind.APPEAL, *place, 1, since, number=number, organisation=organisation
        )
