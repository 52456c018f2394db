"""Which column of a file gives which field, and what its words mean. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.sprints.backlog.models import ItemKind
from portal.sprints.backlog_import.team_rules import normalise_name
from portal.sprints.backlog_import.tool_rules import (
    GENERIC_WORDS,
    ImportField,
    find_word_kind,
    find_word_state,
    normalise_word,
)


@dataclass(frozen=True)
class ImportChoices:
    """A team's choices for the files of a tool; stored as JSON (`as_json`, `from_json`)."""

    columns: Mapping[ImportField, str]  # field → name of its column
    states: Mapping[str, str] = field(default_factory=dict)  # folded word → state, or ASIDE
    kinds: Mapping[str, ItemKind | None] = field(default_factory=dict)  # None: no kind
    people: Mapping[str, str] = field(default_factory=dict)  # name → id of a team member; "": nobody

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ImportChoices":
        return cls(
            {ImportField(name): column for name, column in stored.get("columns", {}).items()},
            dict(stored.get("states", {})),
            {word: ItemKind(kind) if kind else None for word, kind in stored.get("kinds", {}).items()},
            dict(stored.get("people", {})),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {name.value: column for name, column in self.columns.items()},
            "states": dict(self.states),
            "kinds": {word: kind.value if kind else "" for word, kind in self.kinds.items()},
            "people": dict(self.people),
        }

    def renewed(
        self,
        columns: Mapping[ImportField, str],
        *,
        states: Mapping[str, str],
        kinds: Mapping[str, str],
        people: Mapping[str, str],
    ) -> "ImportChoices":
        """Other columns, and what each word means, as written ("": nothing); earlier choices for words
        that are not among them stay."""
        return ImportChoices(
            columns,
            dict(self.states) | {normalise_word(word): state for word, state in states.items() if state},
            self._merge_kinds(kinds),
            dict(self.people) | {normalise_name(word): id_ for word, id_ in people.items()},
        )

    def _merge_kinds(self, kinds: Mapping[str, str]) -> Mapping[str, ItemKind | None]:
        """The kinds of words, stored where they differ from the default."""
        stored = dict(self.kinds)
        for word, value in kinds.items():
            kind = ItemKind(value) if value else None
            if kind is find_word_kind(word):
                stored.pop(normalise_word(word), None)
            else:
                stored[normalise_word(word)] = kind
        return stored

    def find_state(self, word: str) -> str | None:
        """The state that a word means, or `ASIDE`; None for an unknown word."""
        return self.states.get(normalise_word(word)) or find_word_state(word)

    def find_kind(self, word: str) -> ItemKind | None:
        """The kind that a word means; None without one."""
        return (
            self.kinds[normalise_word(word)] if normalise_word(word) in self.kinds else find_word_kind(word)
        )

    def find_person(self, word: str) -> str | None:
        """The id of the team member that the team chose for a name, "" for nobody; None without a choice."""
        return self.people.get(normalise_name(word))

    def is_generic_word(self, word: str) -> bool:
        """Whether a word is generic (« issue »), unless the team chose a kind for it."""
        return normalise_word(word) in GENERIC_WORDS and normalise_word(word) not in self.kinds
