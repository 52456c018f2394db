"""Who asks for, answers, assigns and reads decisions. No other file decides this.

`may_…` ignores the state of the decision, `can_…` includes it.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee, DecisionStage
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

ADDRESSEE_ROLES = {
    DecisionAddressee.LEAD: Role.PROGRAMME_LEAD,
    DecisionAddressee.OPERATOR: Role.OPERATOR,
    DecisionAddressee.COACH: Role.COACH,
}
TEAM = (Role.TEAM_MEMBER, Role.TEAM_LEAD)
LEAD_ROLE, OPERATOR_ROLE = Role.PROGRAMME_LEAD, Role.OPERATOR
# Roles whose holders decide something: see `has_deciding_role`.
_DECIDERS = (Role.PROGRAMME_LEAD, Role.OPERATOR, Role.COACH, Role.ETHICS_REVIEWER)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Decisions of projects that the actor reads, and those put to the actor as an operator."""
    return or_(
        projects.visible_by_project_column(actor, AwaitedDecision.project_id),
        _put_to_operator_condition(actor),
    )


def _put_to_operator_condition(actor: Actor) -> ColumnElement[bool]:
    operated = Project.programme_id.in_(actor.scopes_with(Role.OPERATOR))
    return and_(
        AwaitedDecision.addressee == DecisionAddressee.OPERATOR,
        AwaitedDecision.project_id.in_(select(Project.id).where(operated)),
    )


def answerable_by_condition(actor: Actor) -> ColumnElement[bool]:
    """Decisions that the actor may answer, by project and addressee; never their own team's."""
    led = Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))
    coached = and_(
        AwaitedDecision.addressee == DecisionAddressee.COACH,
        AwaitedDecision.project_id.in_(actor.scopes_with(Role.COACH)),
    )
    own_teams = actor.scopes_with(Role.TEAM_MEMBER, Role.TEAM_LEAD)
    return and_(
        or_(
            AwaitedDecision.project_id.in_(select(Project.id).where(led)),
            _put_to_operator_condition(actor),
            coached,
        ),
        AwaitedDecision.project_id.not_in(own_teams),
    )


def has_deciding_role(actor: Actor) -> bool:
    """Whether the actor leads or operates a programme, coaches, or reviews."""
    return bool(actor.scopes_with(*_DECIDERS))


def can_ask(actor: Actor, project: Project) -> bool:
    return projects.can_write_team_work(actor, project)


def can_change_question(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """Change or withdraw the question: the team, until it is answered."""
    return decision.is_open and projects.can_write_team_work(actor, project)


def may_answer(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """The leads of the programme, and the addressee; never a member of the team."""
    if projects.is_on_team(actor, project):
        return False
    is_lead = projects.can_lead_programme(actor, project)
    return is_lead or _is_addressee(actor, project, decision)


def _is_addressee(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    scope_id, role = addressee_scope_and_role(decision.addressee, project.id, project.programme_id)
    return actor.has_role_in(role, in_=scope_id)


def addressee_scope_and_role(
    addressee: DecisionAddressee, project_id: UUID, programme_id: UUID
) -> tuple[UUID, Role]:
    """The scope and the role of those to whom a question is put."""
    scope_id = project_id if addressee is DecisionAddressee.COACH else programme_id
    return scope_id, ADDRESSEE_ROLES[addressee]


def can_answer(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """Answer, or answer again while the team has not read the answer."""
    is_answerable = decision.is_open or (
        decision.stage is DecisionStage.ANSWERED and decision.seen_at is None
    )
    return is_answerable and may_answer(actor, project, decision)


def can_assign(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """Give it to a person, oneself included: whoever may answer it."""
    return decision.is_open and may_answer(actor, project, decision)


def can_give_back(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """Have it wait for all who may answer it: whoever has it, in a project that is not over."""
    is_own = decision.owner_id == actor.person_id
    return is_own and not project.is_over and can_assign(actor, project, decision)


def can_acknowledge(actor: Actor, project: Project, decision: AwaitedDecision) -> bool:
    """Record that the team read the answer: the team, in any state of the project."""
    is_unread = decision.stage is DecisionStage.ANSWERED and decision.seen_at is None
    return is_unread and projects.is_on_team(actor, project)


def answerer_roles_condition(project: Project, decision: AwaitedDecision) -> ColumnElement[bool]:
    """Condition on roles: those of people to whom the decision may be given."""
    is_lead = and_(RoleAssignment.scope_id == project.programme_id, RoleAssignment.role == LEAD_ROLE)
    scope_id, role = addressee_scope_and_role(decision.addressee, project.id, project.programme_id)
    is_addressee = and_(RoleAssignment.scope_id == scope_id, RoleAssignment.role == role)
    return or_(is_lead, is_addressee)


def can_read_programme_decisions(actor: Actor, programme: Programme) -> bool:
    """Read the decisions of all teams of a programme: its leads."""
    return actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme.id)
