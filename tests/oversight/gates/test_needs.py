"""What the next gate asks of sheets and reviews."""

from portal.ethics.readiness_sheets.definition_documents import SHEET_KINDS
from portal.oversight.gates import need_views
from portal.oversight.gates.remedy_views import REMEDIES
from tests.support import gates


def test_before_any_evaluation_nothing_is_asked(app, project):
    with app.test_request_context():
        needs = need_views.read_gate_needs(project)
    assert needs.gate.startswith("G0")
    assert needs.url.endswith("/gates/0")
    assert (list(needs.sheets), list(needs.reviews)) == ([], [])


def test_what_is_unmet_of_the_next_gate_is_asked(app, project, monkeypatch):
    gates.judged(project)
    with app.test_request_context():
        codes = [result.code for result in _next(project).evaluation.missing]
        monkeypatch.setattr(need_views, "SHEETS", dict.fromkeys(codes, "security"))
        monkeypatch.setattr(need_views, "REVIEWS", {codes[0]: "framing"})
        needs = need_views.read_gate_needs(project)
    assert list(needs.sheets) == ["security"]
    assert list(needs.reviews) == ["framing"]


def _next(project):
    return need_views.find_next_gate(need_views.queries.read_stored_states(project))


def test_each_sheet_that_a_remedy_leads_to_is_one_that_a_gate_needs():
    sheets = {code: remedy for code, remedy in REMEDIES.items() if remedy.endpoint == "sheets.index"}
    remedies = {code: dict(remedy.url_values).get("_anchor") for code, remedy in sheets.items()}
    assert {code: kind for code, kind in remedies.items() if kind} == need_views.SHEETS
    assert set(need_views.SHEETS.values()) <= set(SHEET_KINDS)
