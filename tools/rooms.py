"""The contract type "rooms" of import-linter: a file's last word says what it holds and imports.

Each room is a line of the contract in `pyproject.toml`: `"<room>: <what it may not import>"`, where
a word is a room, a group, or a module. Only direct imports count. A file of a wing of features
whose last word is no room breaks the contract, and so does a file that lies directly in a wing.
"""

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomsContract(Contract):
    """Options: `container`, `features` (wings in rooms), `nouns` (wings named freely), `groups`
    (`"name: modules"`), `rooms` (`"room: words"`)."""

    container = fields.StringField()
    features = fields.ListField(subfield=fields.StringField())
    nouns = fields.ListField(subfield=fields.StringField())
    groups = fields.ListField(subfield=fields.StringField())
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  its interface
        """Every file in a room, and every direct import allowed by it."""
        faults = sorted({*self._misplaced(graph), *self._forbidden(graph)})
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(fault)
        output.new_line()

    def _files(self, graph: ImportGraph) -> Iterator[tuple[str, list[str]]]:
        """Modules that are files, with the parts of their name below the container."""
        prefix: Any = self.container
        for module in graph.modules:
            if module.startswith(f"{prefix}.") and not graph.find_children(module):
                yield module, module.removeprefix(f"{prefix}.").split(".")

    def _misplaced(self, graph: ImportGraph) -> Iterator[str]:
        rooms, features, nouns = self._table(), set(self.features), set(self.nouns)
        for module, parts in self._files(graph):
            if parts[0] not in features | nouns:
                yield f"{module}: {parts[0]} is no wing"
            elif len(parts) == 2:
                yield f"{module}: lies directly in a wing"
            elif parts[0] in features and len(parts) > 2 and _room(module) not in rooms:
                yield f"{module}: {_room(module)!r} is no room"

    def _forbidden(self, graph: ImportGraph) -> Iterator[str]:
        rooms, groups, features = self._table(), self._groups(), set(self.features)
        for module, parts in self._files(graph):
            if parts[0] not in features or (room := _room(module)) not in rooms:
                continue
            for imported in graph.find_modules_directly_imported_by(module):
                for word in rooms[room]:
                    if self._is_named_by(imported, word, groups, features):
                        yield f"{module} imports {imported}: {room} may not import {word}"

    def _is_named_by(self, module: str, word: str, groups: dict[str, list[str]], features: set[str]) -> bool:
        """Whether a word of a room's line means this module."""
        if word in groups:
            return any(module == name or module.startswith(f"{name}.") for name in groups[word])
        parts = module.split(".")
        return len(parts) > 3 and parts[1] in features and _room(module) == word

    def _table(self) -> dict[str, list[str]]:
        return {room.strip(): words.split() for room, _, words in map(_split, self.rooms)}

    def _groups(self) -> dict[str, list[str]]:
        return {name.strip(): words.split() for name, _, words in map(_split, self.groups)}


def _split(line: Any) -> tuple[str, str, str]:
    head, colon, tail = str(line).partition(":")
    return head, colon, tail


def _room(module: str) -> str:
    """The last word of a file's name."""
    return module.rsplit(".", 1)[-1].rsplit("_", 1)[-1]
