"""Access table of the API: histories, figures, and what else pages list (see `api_doors.py`)."""

from tests.house.api_door import read
from tests.house.door import (
    COACH,
    DIRECTION,
    EVERYBODY,
    IN_PROGRAMME,
    OBSERVER,
    OPERATOR,
    READERS,
    REVIEWER,
    TEAM,
)

P, AMI = "/projects/heron", "/programmes/ami"
OVERSEERS = {COACH, DIRECTION, OPERATOR, OBSERVER}
REPORTED = TEAM | {COACH, REVIEWER, DIRECTION, OBSERVER}
HISTORIES = {
    "recommendation": "recommendations/1",
    "coaching_session": "coaching-sessions/1",
    "risk": "risks/2",
    "decision": "decisions/1",
    "finding": "findings/1",
    "demonstration": "demonstrations/1",
    "sprint": "sprints/1",
    "retrospective": "sprints/1/retrospective",
    "round": "rounds/1",
    "readiness_sheet": "readiness-sheets/1",
}
READ_API_DOORS = {
    **{f"list_{name}_history": read(f"{P}/{path}/history", READERS) for name, path in HISTORIES.items()},
    "list_comment_history": read("/comments/{comment}/history", READERS),
    "list_gate_history": read(f"{P}/gates/history", READERS),
    "list_open_threads": read(f"{P}/threads", READERS),
    "list_unread_project_comments": read(f"{P}/unread-comments", READERS),
    "list_project_files": read(f"{P}/files", READERS),
    "list_task_trends": read(f"{P}/task-trends", READERS),
    "list_scale_trends": read(f"{P}/scale-trends", READERS),
    "compare_rounds": read(f"{P}/round-comparison?before=1&after=2", READERS),
    "get_round_report": read(f"{P}/rounds/{{over}}/report/fr", REPORTED),
    "list_round_reports": read(f"{AMI}/round-reports", {DIRECTION, OBSERVER}),
    "get_outcome_report": read(f"{P}/outcome/en", READERS),
    "stream_gates": read(f"{AMI}/gate-states", IN_PROGRAMME),
    "stream_sessions": read(f"{AMI}/sessions", IN_PROGRAMME),
    "list_timeline": read(f"{AMI}/portfolio/timeline", OVERSEERS),
    "list_concerns": read(f"{AMI}/concerns", OVERSEERS),
    "list_review_register": read(f"{AMI}/review-register", {DIRECTION, OBSERVER}, EVERYBODY & IN_PROGRAMME),
    "list_coaches": read("/coaches", {DIRECTION}),
    "list_coached_teams": read("/coaching/teams", {COACH}),
}
