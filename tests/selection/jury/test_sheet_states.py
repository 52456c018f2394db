"""How far a sheet is: nothing, a draft, sent, or sent without any score."""

import pytest

from portal.selection.jury.sheet_rules import SheetEntry, SheetState, compute_sheet_state

KEYS = ("team", "data")
ABSTAINS, SCORED = SheetEntry(abstains=True), SheetEntry(3, justification="Clair")


@pytest.mark.parametrize(
    ("entries", "is_sent", "state"),
    [
        ({}, False, SheetState.NONE),
        ({"team": ABSTAINS}, False, SheetState.DRAFT),
        ({"team": SCORED, "data": ABSTAINS}, True, SheetState.SENT),
        ({"team": ABSTAINS, "data": ABSTAINS}, True, SheetState.ABSTAINED),
    ],
)
def test_state(entries, is_sent, state):
    assert compute_sheet_state(KEYS, entries, is_sent=is_sent) is state
