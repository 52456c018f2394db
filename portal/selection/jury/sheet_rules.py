"""A score sheet: what a juror says on each criterion, and whether it may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SheetEntry:
    """What a juror says on a criterion; `value` None without `abstains`: not yet."""

    value: int | None = None
    abstains: bool = False
    justification: str = ""

    @property
    def is_complete(self) -> bool:
        """Scored with a justification, or abstained."""
        return self.abstains or (self.value is not None and bool(self.justification))


SheetEntries = Mapping[str, SheetEntry]  # by key of the criterion


def list_unfinished(keys: Sequence[str], entries: SheetEntries) -> Sequence[str]:
    """The criteria on which the juror has still something to say."""
    return [key for key in keys if not entries.get(key, SheetEntry()).is_complete]
