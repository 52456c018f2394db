"""How far a sheet is: nothing, a draft, sent, or sent without any score."""

import pytest

from portal.selection.jury.sheet_rules import ScoreSheetEntry, ScoreSheetState, compute_sheet_state

KEYS = ("team", "data")
ABSTAINS, SCORED = ScoreSheetEntry(abstains=True), ScoreSheetEntry(3, justification="Clair")


@pytest.mark.parametrize(
    ("entries", "is_sent", "state"),
    [
        ({}, False, ScoreSheetState.NONE),
        ({"team": ABSTAINS}, False, ScoreSheetState.DRAFT),
        ({"team": SCORED, "data": ABSTAINS}, True, ScoreSheetState.SENT),
        ({"team": ABSTAINS, "data": ABSTAINS}, True, ScoreSheetState.ABSTAINED),
    ],
)
def test_state(entries, is_sent, state):
    assert compute_sheet_state(KEYS, entries, is_sent=is_sent) is state
