"""Which gates an actor accepts, of one project or of many."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.oversight.gates import policy
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.queries import read_definitions
from portal.people.programmes.models import RoleAssignment, Track
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import Project, ProjectTrack


def can_answer(actor: Actor, project: Project, definition: GateDefinition) -> bool:
    """Whether the actor may accept or refuse the gate now: its acceptor, until the project ends."""
    return not policy.is_frozen(project) and is_acceptor(actor, project, definition)


def is_acceptor(actor: Actor, project: Project, definition: GateDefinition) -> bool:
    """Whether the actor is the gate's acceptor, whatever the state of the project."""
    track_keys = _read_track_keys([project.id])[project.id]
    roles = _own_roles(actor, [project.id])[project.id]
    return policy.is_acceptor(
        actor, project, policy.resolve_acceptor(definition, track_keys), roles
    )


def list_own_gates(
    actor: Actor, projects: Sequence[Project]
) -> Mapping[UUID, Mapping[int, GateDefinition]]:
    """Return, by project and gate number, the gates whose acceptor is the actor. The state of the
    project does not matter. Three statements for any number of projects."""
    ids = [project.id for project in projects]
    definitions = read_definitions({project.programme_id for project in projects})
    track_keys = _read_track_keys(ids)
    roles = _own_roles(actor, ids)
    return {
        project.id: {
            number: definition
            for number, definition in definitions[project.programme_id].items()
            if policy.is_acceptor(
                actor,
                project,
                policy.resolve_acceptor(definition, track_keys[project.id]),
                roles[project.id],
            )
        }
        for project in projects
    }


def _read_track_keys(project_ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
    """The keys of the tracks on which each project is supported."""
    track_keys: dict[UUID, set[str]] = defaultdict(set)
    if project_ids:
        statement = select(ProjectTrack.project_id, Track.key).join(Track)
        statement = statement.where(ProjectTrack.project_id.in_(project_ids))
        for id_, key in db.session.execute(statement):
            track_keys[id_].add(key)
    return track_keys


def _own_roles(
    actor: Actor, project_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[tuple[RoleAssignment, str]]]:
    """The actor's roles in each project, each with the key of its track, "" for none."""
    roles: dict[UUID, list[tuple[RoleAssignment, str]]] = defaultdict(list)
    statement = (
        select(RoleAssignment, Track.key)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(
            RoleAssignment.scope_id.in_(project_ids), RoleAssignment.person_id == actor.person_id
        )
    )
    for role, track in db.session.execute(statement):
        roles[role.scope_id].append((role, track or ""))
    return roles
