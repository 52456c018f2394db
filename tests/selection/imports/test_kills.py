"""A process that is killed at any request of an import: whoever starts it again ends with the same rows."""

import signal
from pathlib import Path

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.imports.models import ImportMode, RunState
from tests.support import calls as some
from tests.support import factories as make
from tests.support import sources
from tests.support.demarches import Demarches
from tests.support.dossiers import File, dossiers
from tests.support.forked import Forked
from tests.support.turns import THOROUGH, turn_of

ROOT = Path(__file__).resolve().parents[3]
WORDS = ["flask", "--app", "wsgi", "call", "import", "ami", "--complete"]
REQUESTS = range(7)  # the form, a page, its file, two pages, two kinds of tombstones
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PLACES = REQUESTS if THOROUGH else [turn_of("a kill", REQUESTS)]


def clear(call):
    """Take away what was imported, as if nothing had been."""
    for table in ("imported_file", "attachment", "application_source", "application_member", "application"):
        db.session.execute(sources.sa.text(f"DELETE FROM {table}"))
    db.session.execute(sources.sa.text("DELETE FROM application_import"))
    source = sources.source_of(call)
    source.updated_since, source.complete_on = "", None
    db.session.commit()


def read(events):
    """All rows, with the events since."""
    rows = sources.read_rows()
    rows["event"] = [(action, n - dict(events).get(action, 0)) for action, n in rows["event"]]
    return rows


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_a_request_and_started_again(portal, place):
    app, env = portal
    site = Demarches(dossiers=dossiers(23))
    site.dossiers[3].files = [File("note.pdf", PDF)]
    with app.app_context(), site.serve(), sources.asked_at(app, site):
        lead = make.actor(make.role(make.programme(slug="ami").id, Role.PROGRAMME_LEAD))
        call = some.call(lead, db.session.query(some.Programme).one())
        sources.connect(lead, call, site)
        events = sources.read_rows()["event"]
        assert sources.run(call, ImportMode.COMPLETE).counts["files"] == 1
        expected = read(events)
        clear(call)
        events = sources.read_rows()["event"]
        db.session.remove()
        db.engine.dispose()
        _kill_at(site, place, env)
        db.session.add(call)
        run = sources.queries.find_unfinished_run(call)
        assert run.state is RunState.RUNNING
        assert sources.go_on(call, run.id).state is RunState.DONE
        assert read(events) == expected
        db.session.remove()
        db.engine.dispose()


def _kill_at(site, place, env):
    own = {"OUTGOING_LOOPBACK": "1", "DEMARCHES_URL": site.url, "DEMARCHES_PAGE": str(sources.PAGE)}
    first = len(site.requests)
    log = Path(env["DATA_DIR"]) / "import.log"
    process = Forked(WORDS, cwd=ROOT, env=env | own, log=log)
    site.before = lambda n: process.kill() if n == first + place else None
    assert process.wait(60) == -signal.SIGKILL
    site.before = lambda _n: None
    assert len(site.requests) <= first + place + 1
