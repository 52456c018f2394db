"""Who finds a text: each entry of the index names its readers, each search names its reader.

The readers of an entry follow from where its thing stands and from how far it may be read (`Reach`),
so that a role that begins or ends counts at once, without touching the index.
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import INSTALLATION, ScopeBounds
from portal.platform.kernel.access import Actor, Role


class Reach(StrEnum):
    """Who reads a text besides the leads of its programme."""

    PROJECT = "p"  # whoever reads the project
    ADVISERS = "c"  # the project's coaches
    PORTFOLIO = "o"  # whoever reads the project, or its programme's portfolio
    FUNDING = "f"  # the project's team, and the operators of its programme
    TEAMS = "t"  # whoever reads one of the programme's projects, and its coaches


def audience_of(scope: ScopeBounds, reach: Reach) -> Sequence[str]:
    """The readers of a text of a project, or of a programme: there a role in the programme, such as
    a coach of its pool, is none in a project."""
    is_project = scope.parent_id not in (None, INSTALLATION)
    programme_id = scope.parent_id if is_project else scope.id
    members = (_token("p", scope.id),) if is_project else ()
    own = {
        Reach.PROJECT: members,
        Reach.ADVISERS: (_token("c", scope.id),),
        Reach.PORTFOLIO: (*members, _token("o", programme_id)),
        Reach.FUNDING: (_token("m", scope.id), _token("f", programme_id)),
        Reach.TEAMS: (_token("t", programme_id),),
    }
    return (*own[reach], _token("l", programme_id))


def list_read_projects(actor: Actor) -> Sequence[UUID]:
    """The scopes in which the actor reads a project, those of roles in a programme included."""
    return actor.scopes_with(*programmes.PROJECT_READERS)


def reads_as(actor: Actor, programme_ids: Sequence[UUID]) -> Sequence[str]:
    """The readers that an actor is; `programme_ids` are the programmes of the projects that the
    actor reads."""
    return (
        *(_token("l", scope) for scope in actor.scopes_with(Role.PROGRAMME_LEAD)),
        *(_token("o", scope) for scope in actor.scopes_with(*programmes.PORTFOLIO_READERS)),
        *(_token("p", scope) for scope in actor.scopes_with(*programmes.PROJECT_READERS)),
        *(_token("m", scope) for scope in actor.scopes_with(*programmes.TEAM)),
        *(_token("f", scope) for scope in actor.scopes_with(Role.OPERATOR)),
        *(_token("c", scope) for scope in actor.scopes_with(*programmes.COACHES)),
        *(
            _token("t", programme)
            for programme in (*programme_ids, *actor.scopes_with(*programmes.ORGANISERS))
        ),
    )


def _token(reader: str, scope_id: UUID | None) -> str:
    return f"{reader}{scope_id.hex if scope_id else ''}"
