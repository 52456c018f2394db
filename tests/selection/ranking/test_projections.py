"""The stored ranking follows what happens to applications after their scores opened."""

import pytest

from portal.platform.kernel.database import db
from portal.selection.applications import commands
from portal.selection.deliberation.models import DecisionKind
from portal.selection.imports.page_commands import RESTORED
from portal.selection.ranking.queries import read_ranking
from tests.support import calls as some


@pytest.fixture
def ranked(lead, programme, jurors):
    call = some.decided(lead, programme, jurors, [DecisionKind.LAUREATE] * 3)
    return call, some.applications_of(call)


def ranks(lead, call):
    return [(line.number, line.rank) for line in read_ranking(lead, call, 1).rows]


def test_a_withdrawn_application_leaves_the_ranking_and_comes_back(lead, ranked):
    call, rows = ranked
    assert ranks(lead, call) == [(1, 1), (2, 2), (3, 3)]
    commands.withdraw_application(lead, some.load(lead, rows[0]), "Leur souhait.", rows[0].version)
    db.session.commit()
    assert ranks(lead, call) == [(2, 1), (3, 2)]
    rows[0].state = some.applications_of(call)[1].state
    commands.record_application_act(None, RESTORED, rows[0])
    db.session.commit()
    assert ranks(lead, call) == [(1, 1), (2, 2), (3, 3)]


def test_a_sealed_application_starts_no_ranking(lead, call, jurors, under_review):
    ranked_at = call.ranked_at
    some.judge(jurors[0], under_review, 3)
    assert (call.ranked_at, ranks(lead, call)) == (ranked_at, [])
    some.judge(jurors[1], under_review, 3)
    assert ranks(lead, call) == [(under_review.number, 1)]


def test_a_row_is_two_lines_on_a_phone_and_unfolds(leading, ranked, browser_for):
    page = browser_for(leading).visit(f"/programmes/ami/calls/{ranked[0].number}/ranking")
    rows = page.select(".compact .dense tbody tr")
    assert rows
    for row in rows:
        assert row.select_one("details.row-more summary")
        assert len(row.select(".rest")) == 2  # its organisation and its possible ranks
        assert not row.select(".rest .row-more, .rest .team")
