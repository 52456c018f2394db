"""Access table of a project's file (see `doors.py`)."""

from portal.platform.kernel import clock
from tests.house.door import DIRECTION, READERS, TEAM, Door, read, write

F = "/projects/heron/file"
G, A, H, M = f"{F}/groups", f"{F}/assumptions", f"{F}/interviews", f"{F}/impact"
GROUP = {"name": "n", "audience": "agents", "version": "1"}
ASSUMPTION = {"statement": "s", "risk": "3", "version": "1"}
RESULT = {"verdict": "refuted", "result": "r", "settled_on": "2026-03-02", "version": "1"}
INTERVIEW = {"held_on": "2026-03-02", "people": "2", "group": "0", "learnt": "l", "version": "1"}
METRIC = {"name": "n", "unit": "u", "direction": "down", "reason": "r", "version": "1"}
MEASURED = {"measured_on": "2026-03-02", "value": "4,5", "version": "1"}


def form(endpoint: str, path: str, typed: dict[str, str]) -> dict[str, Door]:
    """Return the GET and POST rows of a form page for the team."""
    return {
        f"{endpoint} GET": read(path, TEAM, READERS),
        f"{endpoint} POST": write(path, typed, TEAM, READERS),
    }


FRAMING = {
    "projects.redirect_former_details_page GET": read(F, READERS),
    "groups.index GET": read(G, READERS),
    "assumptions.index GET": read(A, READERS),
    "interviews.index GET": read(H, READERS),
    "impact.index GET": read(M, READERS),
    "impact.page GET": read(f"{M}/1", READERS),
    **form("groups.add", f"{G}/new", GROUP),
    **form("groups.change", f"{G}/1", GROUP),
    **form("assumptions.add", f"{A}/new", ASSUMPTION),
    **form("assumptions.change", f"{A}/1", ASSUMPTION),
    **form("assumptions.settle", f"{A}/1/result", RESULT),
    **form("interviews.add", f"{H}/new", INTERVIEW),
    **form("interviews.change", f"{H}/1", INTERVIEW),
    **form("impact.define", f"{M}/new", METRIC),
    **form("impact.redefine", f"{M}/1/edit", METRIC),
    **form("impact.add_measurement", f"{M}/1/measurements/new", MEASURED),
    **form("impact.correct_measurement", f"{M}/1/measurements/1", MEASURED),
}
D = f"{F}/data"
SOURCE = {"name": "n", "personal": "no", "screening": "not_needed", "version": "1"}
ACCESS = {"access": "requested", "reached_on": "2026-03-09", "version": "1"}
SAMPLE = {"sample_rows": "9", "sha256": "ab" * 32, "sample_on": "2026-03-09", "version": "1"}
QUALITY = {"faithfulness": "raw", "fitness": "framed", "version": "1"}
DATA = {
    "data_sources.index GET": read(D, READERS),
    "data_sources.page GET": read(f"{D}/1", READERS),
    **form("data_sources.add", f"{D}/new", SOURCE | {"identified_on": "2026-03-02"}),
    **form("data_sources.change", f"{D}/1/edit", SOURCE),
    **form("data_sources.move_access", f"{D}/1/access", ACCESS),
    **form("data_sources.note_sample", f"{D}/1/sample", SAMPLE),
    **form("data_sources.judge_quality", f"{D}/1/quality", QUALITY),
}
V, E = f"{F}/prototypes", f"{F}/evaluation"
VERSION = {
    "released_on": "2026-03-02",
    "changes": "c",
    "sprint": "1",
    "automation": "inform",
    "exposure": "agents",
    "version": "1",
}
PROTOCOL = {
    "dated_on": "2026-03-02",
    "metric": "m",
    "direction": "up",
    "held_out": "h",
    "baseline": "0,5",
    "threshold": "0,7",
    "version": "1",
}
RUN = {
    "ran_on": "2026-03-09",
    "prototype": "1",
    "result": "0,6",
    "subgroups": "a; 1; 2",
    "data_sha256": "ab" * 32,
    "version": "1",
}
PIVOT = {"decided_on": "2026-03-09", "reason": "r"}
PROTOTYPES = {
    "prototypes.index GET": read(V, READERS),
    "prototypes.page GET": read(f"{V}/1", READERS),
    "evaluation.index GET": read(E, READERS),
    "evaluation.page GET": read(f"{E}/1", READERS),
    **form("prototypes.release", f"{V}/new", VERSION),
    **form("prototypes.change", f"{V}/1/edit", VERSION),
    **form("evaluation.write_protocol", f"{E}/new", PROTOCOL),
    **form("evaluation.change_protocol", f"{E}/2/edit", PROTOCOL),
    **form("evaluation.note_run", f"{E}/1/runs/new", RUN),
    **form("evaluation.change_run", f"{E}/1/runs/1", RUN),
    **form("evaluation.note_pivot", f"{E}/1/pivot", PIVOT),
    **form("evaluation.replace_protocol", f"{E}/2/replace", PROTOCOL),
}
OF = "/files/of/data_source/{source}"
ATTACHED = {
    "project_files.index GET": read("/projects/heron/files", READERS),
    "files.subject_files GET": read(OF, READERS),
    "files.attach POST": write(OF, {}, TEAM, READERS),
    "files.download GET": read("/files/{file}", READERS),
    "files.redirect_to_file_subject GET": read("/files/{file}/place", READERS),
    "files.removal_question GET": read("/files/{file}/remove", TEAM | {DIRECTION}, READERS),
    "files.remove POST": write("/files/{file}/remove", {}, TEAM | {DIRECTION}, READERS),
}
S = f"{F}/sheets"
SHEETS = {
    "sheets.index GET": read(S, READERS),
    "sheets.page GET": read(f"{S}/1", READERS),
    "sheets.list_gaps GET": read(f"{S}/gaps", READERS),
    "sheets.history GET": read(f"{S}/1/history", READERS),
    **form("sheet_filling.begin", f"{S}/begin/security", {"prototype": "1"}),
    **form("sheet_filling.fill", f"{S}/1/sections/motivation", {"a_why": "w", "version": "1"}),
    **form("sheet_filling.choose_prototype_version", f"{S}/2/version", {"prototype": "1", "version": "1"}),
    **form("sheet_filling.upgrade_edition", f"{S}/3/edition", {"version": "1"}),
    **form(
        "sheet_filling.complete",
        f"{S}/4/complete",
        {"completed_on": clock.today().isoformat(), "version": "1"},
    ),
}
FILE_DOORS = FRAMING | DATA | PROTOTYPES | ATTACHED | SHEETS
