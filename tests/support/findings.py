"""Factories of findings in each state; a test gives only relevant fields."""

from typing import Any

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.user_tests.findings.models import Finding, FindingClosingKind, Retest, RetestResult
from portal.user_tests.rounds.models import TestRound
from tests.support.keeping import kept
from tests.support.project_file import save
from tests.support.user_tests import finding


def closed(of_: TestRound, by: Person, how: FindingClosingKind, **given: Any) -> Finding:
    """Create a finding closed just now, minor unless `given` says more."""
    ended = {"closing": how, "closed_at": clock.now(), "closed_by_id": by.id}
    return finding(of_, **{"severity": 2} | ended | given)


def merged(of_: TestRound, by: Person, into: Finding, **given: Any) -> Finding:
    return closed(of_, by, FindingClosingKind.MERGED, merged_into_id=into.id, **given)


def retest(
    what: Finding, in_: TestRound, by: Person, result: RetestResult = RetestResult.DISAPPEARED, note: str = ""
) -> Retest:
    ids = {"finding_id": what.id, "round_id": in_.id, "noted_by_id": by.id}
    return save(Retest(result=result, note=note, **ids))


@kept
def one_of_each(first: TestRound, later: TestRound, seen: Finding, by: Person) -> None:
    """Create a finding for each write route, besides `seen`, in the later round.

    2 is minor, 3 severe, 4 closed, 5 merged into 1, 6 to become an item, 7 of the first round.
    """
    finding(later, severity=2)
    finding(later, severity=3)
    closed(later, by, FindingClosingKind.SETTLED)
    merged(later, by, seen)
    finding(later, severity=4, is_harm=True)
    finding(first, severity=3, detail="Sur un écran étroit.", owner_id=by.id)
