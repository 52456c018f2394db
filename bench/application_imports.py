"""Applications imported into a call: from the API, again without a change, and from a file.

The server of the procedure and each size of import run in processes of their own, so that the peak
of memory is that of the import. `python -m bench.application_imports serve` and `portal` are those.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bench.serving import ROOT, Base
from portal.app.application.factory import create_app
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, transaction
from portal.selection.calls.commands import CallFacts, move_call_to_state, plan_call
from portal.selection.calls.models import Call, CallState
from portal.selection.imports import jobs, run_commands, upload_commands
from portal.selection.imports.export_documents import read_uploaded_export_and_tables
from portal.selection.imports.models import ImportMode, ImportRun
from tests.support import sources
from tests.support.demarches import TOKEN, Demarches
from tests.support.dossiers import dossiers

HEAD = "ID;Email;Entreprise raison sociale;Déposé le;Titre du projet;Résumé;Problème à résoudre\n"


def measure(base: Base, few: int, many: int) -> dict[str, Any]:
    """Seconds and megabytes of both sizes."""
    return {str(count): _measure(base, count) for count in (few, many)}


def _measure(base: Base, count: int) -> dict[str, float]:
    with _server(count) as url:
        command = [sys.executable, "-m", "bench.application_imports", "portal", str(count)]
        env = base.env | {"DEMARCHES_URL": url, "OUTGOING_LOOPBACK": "1", "DEMARCHES_PAGE": "100"}
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    facts: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return facts


@contextmanager
def _server(count: int) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.application_imports", "serve", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def _serve(count: int) -> None:
    with Demarches(dossiers=dossiers(count)).serve() as site:
        print(site.url, flush=True)
        while True:
            time.sleep(60)


def _portal(count: int) -> dict[str, float]:
    app = create_app()
    with app.app_context():
        facts = {"api": 0.0, "again": 0.0, "file": 0.0}
        call_id, lead = _prepare(Demarches(token=TOKEN))
        before = _peak()
        facts["api"] = _timed(lambda: _start(call_id, ImportMode.COMPLETE), count, "created")
        api_peak = _peak()
        facts["again"] = _timed(lambda: _start(call_id, ImportMode.COMPLETE), count, "unchanged")
        other_id, lead = _plan()
        facts["file"] = _timed(lambda: _upload(lead, other_id, count), count, "created")
    return facts | {
        "peak_mb": round(_peak()),
        "api_more_mb": round(api_peak - before),
        "more_mb": round(_peak() - before),
    }


def _prepare(site: Demarches) -> tuple[Any, Actor]:
    call_id, lead = _plan()
    sources.connect(lead, db.session.get_one(Call, call_id), site)
    db.session.remove()
    return call_id, lead


def _plan() -> tuple[Any, Actor]:
    """A new open call, and a lead of its programme."""
    rows = sa.select(RoleAssignment.person_id, RoleAssignment.scope_id)
    person_id, scope_id = db.session.execute(rows.where(RoleAssignment.role == Role.PROGRAMME_LEAD)).all()[0]
    lead, programme = actor_for(person_id), db.session.get_one(Programme, scope_id)
    day = clock.today()
    facts = CallFacts(title_fr="Appel", opens_on=day, closes_on=day + timedelta(days=9), places=6)
    call = plan_call(lead, programme, facts)
    move_call_to_state(lead, call, CallState.OPEN, call.version, knowingly=True)
    call_id = call.id
    db.session.commit()
    db.session.remove()
    return call_id, lead


def _start(call_id: Any, mode: ImportMode) -> Any:
    with transaction():
        return run_commands.start_run(None, db.session.get_one(Call, call_id), mode, is_dry=False).id


def _upload(lead: Actor, call_id: Any, count: int) -> Any:
    text = "Un texte de réponse, assez long pour être vraisemblable. " * 8
    lines = (
        f"{5000 + n};a@b.example;Organisme {n};2018-09-12 10:32:11 +0200;Projet {n};{text};{text}\n"
        for n in range(count)
    )
    stored, tables = read_uploaded_export_and_tables((HEAD + "".join(lines)).encode())
    with transaction():
        call = db.session.get_one(Call, call_id)
        file = upload_commands.store_export_file(lead, call, "export.csv", stored, tables)
        mapping = upload_commands.proposed_mapping(file)
        run = upload_commands.import_file(lead, call, file, mapping, file.version, is_dry=False)
        return run.id


def _timed(start: Callable[[], Any], count: int, outcome: str) -> float:
    began = time.perf_counter()
    run_id = start()
    jobs.advance_run(run_id, float("inf"))
    seconds = time.perf_counter() - began
    run = db.session.get_one(ImportRun, run_id)
    assert run.counts[outcome] == count, (run.state, run.problem, run.detail, run.counts)
    db.session.remove()
    return round(seconds, 2)


def _peak() -> float:
    """Of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(int(sys.argv[2]))
    print(json.dumps(_portal(int(sys.argv[2]))))
