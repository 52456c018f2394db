"""What is missing about access needs on the latest version."""

from uuid import uuid4

import pytest

from portal.user_tests.reports.coverage_rules import CoverageGapKind, _list_access_gaps
from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.sum_rules import RoundSums


@pytest.mark.parametrize(
    ("access_needs", "kinds"),
    [
        ((None,), [CoverageGapKind.ACCESS_NOT_SAID]),
        ((None, 2), [CoverageGapKind.ACCESS_NOT_SAID]),
        ((0,), [CoverageGapKind.NO_ACCESS_NEED]),
        ((0, 0), [CoverageGapKind.NO_ACCESS_NEED]),
        ((0, 1), []),
        ((1,), []),
        ((), []),
    ],
)
def test_each_tested_round_counts_access_needs_and_one_has_some(access_needs, kinds):
    rounds = [TestRound(id=uuid4(), access_needs=count) for count in access_needs]
    versioned_rounds = [VersionedRound(round_, 2) for round_ in rounds]
    sums = {round_.id: RoundSums(sessions=1) for round_ in rounds}
    gaps = _list_access_gaps(2, versioned_rounds, sums)
    assert [gap.kind for gap in gaps] == kinds
    if CoverageGapKind.ACCESS_NOT_SAID in kinds:
        assert [gap.round for gap in gaps] == [r for r in rounds if r.access_needs is None]


def test_rounds_without_sessions_or_of_an_earlier_version_do_not_count():
    planned, earlier = TestRound(id=uuid4()), TestRound(id=uuid4())
    sums = {planned.id: RoundSums(), earlier.id: RoundSums(sessions=3)}
    versioned_rounds = [VersionedRound(earlier, 1), VersionedRound(planned, 2)]
    assert _list_access_gaps(2, versioned_rounds, sums) == []
