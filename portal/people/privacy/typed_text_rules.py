"""Which texts of a row a person typed, by the lines of the trail on it. Pure.

A line names the fields that changed, and holds their texts unless the trail may not: then `before`
and `after` are None. The text of such a line is what the next change of the field found before it,
or else what stands there now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class RowTrailLine:
    """A line of the trail on a row; `creates`: by an action that creates such a row."""

    id: UUID
    actor_id: UUID | None
    creates: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def map_typed_texts_by_line(
    lines: Sequence[RowTrailLine], texts: Mapping[str, Any], actor_ids: frozenset[UUID]
) -> dict[UUID, dict[str, Any]]:
    """The texts that these accounts typed and the trail does not hold: line → field → text.

    `lines` are all those on the row, oldest first; `texts` are its texts today by field. A text that
    somebody else may have written since is left out.
    """
    typed: dict[UUID, dict[str, Any]] = {}
    for name, text_today in texts.items():
        writing = [line for line in lines if name in line.after or (line.creates and not line.after)]
        for place, line in enumerate(writing):
            if line.actor_id not in actor_ids or line.after.get(name):
                continue
            is_last = place == len(writing) - 1
            text = text_today if is_last else writing[place + 1].before.get(name)
            if text:
                typed.setdefault(line.id, {})[name] = text
    return typed
