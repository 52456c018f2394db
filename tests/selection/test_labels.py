"""Numbers are written as the reader's language writes them."""

from fractions import Fraction

import pytest

from portal.funding.agreements.labels import share
from portal.platform.kernel.text import using_language
from portal.selection.applications.labels import ranking_total_label
from portal.selection.calls.labels import weight_line
from portal.selection.calls.models import CallCriterion
from portal.selection.deliberation.models import DecisionKind
from portal.selection.ranking.labels import juror_severity_label
from tests.support import calls as some


def test_totals_are_numbers_in_files(lead, leading, programme, jurors, browser_for):
    call = some.decided(lead, programme, jurors[:2], [DecisionKind.NOT_SELECTED])
    browser = browser_for(leading)
    path = f"/programmes/ami/calls/{call.number}/applications/export"
    [line] = browser.open(f"{path}.json", method="POST").get_json()["applications"]
    assert line["total"] == 100.0
    assert ";100,00;" in browser.open(f"{path}.csv", method="POST").text


@pytest.mark.parametrize(
    ("language", "written"), [("fr", ("66,67", "60,00", "19,4", "2,5", "33,33")), ("en", None)]
)
def test_decimals_have_the_sign_of_the_readers_language(app, language, written):
    expected = written or ("66.67", "60.00", "19.4", "2.5", "33.33")
    criterion = CallCriterion(weight=20, minimum_tenths=25)
    with app.test_request_context(), using_language(language):
        assert (ranking_total_label(6667), ranking_total_label(6000)) == expected[:2]
        assert expected[2] in juror_severity_label(Fraction(-194, 10))
        assert expected[3] in weight_line(criterion)
        assert share(3333).startswith(expected[4])
        assert share(5000).startswith("50")
        assert "00" not in share(5000)
