"""Finding whoever a file names among the people of the team: by address, or by the very name. Pure.

Nobody is guessed at: a name that is not written as here, or that two people bear, is nobody's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NAME_SEPARATORS = ",;"


@dataclass(frozen=True)
class TeamMember:
    """Somebody of the team, as an item may be given to."""

    id: str
    name: str
    email: str


class TeamMemberIndex:
    def __init__(self, members: Iterable[TeamMember] = ()) -> None:
        self._called: dict[str, set[str]] = {}
        for member in members:
            for word in {_normalise_name(member.name), _normalise_name(member.email)}:
                self._called.setdefault(word, set()).add(member.id)

    def find_person_id(self, word: str) -> str | None:
        """The id of the one person who is called so, or has that address."""
        person_ids = self._called.get(_normalise_name(word), set())
        return next(iter(person_ids)) if len(person_ids) == 1 else None

    def find_assignee(self, cell: str) -> tuple[str | None, Sequence[str]]:
        """The first person of a cell that the team has, and what else is named there."""
        if (whole := self.find_person_id(cell)) is not None:
            return whole, ()
        for sign in _NAME_SEPARATORS[1:]:
            cell = cell.replace(sign, _NAME_SEPARATORS[0])
        named = [part for each in cell.split(_NAME_SEPARATORS[0]) if (part := each.strip())]
        first = next((each for each in named if self.find_person_id(each)), None)
        return first and self.find_person_id(first), [each for each in named if each is not first]


def _normalise_name(word: str) -> str:
    """Without regard to capitals and spaces; accents count."""
    return " ".join(word.split()).casefold()
