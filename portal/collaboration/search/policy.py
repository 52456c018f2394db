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
    PROGRAMME = "g"  # every role in the programme and in its projects
    LEADS = "l"  # nobody else


def audience_of(scope: ScopeBounds, reach: Reach) -> Sequence[str]:
    """The readers of a text of a project, or of a programme (a scope of its own)."""
    programme_id = scope.parent_id if scope.parent_id not in (None, INSTALLATION) else scope.id
    leads = _token("l", programme_id)
    if reach is Reach.PROJECT:
        return (_token("p", scope.id), leads)
    if reach is Reach.ADVISERS:
        return (_token("c", scope.id), leads)
    if reach is Reach.PORTFOLIO:
        return (_token("p", scope.id), _token("o", programme_id), leads)
    return (_token("g", programme_id), leads) if reach is Reach.PROGRAMME else (leads,)


def reads_as(actor: Actor, programme_ids: Sequence[UUID]) -> Sequence[str]:
    """The readers that an actor is; `programme_ids` are the programmes with a role of the actor,
    there or in a project."""
    return (
        *(_token("l", scope) for scope in actor.scopes_with(Role.PROGRAMME_LEAD)),
        *(_token("o", scope) for scope in actor.scopes_with(*programmes.PORTFOLIO_READERS)),
        *(_token("p", scope) for scope in actor.scopes_with(*programmes.PROJECT_READERS)),
        *(_token("c", scope) for scope in actor.scopes_with(*programmes.COACHES)),
        *(_token("g", programme_id) for programme_id in programme_ids),
    )


def _token(reader: str, scope_id: UUID | None) -> str:
    return f"{reader}{scope_id.hex if scope_id else ''}"
