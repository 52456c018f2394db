"""What goes wrong between the portal and the source: each fault at each request, and each refusal."""

import logging

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.selection.imports.models import ImportMode, RunState
from tests.support import calls as some
from tests.support import sources
from tests.support.dossiers import File
from tests.support.turns import THOROUGH, turn_of

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PASSING = ("429", "429 bare", "500", "502", "html", "cut", "closed", "timeout")
REQUESTS = 7  # of a complete reading: the form, three pages, a file, two kinds of tombstones
REFUSALS = {
    "network": "network_forbidden",
    "scope": "out_of_scope",
    "elsewhere": "redirect",
}


@pytest.fixture
def reading(source, site, call):
    """One file and three pages of applications, read once without any fault: what it brings."""
    site.dossiers[3].files = [File("note.pdf", PDF)]
    return site


@pytest.mark.parametrize("fault", PASSING if THOROUGH else [turn_of("a fault that passes", PASSING)])
def test_a_fault_that_passes_at_any_request_changes_nothing(reading, call, fault):
    """The rows are those of an import without a fault."""
    run = sources.run(call, ImportMode.COMPLETE)
    expected = sources.read_rows() | {"event": None}
    assert (run.counts["created"], run.counts["files"]) == (23, 1)
    assert len(reading.requests) - 1 == REQUESTS  # the first was to connect
    for place in range(REQUESTS):
        _forget(call)
        n = len(reading.requests)
        reading.faults = {n + place: fault}
        run = sources.run(call, ImportMode.COMPLETE)
        assert run.state is RunState.DONE, (place, run.problem)
        rows = sources.read_rows() | {"event": None}
        if reading.requests[n + place] == "file":  # the next run fetches it
            assert run.counts["files"] == 0
            assert sources.run(call, ImportMode.COMPLETE).counts["files"] == 1
            rows = sources.read_rows()
            assert rows["file"] == expected["file"]
        else:
            assert rows == expected, place


def _forget(call):
    """Take away what was imported, with the source as it was."""
    for table in ("imported_file", "attachment", "application_source", "application_member", "application"):
        db.session.execute(sources.sa.text(f"DELETE FROM {table}"))
    db.session.execute(sources.sa.text("DELETE FROM application_import"))
    source = sources.source_of(call)
    source.updated_since, source.complete_on = "", None
    db.session.commit()


@pytest.mark.parametrize("code", ["token_refused", "token_expired", *REFUSALS.values(), "unknown_field"])
def test_a_refusal_stops_at_once_and_says_which(source, site, call, code):
    faults = {value: name for name, value in REFUSALS.items()}
    site.always = faults.get(code, "")
    site.token = "another" if code == "token_refused" else site.token
    site.is_expired = code == "token_expired"
    site.removed_name = "dateDepot" if code == "unknown_field" else ""
    before = len(site.requests)
    run = sources.run(call)
    assert (run.state, run.problem) == (RunState.STOPPED, code)
    assert len(site.requests) - before <= 2
    if code == "unknown_field":
        assert run.detail == "dateDepot"
    assert some.applications_of(call) == []


def test_a_source_that_asks_to_wait_is_asked_later(source, site, call):
    site.faults = {len(site.requests): "429 later"}
    run = sources.run(call)
    assert (run.state, run.attempts) == (RunState.RUNNING, 1)
    assert (run.due_at - clock.now()).total_seconds() > 100
    assert sources.jobs.run_due_imports() == 0  # not yet
    db.session.add(call)
    run = sources.go_on(call, db.session.merge(run).id)
    assert (run.state, run.counts["created"]) == (RunState.DONE, 23)


def test_a_source_that_never_answers_ends_the_run(source, site, call):
    site.always = "502"
    run = sources.run(call)
    while run.is_under_way:
        run = sources.go_on(call, run.id)
    assert (run.state, run.problem, run.attempts) == (RunState.STOPPED, "server_error", 6)


def test_half_as_many_are_asked_after_a_time_out(source, site, call):
    site.slow_above = 3
    run = sources.run(call)
    assert (run.state, run.counts["created"]) == (RunState.DONE, 23)
    assert site.requests.count("readApplications") == 2 + 12  # of 10 and 5 in vain, then of 2


def test_the_token_is_nowhere(source, site, call, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    for fault in ("", "scope"):
        site.always = fault
        sources.run(call)
    row = sources.source_of(call)
    assert site.token not in row.token
    trail = "".join(
        f"{event.facts}{event.before}{event.after}" for event in db.session.query(AuditEvent).all()
    )
    seen = caplog.text + trail + "".join(capsys.readouterr())
    assert site.token not in seen
    assert row.token not in trail
    assert "/files/" not in seen


def test_two_processes_that_hold_one_run_write_it_once(source, site, call):
    run_id = sources.start(call).id
    with sources.jobs.transaction():
        first = sources.run_commands.claim_run(run_id)
    run = sources.go_on(call, run_id)
    assert run.counts["created"] == 23
    with pytest.raises(sources.run_commands.RunOvertaken), sources.jobs.transaction():
        sources.run_commands.lock_claimed_run_and_call(first)


def test_hours_and_nights_of_the_schedule(source, site, call, lead):
    row = sources.source_of(call)
    row.is_scheduled = True
    db.session.commit()
    assert sources.jobs.run_due_imports() > 0
    db.session.add(call)
    runs = db.session.query(sources.ImportRun).all()
    assert [(each.state, each.started_by_id) for each in runs] == [(RunState.DONE, None)]
    assert sources.jobs.run_due_imports() == 0  # within the hour
    with clock.frozen_at(clock.now() + sources.jobs.INTERVAL * 1.5):
        due = sources.jobs.plan_scheduled_runs()
    assert due == 1
