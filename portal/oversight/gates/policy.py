"""Who declares, accepts, waives, and who writes what gates ask for. No other file decides this."""

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

# Who accepts gates by a role in the project.
_ACCEPTOR_ROLES = (*programmes.COACHES, *programmes.REVIEWERS)


def can_declare(actor: Actor, project: Project) -> bool:
    """Say that a gate is passed, and ask for it: whoever carries the project, while it goes on."""
    return may_declare(actor, project) and projects.is_open(project)


def may_declare(actor: Actor, project: Project) -> bool:
    """The same in some state of the project: asked before a form is looked at."""
    return projects.can_lead_team(actor, project)


def resolve_acceptor(definition: GateDefinition, tracks: Collection[str]) -> GateDefinition:
    """As a project is asked for it that is supported on these tracks: where the gate's own is not
    among them any coach stands in, or nobody could ever accept it."""
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
    """Whether a gate is theirs to accept, in some state of the project. Never a team member's.

    `held` are the roles of the actor in the project, each with the key of its track, "" for none.
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


def accepts_any_gate(actor: Actor) -> bool:
    """Whether some gate may be theirs to accept."""
    return bool(actor.scopes_with(*_ACCEPTOR_ROLES, Role.PROGRAMME_LEAD))


def may_accept_in(actor: Actor) -> ColumnElement[bool]:
    """Projects some gate of which may be theirs to accept."""
    return or_(
        Project.id.in_(actor.scopes_with(*_ACCEPTOR_ROLES)),
        Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD)),
    )


def can_waive(actor: Actor, project: Project) -> bool:
    """Say that a gate does not apply: the programme's lead, who is not on the team."""
    return projects.can_lead_programme(actor, project) and not projects.is_on_team(actor, project)


def can_engage(actor: Actor, project: Project) -> bool:
    """Note when the agreement was signed, and who holds the key roles."""
    return may_engage(actor, project) and not is_frozen(project)


def may_engage(actor: Actor, project: Project) -> bool:
    """The same in some state of the project."""
    return projects.can_lead_programme(actor, project) or may_declare(actor, project)


def can_note_agreement(actor: Actor, project: Project) -> bool:
    return projects.can_lead_programme(actor, project)


def can_plan_change(actor: Actor, project: Project) -> bool:
    return projects.can_work(actor, project)


def can_hold_panel(actor: Actor, project: Project) -> bool:
    """Note what a panel decided: never the team."""
    return can_waive(actor, project)


def can_set_terms(actor: Actor, programme: Programme) -> bool:
    """Change what the programme's gates ask."""
    return programmes.can_lead(actor, programme)


def is_frozen(project: Project) -> bool:
    """Over, however it ended: what was true on its last day stays so."""
    return (project.stopped_on or project.finished_on) is not None
