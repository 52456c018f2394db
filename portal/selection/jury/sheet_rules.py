"""A score sheet: what a juror says on each criterion, and whether it may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ScoreSheetState(StrEnum):
    """How far a juror is with a sheet: their own concern until scores open."""

    NONE = "none"
    DRAFT = "draft"
    SENT = "sent"
    ABSTAINED = "abstained"  # sent without a score on any criterion


@dataclass(frozen=True)
class ScoreSheetEntry:
    """What a juror says on a criterion; `value` None without `abstains`: not yet."""

    value: int | None = None
    abstains: bool = False
    justification: str = ""

    @property
    def is_complete(self) -> bool:
        """Scored with a justification, or abstained."""
        return self.abstains or (self.value is not None and bool(self.justification))


SheetEntries = Mapping[str, ScoreSheetEntry]  # by key of the criterion


def list_unfinished_criteria(keys: Sequence[str], entries: SheetEntries) -> Sequence[str]:
    """The criteria on which the juror has still something to say."""
    return [key for key in keys if not entries.get(key, ScoreSheetEntry()).is_complete]


def compute_sheet_state(keys: Sequence[str], entries: SheetEntries, *, is_sent: bool) -> ScoreSheetState:
    """How far a sheet is; what is scored on no criterion and sent is an abstention."""
    if is_sent:
        abstains = all(entries.get(key, ScoreSheetEntry()).value is None for key in keys)
        return ScoreSheetState.ABSTAINED if abstains else ScoreSheetState.SENT
    return ScoreSheetState.DRAFT if entries else ScoreSheetState.NONE
