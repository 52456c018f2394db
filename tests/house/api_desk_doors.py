"""Access table of the API: a project, its items, evaluations and user tests (see `api_doors.py`)."""

from datetime import timedelta

from portal.platform.kernel import clock
from tests.house.api_door import read, write
from tests.house.api_write_doors import PAST, PROTOCOL, RUN, team
from tests.house.door import DIRECTION, IN_PROGRAMME, LEAD, MEMBER, READERS, TEAM

P = "/projects/heron"
LEADS = {LEAD, DIRECTION}
NEW = {
    "organisation": "o",
    "title_fr": "t",
    "starts_on": (clock.today() - timedelta(days=30)).isoformat(),
    "ends_on": (clock.today() + timedelta(days=100)).isoformat(),
    "tracks": ["technical"],
}
PROJECT = {
    "create_project": write("/programmes/ami/projects", NEW, {DIRECTION}, IN_PROGRAMME),
    "change_project_state": write(f"{P}/state", {"move": "pause"}, {DIRECTION}, READERS),
    "get_project_tracks": read(f"{P}/tracks", READERS),
    "choose_project_tracks": write(f"{P}/tracks", {"tracks": ["technical"]}, {DIRECTION}, READERS),
    "set_share_of_time": write(f"{P}/people/{{membership}}/share", {"share_of_time": 40}, LEADS, READERS),
    "list_project_invitations": read(f"{P}/invitations", LEADS, READERS),
    "withdraw_project_invitation": write(f"{P}/invitations/{{offer}}", None, LEADS, READERS),
    "correct_measurement": team("/measurements/1", {"measured_on": "2026-03-02", "value": 4.5}, "1"),
}
WORK = {
    "assign_item": team("/items/1/assign", {"assignee_id": "{member}"}, "{version}"),
    "split_item": team("/items/6/split", {"items": [{"title": "t"}], "points": 1}, "{version}"),
    "place_item": team("/items/2/place", {"place": "top"}, "{version}"),
    "get_sprint_draft": read(f"{P}/sprints/2/draft", TEAM, READERS),
    "save_sprint_draft": team("/sprints/2/draft", {"summary": "s"}, "{version}"),
    "replace_evaluation_protocol": team("/evaluation-protocols/2/replace", PROTOCOL),
    "change_evaluation_run": team("/evaluation-runs/1", RUN, "1"),
}
CONSENT = {"purpose": "p", "course": "c", "retention": "r", "withdrawal": "w", "dpo_contact": "d"}
LINK = f"{P}/sessions/2/participant-link"
TESTS = {
    "copy_round": team("/rounds/1/copy", {"prototype": 1, "title": "t"}),
    "get_consent_text": read(f"{P}/rounds/1/consent/fr", READERS),
    "change_consent_text": team("/rounds/1/consent/fr", CONSENT, "1"),
    "move_task": team("/rounds/1/tasks/1/move", {"to": "down"}),
    "get_participant_link": read(LINK, TEAM, READERS),
    "make_participant_link": write(LINK, None, TEAM, READERS),
    "revoke_participant_link": write(LINK, None, TEAM, READERS),
    "get_finding_sightings": read(f"{P}/findings/1/sightings", READERS),
    "set_finding_sightings": team("/findings/1/sightings", {"round": 2, "tasks": [], "sessions": []}),
    "get_finding_evidence": read(f"{P}/findings/1/evidence", READERS),
    "choose_finding_evidence": team("/findings/1/evidence", {"files": []}),
    "list_retests": read(f"{P}/rounds/2/retests", READERS),
    "note_retests": team("/rounds/2/retests", {"answers": [{"number": 7, "result": "gone"}]}),
}
# An import is visible only to the person who uploaded the file.
IMPORTS = f"{P}/rounds/2/result-imports"
ONE_IMPORT = f"{IMPORTS}/{{results}}"
RESULTS = ("results.csv", f"Accord donné le,Notes\n{PAST},vu\n".encode())
RESULT_IMPORTS = {
    "list_result_imports": read(IMPORTS, READERS),
    "stage_result_import": write(IMPORTS, None, TEAM, READERS, file=RESULTS),
    "get_result_import": read(ONE_IMPORT, {MEMBER}),
    "list_result_import_lines": read(f"{ONE_IMPORT}/lines", {MEMBER}),
    "confirm_result_import": write(f"{ONE_IMPORT}/confirm", {}, {MEMBER}),
    "discard_result_import": write(ONE_IMPORT, None, {MEMBER}),
}
DESK_API_DOORS = PROJECT | WORK | TESTS | RESULT_IMPORTS
