"""A row of the access table: the request, who is allowed, and who is refused with a sentence."""

from dataclasses import dataclass, field
from typing import Any

MEMBER, LEAD, COACH, REVIEWER = "member", "team_lead", "coach", "reviewer"
DIRECTION, JUROR, OPERATOR, OBSERVER = "direction", "juror", "operator", "observer"
ADMIN, OTHER, STRANGER = "admin", "other_team", "stranger"
EVERYBODY = {MEMBER, LEAD, COACH, REVIEWER, DIRECTION, JUROR, OPERATOR, OBSERVER, ADMIN, OTHER}
TEAM = {MEMBER, LEAD}
READERS = TEAM | {COACH, REVIEWER, DIRECTION}
IN_PROGRAMME = EVERYBODY - {OTHER}


@dataclass(frozen=True)
class Door:
    """`path` and `typed` may name rows of the scene in braces."""

    path: str
    inside: set[str]
    refused: set[str] = field(default_factory=set)
    typed: dict[str, Any] | None = None  # None: a GET

    @property
    def method(self) -> str:
        return "GET" if self.typed is None else "POST"


def read(path: str, inside: set[str], refused: set[str] | None = None) -> Door:
    return Door(path, inside, (refused or set()) - inside)


def write(path: str, typed: dict[str, Any], inside: set[str], refused: set[str] | None = None) -> Door:
    return Door(path, inside, (refused or set()) - inside, typed)
