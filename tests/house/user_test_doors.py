"""Access table of user tests (see `doors.py`).

Round 1 is planned, with two tasks; round 2 has had a session.
"""

from tests.house.door import COACH, DIRECTION, LEAD, MEMBER, OBSERVER, READERS, TEAM, read, write
from tests.house.file_doors import form

T = "/projects/heron/tests"
R = f"{T}/1"
ROUND = {
    "prototype": "1",
    "title": "t",
    "groups": "2",
    "wanted": "5",
    "method": "moderated",
    "scale": "f_sus",
    "starts_on": "2026-03-12",
    "version": "1",
}
COPY = {"prototype": "1", "title": "t"}
ACCESS = {"access_needs": "0", "no_access_needs": "r", "version": "1"}
TASK = {"title": "t", "instruction": "i", "success": "s", "time_limit": "180", "version": "1"}
CONSENT = {
    "purpose": "p",
    "course": "c",
    "retention": "r",
    "withdrawal": "w",
    "dpo_contact": "d",
    "version": "1",
}
ROUNDS = {
    "rounds.index GET": read(T, READERS),
    "rounds.page GET": read(R, READERS),
    "rounds.history GET": read(f"{R}/history", READERS),
    **form("rounds.plan", f"{T}/new", ROUND),
    **form("rounds.change", f"{R}/edit", ROUND),
    **form("rounds.copy", f"{R}/copy", COPY),
    **form("rounds.record_access_needs", f"{R}/access", ACCESS),
    **form("round_removal.remove", f"{T}/{{empty}}/remove", {}),
    "rounds.end_or_reopen POST": write(f"{T}/2/state", {"to": "over", "confirmed": "1"}, TEAM, READERS),
    **form("test_tasks.add", f"{R}/tasks/new", TASK),
    **form("test_tasks.change", f"{R}/tasks/1/edit", TASK),
    "test_tasks.move POST": write(f"{R}/tasks/1/move", {"to": "down"}, TEAM, READERS),
    **form("test_tasks.remove", f"{R}/tasks/2/remove", {}),
    "consent.page GET": read(f"{R}/consent/fr", READERS),
    "consent.download GET": read(f"{R}/consent/en.pdf", READERS),
    **form("consent.change", f"{R}/consent/fr/edit", CONSENT),
}
# Session 1 is finished with answers; 2 has begun, and its participant has a link.
S = f"{T}/sessions"
FORGET = TEAM | {DIRECTION}
ONE_IMPORT = f"{T}/2/import/{{results}}"
SESSIONS = {
    **form("test_sessions.begin", f"{R}/sessions/new", {"group": "0"}),
    "test_sessions.page GET": read(f"{S}/1", READERS),
    "test_sessions.save POST": write(f"{S}/1", {"t1-notes": "n"}, TEAM, READERS),
    "test_sessions.record_consent POST": write(f"{S}/2/consent", {"consent_on": "2026-03-12"}, TEAM, READERS),
    "test_sessions.end POST": write(f"{S}/2/end", {"confirmed": "1"}, TEAM, READERS),
    "test_sessions.withdraw GET": read(f"{S}/1/withdraw", FORGET, READERS),
    "test_sessions.withdraw POST": write(f"{S}/1/withdraw", {}, FORGET, READERS),
    "participant_links.page GET": read(f"{S}/2/link", TEAM, READERS),
    "participant_links.make POST": write(f"{S}/2/link", {}, TEAM, READERS),
    "participant_links.revoke POST": write(f"{S}/2/link/revoke", {}, TEAM, READERS),
    "result_imports.as_csv GET": read(f"{R}/template.csv", TEAM | {COACH}, READERS),
    "result_imports.as_xlsx GET": read(f"{R}/template.xlsx", TEAM | {COACH}, READERS),
    "result_imports.upload POST": write(f"{R}/import", {"results": ""}, TEAM, READERS),
    "result_imports.show_upload_page GET": read(f"{R}/import", TEAM, READERS),
    "result_imports.page GET": read(ONE_IMPORT, {MEMBER}),
    "result_imports.confirm POST": write(f"{ONE_IMPORT}/confirm", {}, {MEMBER}),
    "result_imports.discard POST": write(f"{ONE_IMPORT}/forget", {}, {MEMBER}),
    "test_results.export POST": write(f"{T}/2/sessions.csv", {}, TEAM | {COACH}, READERS),
}
# Findings 1 to 7 are those of `tests.support.findings.one_of_each`.
F = "/projects/heron/findings"
FINDING = {"what": "w", "severity": "2", "detail": "d", "owner": "{member}", "version": "1"}
FINDINGS = {
    "findings.index GET": read(F, READERS),
    "findings.page GET": read(f"{F}/1", READERS),
    "findings.history GET": read(f"{F}/1/history", READERS),
    **form("findings.add", f"{F}/new", FINDING),
    **form("findings.change", f"{F}/1/edit", FINDING),
    "findings.rate POST": write(f"{F}/1/rate", {"severity": "3", "version": "1"}, TEAM, READERS),
    "findings.make_item POST": write(f"{F}/6/item", {}, TEAM, READERS),
    "findings.put_in_sprint POST": write(f"{F}/6/sprint", {}, TEAM, READERS),
    **form("sightings.set_sightings", f"{F}/1/seen", {"tasks": "1", "sessions": "1"}),
    **form("sightings.choose_evidence", f"{F}/1/evidence", {}),
    **form("finding_ends.settle", f"{F}/2/settle", {"reason": "r", "version": "1"}),
    "finding_ends.accept GET": read(f"{F}/3/accept", {LEAD, DIRECTION}, READERS),
    "finding_ends.accept POST": write(
        f"{F}/3/accept", {"reason": "r", "version": "1"}, {LEAD, DIRECTION}, READERS
    ),
    "finding_ends.reopen POST": write(f"{F}/4/reopen", {}, TEAM, READERS),
    **form("finding_ends.merge", f"{F}/2/merge", {"into": "3"}),
    "finding_ends.split POST": write(f"{F}/5/split", {}, TEAM, READERS),
    "retests.page GET": read(f"{T}/2/findings", READERS),
    "retests.page POST": write(
        f"{T}/2/findings", {"result_7": "gone", "note_7": "n", "before_7": ""}, TEAM, READERS
    ),
}
REPORTS = {
    "test_figures.coverage GET": read(f"{T}/coverage", READERS),
    "test_figures.trend GET": read(f"{T}/trend", READERS),
    "test_figures.compare GET": read(f"{T}/compare", READERS),
    # Observers read reports of finished rounds only.
    "test_reports.page GET": read(f"{T}/{{over}}/report/fr", READERS | {OBSERVER}),
    "test_reports.download GET": read(f"{T}/{{over}}/report/en.pdf", READERS | {OBSERVER}),
    "test_reports.index GET": read("/programmes/ami/test-reports", {DIRECTION, OBSERVER}),
}
USER_TEST_DOORS = ROUNDS | REPORTS | SESSIONS | FINDINGS
