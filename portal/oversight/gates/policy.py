"""Permissions of gates: who declares, accepts and waives them, who records their facts."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, or_

from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

ACCEPTORS: dict[GateAcceptor, LazyString] = {
    GateAcceptor.DIRECTION: programmes.ROLE_LABELS[Role.PROGRAMME_LEAD],
    GateAcceptor.TRACK_COACH: _l("Coach d’un volet"),
    GateAcceptor.ANY_COACH: _l("Coach, quel que soit le volet"),
    GateAcceptor.REVIEWER: programmes.ROLE_LABELS[Role.ETHICS_REVIEWER],
}

PROGRAMME_ACCEPTOR = Role.PROGRAMME_LEAD  # the role in a programme that accepts some gate
# Roles in a project that accept some gate.
_ACCEPTOR_ROLES = (*programmes.COACHES, *programmes.REVIEWERS)


def can_declare(actor: Actor, project: Project) -> bool:
    """Whether the actor may declare a gate passed: whoever leads the team, while it is active."""
    return may_declare(actor, project) and projects.is_project_active(project)


def may_declare(actor: Actor, project: Project) -> bool:
    """`can_declare` in any state of the project: checked before a form is read."""
    return projects.can_lead_team(actor, project)


def with_resolved_acceptor(definition: GateDefinition, tracks: Collection[str]) -> GateDefinition:
    """Return the definition as it applies to a project supported on `tracks`. Where the track of
    the gate's acceptor is not among them, any coach accepts it."""
    terms = definition.terms
    if terms.acceptor is not GateAcceptor.TRACK_COACH or terms.track in tracks:
        return definition
    return replace(definition, terms=replace(terms, acceptor=GateAcceptor.ANY_COACH))


def is_acceptor(
    actor: Actor,
    project: Project,
    definition: GateDefinition,
    own_roles: Iterable[tuple[RoleAssignment, str]],
) -> bool:
    """Whether the actor accepts the gate, in any state of the project; never a team member.

    `own_roles` are the actor's roles in the project, each with the key of its track, "" for none.
    """
    if projects.is_on_team(actor, project):
        return False
    roles = [(role.role, track) for role, track in own_roles]
    terms = definition.terms
    if terms.acceptor is GateAcceptor.DIRECTION:
        return projects.can_lead_programme(actor, project)
    if terms.acceptor is GateAcceptor.REVIEWER:
        return any(role is Role.ETHICS_REVIEWER for role, _track in roles)
    if terms.acceptor is GateAcceptor.ANY_COACH:
        return any(role is Role.COACH for role, _track in roles)
    return any(role is Role.COACH and track == terms.track for role, track in roles)


def has_role_accepting_some_gate(actor: Actor) -> bool:
    """Whether the actor has a role that accepts some gate of some project."""
    return bool(actor.scopes_with(*_ACCEPTOR_ROLES, Role.PROGRAMME_LEAD))


def may_accept_some_gate(actor: Actor, project: Project) -> bool:
    """Whether the actor has a role that accepts some gate of the project; never a team member."""
    is_acceptor = actor.has_role_in(*_ACCEPTOR_ROLES, in_=project.id)
    return (is_acceptor or projects.can_lead_programme(actor, project)) and not projects.is_on_team(
        actor, project
    )


def may_accept_some_gate_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Project`: the actor may be the acceptor of some of its gates."""
    return or_(
        Project.id.in_(actor.scopes_with(*_ACCEPTOR_ROLES)),
        Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD)),
    )


def can_waive(actor: Actor, project: Project) -> bool:
    """Whether the actor may waive a gate: the programme's lead, unless on the team."""
    return projects.can_lead_programme(actor, project) and not projects.is_on_team(actor, project)


def can_see_all_requests(actor: Actor, project: Project) -> bool:
    """Whether the actor sees all requests of the project, whoever answers them: its leads."""
    return projects.can_lead_programme(actor, project)


def can_note_key_roles(actor: Actor, project: Project) -> bool:
    """Whether the actor may record the key roles, until the project ends."""
    return may_note_key_roles(actor, project) and not are_gates_frozen(project)


def may_note_key_roles(actor: Actor, project: Project) -> bool:
    """`can_note_key_roles` in any state of the project."""
    return projects.can_lead_programme(actor, project) or may_declare(actor, project)


def can_write_change_plan(actor: Actor, project: Project) -> bool:
    return projects.can_write_team_work(actor, project)


def can_record_panel(actor: Actor, project: Project) -> bool:
    """Whether the actor may record what a panel decided: never the team."""
    return can_waive(actor, project)


def can_set_terms(actor: Actor, programme: Programme) -> bool:
    """Whether the actor may change the terms of the programme's gates."""
    return programmes.can_lead(actor, programme)


def can_set_up_gates(actor: Actor, programme: Programme, *, has_projects: bool) -> bool:
    """Whether the actor may say who accepts the gates and when: also an administrator until the
    programme has a project."""
    return can_set_terms(actor, programme) or (
        not has_projects and programmes.can_edit_programme(actor, programme)
    )


def can_read_set_up_notices(actor: Actor, programme: Programme) -> bool:
    """Whether the actor reads which roles and gates the programme's set-up lacks: whoever edits it."""
    return programmes.can_edit_programme(actor, programme)


def has_possible_acceptor(definition: GateDefinition, roles: Collection[Role]) -> bool:
    """Whether a gate may have an acceptor among people with these roles in the programme."""
    acceptor = definition.terms.acceptor
    if acceptor is GateAcceptor.DIRECTION:
        return Role.PROGRAMME_LEAD in roles
    return (Role.ETHICS_REVIEWER if is_acceptor_named_later(definition) else Role.COACH) in roles


def is_acceptor_named_later(definition: GateDefinition) -> bool:
    """Whether the acceptor in a project is chosen only once there is something to accept."""
    return definition.terms.acceptor is GateAcceptor.REVIEWER


def are_gates_frozen(project: Project) -> bool:
    """Whether the project is stopped or finished: its gates keep the state of its last day."""
    return project.is_over
