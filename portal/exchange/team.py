"""Finding whoever a file names among the people of the team: by address, or by the very name. Pure.

Nobody is guessed at: a name that is not written as here, or that two people bear, is nobody's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BETWEEN = ",;"


@dataclass(frozen=True)
class Member:
    """Somebody of the team, as an item may be given to."""

    id: str
    name: str
    email: str


class Team:
    def __init__(self, members: Iterable[Member] = ()) -> None:
        self._called: dict[str, set[str]] = {}
        for one in members:
            for word in {_plain(one.name), _plain(one.email)}:
                self._called.setdefault(word, set()).add(one.id)

    def find(self, word: str) -> str | None:
        """The id of the one person who is called so, or has that address."""
        found = self._called.get(_plain(word), set())
        return next(iter(found)) if len(found) == 1 else None

    def read(self, cell: str) -> tuple[str | None, Sequence[str]]:
        """The first person of a cell that the team has, and what else is named there."""
        if (whole := self.find(cell)) is not None:
            return whole, ()
        for sign in _BETWEEN[1:]:
            cell = cell.replace(sign, _BETWEEN[0])
        named = [part for each in cell.split(_BETWEEN[0]) if (part := each.strip())]
        first = next((each for each in named if self.find(each)), None)
        return first and self.find(first), [each for each in named if each is not first]


def _plain(word: str) -> str:
    """Without regard to capitals and spaces; accents count."""
    return " ".join(word.split()).casefold()
