"""Who accepts which gates, of one project or of many, and which gates nobody can accept."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from portal.oversight.gates import policy
from portal.oversight.gates.definition_queries import list_definitions, read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition
from portal.oversight.gates.labels import staleness_causes
from portal.oversight.gates.queries import list_open_projects
from portal.oversight.gates.reference_queries import read_all_project_references
from portal.oversight.gates.standing_labels import describe_remaining_turns
from portal.oversight.gates.state_rules import GateSnapshot
from portal.oversight.gates.turn_rules import list_immediate_staleness
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment, Track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project, ProjectTrack


def can_answer_gate(actor: Actor, project: Project, definition: GateDefinition) -> bool:
    """Whether the actor may accept or refuse the gate now: its acceptor, until the project ends."""
    return not policy.are_gates_frozen(project) and is_acceptor(actor, project, definition)


def is_acceptor(actor: Actor, project: Project, definition: GateDefinition) -> bool:
    """Whether the actor is the gate's acceptor, whatever the state of the project."""
    track_keys = _read_track_keys_by_project([project.id])[project.id]
    roles = _read_actor_roles_by_project(actor, [project.id])[project.id]
    return policy.is_acceptor(actor, project, policy.with_resolved_acceptor(definition, track_keys), roles)


def map_gates_actor_accepts_by_project(
    actor: Actor, projects: Sequence[Project]
) -> Mapping[UUID, Mapping[int, GateDefinition]]:
    """Return, by project and gate number, the gates whose acceptor is the actor. The state of the
    project does not matter. Three statements for any number of projects."""
    ids = [project.id for project in projects]
    definitions = read_definitions_by_programme({project.programme_id for project in projects})
    track_keys = _read_track_keys_by_project(ids)
    roles = _read_actor_roles_by_project(actor, ids)
    return {
        project.id: {
            number: definition
            for number, definition in definitions[project.programme_id].items()
            if policy.is_acceptor(
                actor,
                project,
                policy.with_resolved_acceptor(definition, track_keys[project.id]),
                roles[project.id],
            )
        }
        for project in projects
    }


def list_acceptor_names_by_gate(
    projects: Sequence[Project], without: Collection[UUID] = ()
) -> Mapping[UUID, Mapping[int, Sequence[str]]]:
    """Return who may accept each gate now, by project and gate number: names in order, of people
    with an open account. `without` are ids of roles to leave aside. Three statements."""
    return {
        project_id: {gate: [name for _id, name in people] for gate, people in gates.items()}
        for project_id, gates in _list_acceptors_by_gate(projects, without).items()
    }


def list_acceptor_ids(project: Project, gate: int) -> Sequence[UUID]:
    """Return the ids of who may accept a gate of a project now, by name."""
    return [id_ for id_, _name in _list_acceptors_by_gate([project])[project.id].get(gate, ())]


def _list_acceptors_by_gate(
    projects: Sequence[Project], without: Collection[UUID] = ()
) -> Mapping[UUID, Mapping[int, Sequence[tuple[UUID, str]]]]:
    definitions = read_definitions_by_programme({project.programme_id for project in projects})
    track_keys = _read_track_keys_by_project([project.id for project in projects])
    roles = _read_roles_by_scope(projects, without)
    acceptors: dict[UUID, dict[int, Sequence[tuple[UUID, str]]]] = {}
    for project in projects:
        people = _group_roles_by_person(roles[project.id], roles[project.programme_id])
        by_terms: dict[tuple[GateAcceptor, str | None], Sequence[tuple[UUID, str]]] = {}
        acceptors[project.id] = {}
        for number, definition in definitions[project.programme_id].items():
            resolved = policy.with_resolved_acceptor(definition, track_keys[project.id])
            terms = resolved.terms.acceptor, resolved.terms.track
            if terms not in by_terms:  # most gates share theirs
                by_terms[terms] = [
                    (actor.person_id, name)
                    for actor, name, own_roles in people
                    if policy.is_acceptor(actor, project, resolved, own_roles)
                ]
            acceptors[project.id][number] = by_terms[terms]
    return acceptors


@dataclass(frozen=True)
class GateWithoutAcceptor:
    """A gate that nobody can accept: in these teams, or in the whole programme without any."""

    definition: GateDefinition
    teams: Sequence[Project] = ()


def list_acceptor_gaps(programme: Programme, without: Collection[UUID] = ()) -> Sequence[GateWithoutAcceptor]:
    """Return the gates of a programme that nobody can accept, in order; `without` some roles."""
    definitions = list_definitions(programme.id)
    projects = list_open_projects(programme.id)
    names = list_acceptor_names_by_gate(projects, without)
    statement = select(RoleAssignment.role).join(Person, Person.id == RoleAssignment.person_id)
    in_programme = statement.where(
        RoleAssignment.scope_id == programme.id,
        RoleAssignment.id.not_in(without),
        Person.disabled_at.is_(None),
    )
    roles = set(db.session.scalars(in_programme))
    gaps = []
    for definition in definitions:
        if not policy.has_possible_acceptor(definition, roles):
            gaps.append(GateWithoutAcceptor(definition))
        elif not policy.is_acceptor_named_later(definition):
            teams = [each for each in projects if not names[each.id][definition.number]]
            gaps += [GateWithoutAcceptor(definition, teams)] if teams else []
    return gaps


RoleRow = tuple[RoleAssignment, str, str]  # with the person's name and the key of the track


def _read_roles_by_scope(
    projects: Sequence[Project], without: Collection[UUID]
) -> Mapping[UUID, Sequence[RoleRow]]:
    """The roles in the projects, and those in their programmes that accept gates, by scope, ordered
    by name."""
    project_ids = {project.id for project in projects}
    scope_ids = project_ids | {project.programme_id for project in projects}
    statement = (
        select(RoleAssignment, Person.name, Track.key)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(
            RoleAssignment.scope_id.in_(scope_ids),
            or_(
                RoleAssignment.scope_id.in_(project_ids),
                RoleAssignment.role == policy.PROGRAMME_ACCEPTOR,
            ),
            RoleAssignment.id.not_in(without),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, RoleAssignment.id)
    )
    rows: dict[UUID, list[RoleRow]] = defaultdict(list)
    for role, name, track in db.session.execute(statement):
        rows[role.scope_id].append((role, name, track or ""))
    return rows


def _group_roles_by_person(
    in_project: Sequence[RoleRow], in_programme: Sequence[RoleRow]
) -> Sequence[tuple[Actor, str, Sequence[tuple[RoleAssignment, str]]]]:
    """Each person as an actor, with their name and their roles in the project."""
    own: dict[UUID, list[tuple[RoleAssignment, str]]] = defaultdict(list)
    roles_by_scope: dict[UUID, dict[UUID, set[Role]]] = defaultdict(lambda: defaultdict(set))
    names: dict[UUID, str] = {}
    for role, name, _track in (*in_project, *in_programme):
        names[role.person_id] = name
        roles_by_scope[role.person_id][role.scope_id].add(role.role)
    for role, _name, track in in_project:
        own[role.person_id].append((role, track))
    return [
        (
            Actor(id_, {scope: frozenset(roles) for scope, roles in roles_by_scope[id_].items()}),
            name,
            own[id_],
        )
        for id_, name in sorted(names.items(), key=lambda each: each[1])
    ]


def _read_track_keys_by_project(project_ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """The keys of the tracks on which each project is supported."""
    track_keys: dict[UUID, set[str]] = defaultdict(set)
    if project_ids:
        statement = select(ProjectTrack.project_id, Track.key).join(Track)
        statement = statement.where(ProjectTrack.project_id.in_(project_ids))
        for id_, key in db.session.execute(statement):
            track_keys[id_].add(key)
    return track_keys


def _read_actor_roles_by_project(
    actor: Actor, project_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[tuple[RoleAssignment, str]]]:
    """The actor's roles in each project, each with the key of its track, "" for none."""
    roles: dict[UUID, list[tuple[RoleAssignment, str]]] = defaultdict(list)
    statement = (
        select(RoleAssignment, Track.key)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.scope_id.in_(project_ids), RoleAssignment.person_id == actor.person_id)
    )
    for role, track in db.session.execute(statement):
        roles[role.scope_id].append((role, track or ""))
    return roles


def explain_premature_acceptance(project: Project, state: GateSnapshot) -> str:
    """Return why an acceptance given now would be stale at once, and whose turn it is first; "" where
    it would hold. One statement where it would not."""
    remaining = list_immediate_staleness(state.definition, state.evaluation, clock.today())
    if not remaining:
        return ""
    return _(
        "Accepté, ce jalon serait périmé aussitôt. %(why)s. %(whose)s",
        why=staleness_causes(remaining, read_all_project_references(project)),
        whose=describe_remaining_turns(state),
    )
