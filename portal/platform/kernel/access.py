"""Who is asking, as a plain value that policies can reason about without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.platform.kernel.errors import NotAllowed


class Role(StrEnum):
    """What a person may be in a scope: a project, a programme, or the installation."""

    TEAM_MEMBER = "team_member"
    TEAM_LEAD = "team_lead"
    COACH = "coach"
    ETHICS_REVIEWER = "ethics_reviewer"
    PROGRAMME_LEAD = "programme_lead"
    JUROR = "juror"
    OPERATOR = "operator"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Actor:
    """A signed-in person and the roles held, by scope. Filled at the start of a request.

    `as_of` is the last seal of the trail at that moment: while it is the same, nobody has done
    anything. Empty where that is not known.
    """

    person_id: UUID
    roles: Mapping[UUID, frozenset[Role]]
    as_of: str = ""

    def has_role_in(self, *roles: Role, in_: UUID) -> bool:
        """Any of these roles, in exactly this scope."""
        return not self.roles.get(in_, frozenset()).isdisjoint(roles)

    def scopes_with(self, *roles: Role) -> tuple[UUID, ...]:
        """Every scope in which any of these roles is held."""
        return tuple(
            scope for scope, scope_roles in self.roles.items() if not scope_roles.isdisjoint(roles)
        )


def require(allowed: bool, sentence: str = "") -> None:
    """Raise `NotAllowed`, with the sentence the person will read, unless allowed."""
    if not allowed:
        raise NotAllowed(sentence)
