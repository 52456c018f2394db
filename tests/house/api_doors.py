"""Access table of the API: every operation, with who may use it (see `doors.py`)."""

from datetime import timedelta

from portal.platform.kernel import clock
from tests.house.api_coaching_doors import COACHING_API_DOORS
from tests.house.api_desk_doors import DESK_API_DOORS
from tests.house.api_door import read, write
from tests.house.api_funding_doors import FUNDING_API_DOORS
from tests.house.api_oversight_doors import OVERSIGHT_API_DOORS
from tests.house.api_read_doors import READ_API_DOORS
from tests.house.api_selection_doors import SELECTION_API_DOORS
from tests.house.api_write_doors import WRITE_DOORS
from tests.house.door import (
    ADMIN,
    COACH,
    DIRECTION,
    EVERYBODY,
    IN_PROGRAMME,
    LEAD,
    MEMBER,
    OBSERVER,
    OPERATOR,
    READERS,
    REVIEWER,
    TEAM,
)

P = "/projects/heron"
PLAN = {"goal": "g", "starts_on": "2027-03-02", "ends_on": "2027-03-13"}
LOG = {"outcome": "met", "summary": "s"}
TEXT = {"body": "Bonjour."}
FILE = {
    "organisation": "o",
    "title_fr": "t",
    "starts_on": (clock.today() - timedelta(days=30)).isoformat(),
    "ends_on": (clock.today() + timedelta(days=100)).isoformat(),
}


PROJECTS = {
    "list_programmes": read("/programmes", EVERYBODY),
    "get_programme": read("/programmes/ami", IN_PROGRAMME),
    "list_projects": read("/projects", EVERYBODY),
    "get_project": read(P, READERS),
    "list_project_people": read(f"{P}/people", READERS),
    "edit_project": write(P, FILE, TEAM | {DIRECTION}, READERS, version="1"),
}
SPRINTS = {
    "list_sprints": read(f"{P}/sprints", READERS),
    "get_sprint": read(f"{P}/sprints/1", READERS),
    "plan_sprint": write(f"{P}/sprints", PLAN, TEAM, READERS),
    "edit_sprint_plan": write(f"{P}/sprints/3/plan", PLAN, TEAM, READERS, version="1"),
    "start_sprint": write(f"{P}/sprints/3/start", {}, TEAM, READERS, status=422),  # another runs
    "close_sprint": write(f"{P}/sprints/2/close", LOG, TEAM, READERS, version="{version}"),
    "edit_sprint_log": write(f"{P}/sprints/1/log", LOG, TEAM, READERS, version="{version}"),
    "undo_sprint_step": write(f"{P}/sprints/2/undo", None, TEAM, READERS, version="1"),
    "drop_sprint": write(f"{P}/sprints/3", None, TEAM, READERS),
}
BACKLOG = {
    "list_items": read(f"{P}/items", READERS),
    "get_item": read(f"{P}/items/4", READERS),
    "add_items": write(f"{P}/items", {"items": [{"title": "t"}]}, TEAM, READERS),
    "edit_item": write(f"{P}/items/4", {"title": "t"}, TEAM, READERS, version="{version}"),
    "set_item_state": write(f"{P}/items/1/state", {"state": "doing"}, TEAM, READERS, version="{version}"),
    "move_items": write(
        f"{P}/items/move", {"items": [{"number": 2, "version": 1}], "sprint": 2}, TEAM, READERS
    ),
    "drop_item": write(f"{P}/items/5", None, TEAM, READERS, version="{version}"),
    "take_back_item": write(f"{P}/items/3/take-back", None, TEAM, READERS, version="{version}"),
}
# An import is visible only to the person who uploaded the file.
ONE_IMPORT = f"{P}/item-imports/{{import}}"
ITEM_IMPORTS = {
    "list_item_imports": read(f"{P}/item-imports", READERS),
    "stage_item_import": write(
        f"{P}/item-imports", None, TEAM, READERS, file=("items.csv", b"Title\nLire les scans\n")
    ),
    "get_item_import": read(ONE_IMPORT, {MEMBER}),
    "list_item_import_lines": read(f"{ONE_IMPORT}/lines", {MEMBER}),
    "choose_item_import_columns": write(f"{ONE_IMPORT}/choices", {"columns": {"title": "Title"}}, {MEMBER}),
    "decide_item_import_lines": write(f"{ONE_IMPORT}/decisions", {"every": "keep"}, {MEMBER}, version="1"),
    "confirm_item_import": write(f"{ONE_IMPORT}/confirm", {}, {MEMBER}, version="1"),
    "discard_item_import": write(ONE_IMPORT, None, {MEMBER}),
}
DISCUSSIONS = {
    "list_comments": read("/discussions/{discussion}/comments", READERS),
    "get_comment": read("/comments/{comment}", READERS),
    "start_thread": write("/discussions/{discussion}/comments", TEXT, READERS),
    "get_thread": read("/threads/{thread}", READERS),
    "reply_to_thread": write("/threads/{thread}/comments", TEXT, READERS),
    "resolve_thread": write("/threads/{thread}/resolve", None, READERS),
    "reopen_thread": write("/threads/{thread}/reopen", None, READERS),
    "edit_comment": write("/comments/{comment}", TEXT, {MEMBER}, READERS, version="1"),
    "delete_comment": write("/comments/{comment}", None, {MEMBER, DIRECTION}, READERS),
}
# Lists, and rows by their numbers, that every reader of a project sees.
NUMBERED = {
    "risk": ("risks", 1),
    "mitigation": ("mitigations", 1),
    "review_trigger": ("review-triggers", 1),
    "review": ("reviews", 1),
    "readiness_sheet": ("readiness-sheets", 1),
    "data_source": ("data-sources", 1),
    "target_group": ("target-groups", 1),
    "assumption": ("assumptions", 1),
    "interview": ("interviews", 1),
    "metric": ("metrics", 1),
    "measurement": ("measurements", 1),
    "version": ("versions", 1),
    "evaluation_protocol": ("evaluation-protocols", 1),
    "evaluation_run": ("evaluation-runs", 1),
    "demonstration": ("demonstrations", 1),
    "action": ("actions", 1),
    "coaching_session": ("coaching-sessions", 1),
    "coaching_decision": ("coaching-decisions", 1),
    "round": ("rounds", 1),
    "finding": ("findings", 1),
    "recommendation": ("recommendations", 1),
    "decision": ("decisions", 1),
}
PORTFOLIO, OVERSEERS = "/programmes/ami/portfolio", {COACH, DIRECTION, OPERATOR, OBSERVER}
READS = {
    **{f"list_{path.replace('-', '_')}": read(f"{P}/{path}", READERS) for path, _number in NUMBERED.values()},
    **{f"get_{name}": read(f"{P}/{path}/{number}", READERS) for name, (path, number) in NUMBERED.items()},
    "list_review_answers": read(f"{P}/reviews/1/answers", READERS),
    "list_readiness_sheet_sections": read(f"{P}/readiness-sheets/1/sections", READERS),
    "get_readiness_sheet_section": read(f"{P}/readiness-sheets/1/sections/motivation", READERS),
    "list_sessions": read(f"{P}/sessions", TEAM | {COACH}, READERS),
    "list_gates": read(f"{P}/gates", READERS),
    "get_project_figures": read(f"{P}/figures", READERS),
    "get_coverage": read(f"{P}/coverage", READERS),
    "list_project_activity": read(f"{P}/activity", READERS),
    "get_gate": read(f"{P}/gates/5", READERS),
    "get_progress": read(f"{P}/progress", READERS),
    "get_health": read(f"{P}/health", READERS),
    "declare_weather": write(f"{P}/weather", {"outlook": "rainy", "sentence": "s"}, {LEAD}, READERS),
    "override_health": write(
        f"{P}/health/override", {"level": 1, "text": "t", "until": "{today}"}, {DIRECTION}, READERS
    ),
    "list_forecast": read(f"{P}/forecast", READERS),
    "list_portfolio": read(PORTFOLIO, OVERSEERS),
    "list_notifications": read("/notifications", EVERYBODY),
    "read_notifications": write("/notifications/read", {"group_id": "{news_group}"}, {MEMBER}),
    "search": read("/search?q=heron", EVERYBODY),
    "list_to_decide": read("/to-decide", {DIRECTION, COACH, REVIEWER, OPERATOR}),
    "get_session_preparation": read(f"{P}/session-preparation", {DIRECTION, COACH}, READERS),
    "compare_teams": read(f"{PORTFOLIO}/comparison?teams=heron", OVERSEERS),
    "list_changed_teams": read(f"{PORTFOLIO}/changes", OVERSEERS),
    "list_changed_thresholds": read(f"{PORTFOLIO}/threshold-changes", OVERSEERS),
    "list_trail": read("/trail", {ADMIN}),
}
FINDING = {"what": "w", "severity": 2}
WHY = {"reason": "r"}
FINDINGS = {
    "merge_finding": write(f"{P}/findings/2/merge", {"into": 3}, TEAM, READERS),
    "split_finding": write(f"{P}/findings/5/split", None, TEAM, READERS),
    "put_finding_in_sprint": write(f"{P}/findings/6/sprint", None, TEAM, READERS),
    "note_finding": write(f"{P}/findings", FINDING | {"round": 2}, TEAM, READERS),
    "change_finding": write(f"{P}/findings/1", FINDING, TEAM, READERS, version="1"),
    "accept_finding": write(f"{P}/findings/3/accept", WHY, {LEAD, DIRECTION}, READERS, version="1"),
    "reopen_finding": write(f"{P}/findings/4/reopen", None, TEAM, READERS),
}
ADVISORS = {COACH, DIRECTION}
ADVICE = {"what": "w", "why": "y"}
R = f"{P}/recommendations"
COACHING = {
    "recommend": write(R, ADVICE, ADVISORS, READERS),
    "change_recommendation": write(f"{R}/2", ADVICE, ADVISORS, READERS, version="1"),
    "accept_recommendation": write(f"{R}/1/accept", None, TEAM, READERS, version="1"),
    "decline_recommendation": write(f"{R}/4/decline", WHY, TEAM, READERS, version="1"),
    "complete_recommendation": write(f"{R}/3/complete", {"text": "p"}, TEAM, READERS, version="1"),
    "confirm_recommendation": write(f"{R}/5/confirm", None, ADVISORS, READERS),
    "undo_recommendation_step": write(f"{R}/7/undo", None, {COACH}, READERS, version="1"),
    "send_back_recommendation": write(f"{R}/6/send-back", {"missing": "m"}, ADVISORS, READERS, version="1"),
}
SOURCE_FILES = "/subjects/data_source/{source}/files"
FILES = {
    "list_files": read(SOURCE_FILES, READERS),
    "attach_file": write(SOURCE_FILES, None, TEAM, READERS, file=("note.txt", b"Note.")),
    "get_file": read("/files/{file}", READERS),
    "download_file": read("/files/{file}/content", READERS),
    "remove_file": write("/files/{spare_file}", None, TEAM | {DIRECTION}, READERS),
}
STREAMS = {
    f"stream_{path.replace('-', '_')}": read(f"/programmes/ami/{path}", IN_PROGRAMME)
    for path in ("items", "sprints", *(path for path, _number in NUMBERED.values()))
}
GATHERING = {"title": "t", "held_on": "2026-11-02", "agenda": "a"}
PROGRAMME_DOORS = {
    "list_programme_roles": read("/programmes/ami/roles", {DIRECTION, ADMIN}, IN_PROGRAMME),
    "list_programme_invitations": read("/programmes/ami/invitations", {DIRECTION, ADMIN}, IN_PROGRAMME),
    "list_group_sessions": read("/programmes/ami/group-sessions", READERS),
    "get_group_session": read("/programmes/ami/group-sessions/1", READERS),
    "announce_group_session": write("/programmes/ami/group-sessions", GATHERING, {DIRECTION}, READERS),
    "change_group_session": write(
        "/programmes/ami/group-sessions/1", GATHERING, {DIRECTION}, READERS, version="1"
    ),
    "cancel_group_session": write(
        "/programmes/ami/group-sessions/1/cancel", WHY, {DIRECTION}, READERS, version="1"
    ),
    "undo_group_session_cancellation": write(
        "/programmes/ami/group-sessions/2/undo", None, {DIRECTION}, READERS, version="1"
    ),
}
D, G = f"{P}/decisions", f"{P}/gates"
QUESTION, ANSWER = {"question": "q"}, {"outcome": "granted", "text": "a"}
OVERSIGHT = {
    "ask_decision": write(D, QUESTION, TEAM, READERS),
    "change_decision": write(f"{D}/1", QUESTION, TEAM, READERS, version="1"),
    "withdraw_decision": write(f"{D}/2/withdraw", WHY, TEAM, READERS, version="1"),
    "answer_decision": write(f"{D}/3/answer", ANSWER, {DIRECTION}, READERS, version="1"),
    "declare_gate": write(f"{G}/7/declare", None, {LEAD}, READERS),
    "withdraw_gate": write(f"{G}/4/withdraw", None, {LEAD}, READERS),
    "accept_gate": write(f"{G}/5/accept", {"fingerprint": "{seen}"}, {COACH}, READERS),
    "refuse_gate": write(f"{G}/6/refuse", WHY, {COACH}, READERS),
    "waive_gate": write(f"{G}/9/waive", WHY, {DIRECTION}, READERS),
    "restore_gate": write(f"{G}/10/restore", WHY, {DIRECTION}, READERS),
}
W = "/webhooks/{webhook}"
LEADS = {LEAD, DIRECTION}
WEBHOOKS = {
    "list_webhooks": read("/scopes/{project}/webhooks", LEADS),
    "create_webhook": write(
        "/scopes/{project}/webhooks", {"name": "n", "url": "https://forge.example/hook"}, LEADS
    ),
    "rotate_webhook_secret": write(f"{W}/rotate", None, LEADS),
    "get_webhook": read(W, LEADS),
    "list_webhook_deliveries": read(f"{W}/deliveries", LEADS),
    "replay_webhook_delivery": write(f"{W}/deliveries/1/replay", None, LEADS),
    "test_webhook": write(f"{W}/test", None, LEADS),
    "pause_webhook": write(f"{W}/pause", None, LEADS),
    "resume_webhook": write(f"{W}/resume", None, LEADS),
    "delete_webhook": write(W, None, LEADS),
}
API_DOORS = (
    FILES
    | STREAMS
    | READ_API_DOORS
    | DESK_API_DOORS
    | COACHING_API_DOORS
    | OVERSIGHT_API_DOORS
    | FUNDING_API_DOORS
    | SELECTION_API_DOORS
    | PROGRAMME_DOORS
    | WRITE_DOORS
    | WEBHOOKS
    | PROJECTS
    | SPRINTS
    | BACKLOG
    | ITEM_IMPORTS
    | DISCUSSIONS
    | READS
    | FINDINGS
    | COACHING
    | OVERSIGHT
)
# What needs no token.
PUBLIC_API_DOORS = {
    "get_openapi": read("/openapi.json", EVERYBODY),
    "revoke_token": write("/tokens/revoke", {"token": f"prt_{'A' * 43}"}, EVERYBODY),
}
