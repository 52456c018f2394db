"""The actor of a request as a plain value: policies need no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.platform.kernel.errors import NotAllowed
from portal.platform.kernel.text import LazyString


class Role(StrEnum):
    """A role in a scope: a project, a programme, or the installation."""

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
    """A signed-in person and their roles by scope. Set at the start of a request.

    `as_of` is the hash of the audit trail's last seal at that moment, usable as a cache key: it
    changes with every command. Empty when unknown.
    """

    person_id: UUID
    roles: Mapping[UUID, frozenset[Role]]
    as_of: str = ""

    def has_role_in(self, *roles: Role, in_: UUID) -> bool:
        """Whether the actor has any of these roles in exactly this scope."""
        return not self.roles.get(in_, frozenset()).isdisjoint(roles)

    def scopes_with(self, *roles: Role) -> tuple[UUID, ...]:
        """The scopes in which the actor has any of these roles."""
        return tuple(scope for scope, scope_roles in self.roles.items() if not scope_roles.isdisjoint(roles))


def require(allowed: bool, sentence: str | LazyString = "") -> None:
    """Raise `NotAllowed` with a sentence for the person, unless allowed."""
    if not allowed:
        raise NotAllowed(str(sentence))
