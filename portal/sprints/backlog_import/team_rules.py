"""Find the team member that a file names, by e-mail address or exact name. Pure.

Never guesses: a name with another spelling, or shared by two people, matches nobody until the team says
who that is; the name of an account is proposed.
"""

from collections.abc import Iterable, Mapping, Sequence
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

    def __init__(self, members: Iterable[TeamMember] = (), choices: Mapping[str, str] | None = None) -> None:
        """`choices` are ids by name as written in the file; those of former members count no more."""
        self._ids_by_word: dict[str, set[str]] = {}
        self._ids_by_account: dict[str, set[str]] = {}
        ids = set()
        for member in members:
            ids.add(member.id)
            for word in {normalise_name(member.name), normalise_name(member.email)}:
                self._ids_by_word.setdefault(word, set()).add(member.id)
            account = normalise_name(member.email).partition("@")[0]
            self._ids_by_account.setdefault(account, set()).add(member.id)
        self._chosen_ids = {word: id_ for word, id_ in (choices or {}).items() if id_ in ids}

    def is_known(self, word: str) -> bool:
        """Whether a name is that of one member, without the team's choices."""
        return len(self._ids_by_word.get(normalise_name(word), ())) == 1

    def find_person_id(self, word: str) -> str | None:
        """The id of the only person of that name or address, or of the one that the team chose."""
        name = normalise_name(word)
        if name in self._chosen_ids:
            return self._chosen_ids[name]
        person_ids = self._ids_by_word.get(name, set())
        return next(iter(person_ids)) if len(person_ids) == 1 else None

    def propose_person_id(self, word: str) -> str | None:
        """The id of the only member whose address is this name before its `@`: a proposal to the team."""
        person_ids = self._ids_by_account.get(normalise_name(word), set())
        return next(iter(person_ids)) if len(person_ids) == 1 else None

    def split_names(self, cell: str) -> list[str]:
        """The names in a cell; one name where the whole cell is known."""
        if self.find_person_id(cell) is not None:
            return [cell]
        for sign in _NAME_SEPARATORS[1:]:
            cell = cell.replace(sign, _NAME_SEPARATORS[0])
        return [name for part in cell.split(_NAME_SEPARATORS[0]) if (name := part.strip())]

    def find_assignee_and_other_names(self, cell: str) -> tuple[str | None, Sequence[str]]:
        """The first team member named in a cell, and the other names."""
        names = self.split_names(cell)
        if len(names) == 1 and (whole := self.find_person_id(names[0])) is not None:
            return whole, ()
        first = next((name for name in names if self.find_person_id(name)), None)
        return first and self.find_person_id(first), [name for name in names if name is not first]


def normalise_name(word: str) -> str:
    """Ignores case and repeated spaces; accents count."""
    return " ".join(word.split()).casefold()
