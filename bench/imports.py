"""A file of many lines: compared and written, beside the least that reads and writes it.

Each runs in a process of its own, on a new database, so that its peak of memory is its own.
`python -m bench.imports portal 10000` and `floor 10000` are those processes.
"""

import csv
import io
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import sqlalchemy as sa

from bench.serving import ROOT, Base
from portal.app.application.factory import create_app
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import engines, settings
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, transaction
from portal.platform.tables.csv_file import CsvIntake, read_layout
from portal.project.projects.models import Project
from portal.sprints.backlog_import import commands, jobs
from portal.sprints.backlog_import.commands import StagedFile
from portal.sprints.backlog_import.models import BacklogImport
from portal.sprints.backlog_import.tool_rules import count_recognised_names

NAMES = ("Title", "Description", "Issue ID", "URL", "State", "Labels", "Weight")
PIECE = 64 * 1024


def a_file(lines: int) -> bytes:
    """As GitLab writes it, with descriptions of several lines."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(NAMES)
    for n in range(1, lines + 1):
        about = f"En tant qu’instructeur, je lis la demande {n}.\r\n\r\n- sans la ressaisir\r\n" * 3
        address = f"https://forge.example/a/b/-/issues/{n}"
        writer.writerow([f"Lire la demande {n}", about, n, address, "Open", "bug", n % 9])
    return text.getvalue().encode()


def measure(base: Base, lines: int) -> dict[str, Any]:
    """Seconds and megabytes of both, and the seconds' ratio."""
    ours, floor = (_run(base, what, lines) for what in ("portal", "floor"))
    return {"lines": lines, "portal": ours, "floor": floor,
            "times_floor": round(ours["seconds"] / floor["seconds"], 1)}  # fmt: skip


def _run(base: Base, what: str, lines: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.imports", what, str(lines)]
    done = subprocess.run(command, cwd=ROOT, env=base.env, check=True, capture_output=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _seat() -> tuple[Actor, Project]:
    """The first team and somebody of it, in the transaction under way."""
    first = sa.select(Project).where(Project.slug == "equipe-0")
    project = db.session.execute(first).scalar_one()
    mine = sa.select(RoleAssignment.person_id).where(RoleAssignment.scope_id == project.id)
    return actor_for(db.session.scalars(mine.limit(1)).one()), project


def _portal(lines: int) -> dict[str, float]:
    app = create_app()
    with app.app_context():
        before = _peak()
        began = time.perf_counter()
        intake, data = CsvIntake(), a_file(lines)
        for start in range(0, len(data), PIECE):
            intake.take(data[start : start + PIECE])
        content, encoding = intake.finish()
        upload = StagedFile(
            name="export.csv", size=intake.size, content=content,
            layout=read_layout(content, encoding, count_recognised_names),
            backlog_url="http://127.0.0.1/projects/equipe-0/backlog",
        )  # fmt: skip
        with transaction():
            commands.stage_file(*_seat(), upload)
        jobs.run_due_backlog_imports()
        compared = time.perf_counter()
        with transaction():
            made = db.session.execute(sa.select(BacklogImport)).scalar_one()
            commands.confirm_import(*_seat(), made, made.round)
        jobs.run_due_backlog_imports()
        done = time.perf_counter()
    return {
        "compared_seconds": round(compared - began, 2),
        "written_seconds": round(done - compared, 2),
        "seconds": round(done - began, 2),
        "peak_mb": round(_peak()),
        "more_mb": round(_peak() - before),
    }


def _floor(lines: int) -> dict[str, float]:
    """The lines read at once, four tables of plain rows written in one commit."""
    chosen = settings.load_settings(os.environ)
    engine = sa.create_engine(chosen.database_url, **engines.engine_options(chosen))
    began = time.perf_counter()
    rows = list(csv.DictReader(io.StringIO(a_file(lines).decode(), newline="")))
    given = [{"n": n, "a": row["Title"], "b": row["Description"], "c": row["URL"]}
             for n, row in enumerate(rows)]  # fmt: skip
    with engine.begin() as connection:
        for table in ("floor_a", "floor_b", "floor_c", "floor_d"):
            connection.execute(sa.text(
                f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT)"
            ))  # fmt: skip
            connection.execute(sa.text(f"INSERT INTO {table} VALUES (:n, :a, :b, :c)"), given)
    return {"seconds": round(time.perf_counter() - began, 2), "peak_mb": round(_peak())}


def _peak() -> float:
    """Of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    work = _portal if sys.argv[1] == "portal" else _floor
    print(json.dumps(work(int(sys.argv[2]))))
