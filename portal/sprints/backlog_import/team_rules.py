"""Find the team member that a file names, by e-mail address or exact name. Pure.

Never guesses: a name with another spelling, or shared by two people, matches nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NAME_SEPARATORS = ",;"


@dataclass(frozen=True)
class TeamMember:
    """A possible assignee."""

    id: str
    name: str
    email: str


class TeamMemberIndex:
    """Finds team members by name or e-mail address."""

    def __init__(self, members: Iterable[TeamMember] = ()) -> None:
        self._ids_by_word: dict[str, set[str]] = {}
        for member in members:
            for word in {_normalise_name(member.name), _normalise_name(member.email)}:
                self._ids_by_word.setdefault(word, set()).add(member.id)

    def find_person_id(self, word: str) -> str | None:
        """The id of the only person of that name or address."""
        person_ids = self._ids_by_word.get(_normalise_name(word), set())
        return next(iter(person_ids)) if len(person_ids) == 1 else None

    def find_assignee(self, cell: str) -> tuple[str | None, Sequence[str]]:
        """The first team member named in a cell, and the other names."""
        if (whole := self.find_person_id(cell)) is not None:
            return whole, ()
        for sign in _NAME_SEPARATORS[1:]:
            cell = cell.replace(sign, _NAME_SEPARATORS[0])
        names = [name for part in cell.split(_NAME_SEPARATORS[0]) if (name := part.strip())]
        first = next((name for name in names if self.find_person_id(name)), None)
        return first and self.find_person_id(first), [name for name in names if name is not first]


def _normalise_name(word: str) -> str:
    """Ignores case and repeated spaces; accents count."""
    return " ".join(word.split()).casefold()
