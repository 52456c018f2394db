"""Who reads which application, and who writes. All doors of the wing ask here.

Of an application, its leads and its jurors (once the assignment is published) know organisation
and title; at the deliberation the other jurors too (`deliberation.policy`). The whole opens to leads
without a conflict, and to jurors who declared none.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.platform.kernel.access import Actor
from portal.selection.applications.models import (
    Application,
    ApplicationMessage,
    ApplicationState,
    LeadConflict,
)
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.policy import JUROR, LEAD
from portal.selection.calls.rules import RECEIVING_STATES
from portal.selection.jury.models import InterestDeclaration, JuryAssignment

__all__ = ["JUROR", "LEAD"]

ASSIGNED_APPLICATION = JuryAssignment.application_id
CONFLICT_APPLICATION = LeadConflict.application_id


def lead_conflict_condition(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor, as a lead, is shut out of the application."""
    return exists().where(
        LeadConflict.application_id == Application.id,
        LeadConflict.person_id == actor.person_id,
        LeadConflict.ended_at.is_(None),
    )


def led_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Applications that the actor handles: a lead of the programme without a conflict."""
    return and_(Call.programme_id.in_(actor.scopes_with(LEAD)), ~lead_conflict_condition(actor))


def _assigned_condition(actor: Actor, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    own = exists().where(
        JuryAssignment.application_id == Application.id,
        JuryAssignment.person_id == actor.person_id,
        JuryAssignment.published_at.is_not(None),
        *conditions,
    )
    return and_(Call.programme_id.in_(actor.scopes_with(JUROR)), own)


def title_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Applications whose organisation and title the actor sees. `Call` must be joined."""
    return or_(Call.programme_id.in_(actor.scopes_with(LEAD)), _assigned_condition(actor))


def judged_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Applications that the actor judges: no conflict declared, not recused."""
    clear = _assigned_condition(
        actor, JuryAssignment.declaration == InterestDeclaration.CLEAR, JuryAssignment.recused_at.is_(None)
    )
    return and_(clear, ~lead_conflict_condition(actor))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Applications that the actor reads in full. `Call` must be joined."""
    return or_(led_by_condition(actor), judged_by_condition(actor))


def message_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Messages of applications that the actor reads in full: until scores open, jurors read those of
    leads and their own. `Application` and `Call` must be joined."""
    is_read_by_jury = or_(~ApplicationMessage.is_from_jury, Application.opened_at.is_not(None))
    return or_(is_read_by_jury, ApplicationMessage.author_id == actor.person_id, led_by_condition(actor))


def is_message_open_to_jury(message: ApplicationMessage, application: Application) -> bool:
    """Whether all its jurors read a message: what `message_visible_to` asks."""
    return not message.is_from_jury or application.opened_at is not None


def select_jurors_without_conflict() -> Select[UUID, UUID]:
    """Applications with the jurors who judge them in that role: what `judged_by_condition` asks."""
    return select(ASSIGNED_APPLICATION, JuryAssignment.person_id).where(
        JuryAssignment.published_at.is_not(None),
        JuryAssignment.declaration == InterestDeclaration.CLEAR,
        JuryAssignment.recused_at.is_(None),
    )


def select_leads_in_conflict() -> Select[UUID, UUID]:
    """Applications with the people whom a conflict shuts out: what `lead_conflict_condition` asks."""
    return select(CONFLICT_APPLICATION, LeadConflict.person_id).where(LeadConflict.ended_at.is_(None))


@dataclass(frozen=True)
class ApplicationRights:
    """What one reader may do with one application, decided by the statement that loads it."""

    is_lead: bool  # leads it, without a conflict
    is_judge: bool  # judges it, without a conflict
    leads_call: bool  # leads its call, perhaps in conflict
    is_juror: bool  # is assigned, perhaps in conflict or undeclared

    @property
    def reads_whole(self) -> bool:
        return self.is_lead or self.is_judge


def can_write_answers(rights: ApplicationRights, call: Call, application: Application) -> bool:
    """Its leads, until the jury examines it."""
    return rights.is_lead and call.state in RECEIVING_STATES and is_still_in_selection(application)


def can_judge_eligibility(rights: ApplicationRights, call: Call, application: Application) -> bool:
    """Its leads, until its scores open."""
    in_time = call.state in RECEIVING_STATES | {CallState.IN_REVIEW}
    return rights.is_lead and in_time and is_still_in_selection(application) and application.opened_at is None


def can_withdraw(rights: ApplicationRights, call: Call, application: Application) -> bool:
    """Its leads, on the applicant's word, until decisions are published."""
    return rights.is_lead and call.state is not CallState.PUBLISHED and is_still_in_selection(application)


def can_undo_withdrawal(
    actor: Actor, rights: ApplicationRights, call: Call, application: Application
) -> bool:
    """Whoever withdrew it, while its call is open."""
    return (
        rights.is_lead
        and call.state is CallState.OPEN
        and application.state is ApplicationState.WITHDRAWN
        and application.withdrawn_by_id == actor.person_id
    )


def is_still_in_selection(application: Application) -> bool:
    """Whether it is neither withdrawn nor decided."""
    return application.state in {
        ApplicationState.RECEIVED,
        ApplicationState.ELIGIBLE,
        ApplicationState.NOT_ELIGIBLE,
        ApplicationState.SCORED,
    }
