"""Who files, decides and confirms change requests."""

from uuid import UUID

from portal.funding.agreements import policy as agreements
from portal.funding.change_requests.models import ChangeState, FundingChange, FundingChangeKind
from portal.funding.change_requests.rules import ChangeMode
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project


def can_file_request(actor: Actor, project: Project) -> bool:
    """Whoever leads the team."""
    return agreements.can_request_instalment(actor, project)


def can_examine(actor: Actor, project: Project, change: FundingChange) -> bool:
    """Operators and leads take a request in hand."""
    return change.state is ChangeState.FILED and agreements.can_handle(actor, project)


def can_decide_change(actor: Actor, project: Project, change: FundingChange) -> bool:
    """Whether the actor decides requests like this one: never somebody of the team."""
    role = Role.OPERATOR if change.authority == ChangeMode.BY_OPERATOR else Role.PROGRAMME_LEAD
    return actor.has_role_in(role, in_=project.programme_id) and not agreements.is_on_team(actor, project)


def awaits_sponsor_confirmation(change: FundingChange) -> bool:
    """Whether an abandonment waits for the sponsor."""
    is_open = change.state in {ChangeState.FILED, ChangeState.EXAMINED}
    return is_open and change.kind is FundingChangeKind.ABANDONMENT and change.confirmed_by_id is None


def can_confirm_abandonment(actor: Actor, change: FundingChange, sponsor_id: UUID | None) -> bool:
    """Whether the actor is the sponsor whose confirmation an abandonment awaits: never who filed it."""
    is_second = actor.person_id == sponsor_id and actor.person_id != change.filed_by_id
    return is_second and awaits_sponsor_confirmation(change)


def can_correct(actor: Actor, project: Project, change: FundingChange, *, is_open: bool) -> bool:
    """Whether a decision may be corrected by a new one: before it is applied, and afterwards while its
    agreement `is_open`, but for an abandonment."""
    is_applied = change.state is ChangeState.APPLIED and change.kind is not FundingChangeKind.ABANDONMENT
    may_change = change.state is ChangeState.GRANTED or (is_applied and is_open)
    return may_change and can_decide_change(actor, project, change)
