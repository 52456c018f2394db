"""Restore drill: back up under writes, restore into an empty place by the guide, and serve.

Runs the commands of `docs/hosting/backup.md`. Only folders, the database's name, tools that need a
whole machine (systemctl, runuser) and the start of the portal's commands are replaced.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Event

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.collaboration.files.models import Attachment
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.storage.bucket import BucketStorage
from portal.platform.storage.storage import FolderStorage
from tests.support import dump_tools, postgresql, server, shells
from tests.support import factories as make
from tests.support.buckets import bucket_at, serve_bucket
from tests.support.databases import migrate
from tests.support.turns import THOROUGH, turn_of

GUIDE = server.ROOT / "docs/hosting/backup.md"
PASSWORD = "une phrase assez longue"
ENGINES = ("sqlite", "postgresql")
WRITERS = 3
PAUSE = 0.3  # seconds between two comments, to leave CPU for the backup


def commands(name: str) -> str:
    """Return a code block of the guide by the name in the comment above it."""
    found = re.search(rf"<!-- run: {name} -->\n```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found, f"the guide has no block {name}"
    return found[1]


def places_of_files(engine: str) -> Sequence[str]:
    places = ("folder", "bucket")
    return places if THOROUGH else (turn_of(f"files of the drill on {engine}", places),)


@dataclass
class Machine:
    """A folder in which the guide's commands find what they expect."""

    root: Path
    env: dict[str, str]
    replaced: dict[str, str]

    def run(self, *names: str) -> str:
        """Run blocks of the guide in one shell; return their output."""
        script = "set -eu\n" + "".join(commands(name) for name in names)
        done = subprocess.run(
            ["sh", "-c", self._here(script)],
            env=self.env | {"PATH": f"{self.root}/bin:{self.env['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def _here(self, text: str) -> str:
        for shipped, here in self.replaced.items():
            text = text.replace(shipped, here)
        return text

    def furnish(self) -> None:
        tools = self.root / "bin"
        for folder in (tools, self.root / "backups", self.root / "data"):
            folder.mkdir(mode=0o700)
        self.write_settings()
        as_shipped = (server.ROOT / "hosting/portal").read_text()
        scripts = {
            "portal": self._here(as_shipped),
            "systemctl": f'#!/bin/sh\necho "$@" >> {self.root}/systemctl.log\n',
            "runuser": '#!/bin/sh\nshift 3\nexec "$@"\n',  # -u NAME --
        }
        for name, script in scripts.items():
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)

    def write_settings(self) -> None:
        # Single quotes, which systemd and the shell read alike.
        lines = [f"{name}='{value}'\n" for name, value in self.env.items()]
        (self.root / "portal.env").write_text("".join(lines))

    def set_files_aside(self) -> FolderStorage | BucketStorage:
        """Do it as the guide says for a folder, or name an empty place of the bucket; where they are then."""
        if "FILES_URL" not in self.env:
            self.run("set aside files")
            return FolderStorage(self.root / "data/before-files")
        aside = bucket_at(self.env["FILES_URL"])
        self.env["FILES_URL"] += "-restored"
        self.write_settings()
        return aside

    @property
    def files(self) -> FolderStorage | BucketStorage:
        url = self.env.get("FILES_URL")
        return bucket_at(url) if url else FolderStorage(self.root / "data/files")


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    yield from serve_bucket()


@pytest.fixture(params=[f"{engine} {files}" for engine in ENGINES for files in places_of_files(engine)])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    engine, files = request.param.split()
    root = tmp_path / "machine"
    root.mkdir()
    replaced = {
        "/etc/portal/": f"{root}/",
        "/var/backups/portal": f"{root}/backups",
        "/var/lib/portal": f"{root}/data",
        "/opt/portal": str(server.ROOT),
        ".venv/bin/flask": f"{root}/bin/flask",
        'if [ "$(id -u)" = 0 ]': "if false",
        " -o portal -g portal": "",
    }
    extra: dict[str, str] = {}
    if engine == "postgresql":
        tools = dump_tools.find()
        if tools is None:
            pytest.skip(dump_tools.HOW_TO)
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        name = f"drill_{worker}"
        url = postgresql.create_database(request.getfixturevalue("durable_server"), name)
        postgresql.drop_database(url, f"{name}_before")
        replaced |= {
            "DATABASE portal RENAME TO portal_before": f"DATABASE {name} RENAME TO {name}_before",
            "createdb --owner=portal": f"createdb --maintenance-db={_libpq(url, 'postgres')}",
            "REVOKE ALL ON DATABASE portal": f"REVOKE ALL ON DATABASE {name}",
            "template0 portal\n": f"template0 {name}\n",
            "psql -c": f"psql --dbname={_libpq(url, 'postgres')} -c",
        }
        extra = {"DATABASE_URL": url.render_as_string(hide_password=False)}
        extra["PATH"] = f"{tools}:{os.environ['PATH']}"
    if files == "bucket":
        extra["FILES_URL"] = request.getfixturevalue("s3") + "/attached/portal"
    made = Machine(root, server.variables(root / "data", **extra), replaced)
    made.furnish()
    with shells.flask(root / "bin" / "flask"):
        yield made


def _libpq(url: sa.URL, database: str) -> str:
    plain = url.set(drivername="postgresql", database=database)
    return f"'{plain.render_as_string(hide_password=False)}'"


class Writer:
    """A team member who comments until stopped."""

    def __init__(self, address: str, email: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=30)
        sign_in(self.client, email)

    def write(self, me: int, stop: Event, begun: Event) -> set[str]:
        accepted: set[str] = set()
        while not stop.is_set():
            page = self.client.get("/projects/heron/discussions").text
            to = re.search(r"/discussions/[0-9a-f-]+/threads", page)
            assert to
            text = f"Message {me}-{len(accepted)}"
            typed = hidden(page) | {"thread-body": text}
            said = self.client.post(to[0], data=typed)
            assert said.status_code == 303
            accepted.add(text)
            self.attach(typed["csrf_token"], text, said.headers["Location"])
            begun.set()
            stop.wait(PAUSE)
        self.client.close()
        return accepted

    def attach(self, token: str, text: str, seen: str) -> None:
        """Attach a file with this text to the last comment."""
        comment = re.search(r"comment=([0-9a-f-]{36})", seen)
        assert comment
        sent = self.client.post(
            f"/files/of/comment/{comment[1]}",
            data={"csrf_token": token, "form_key": text},
            files={"file": (f"{text}.txt", text.encode())},
        )
        assert sent.status_code == 303


def hidden(page: str) -> dict[str, str]:
    found = r'name="(csrf_token|thread-form_key)"[^>]*value="([^"]*)"'
    return dict(re.findall(found, page))


def sign_in(client: httpx.Client, email: str) -> None:
    typed = hidden(client.get("/sign-in").text) | {"email": email, "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 303
    assert client.get("/profile").status_code == 200


def hashes_of(storage: FolderStorage | BucketStorage) -> dict[str, str]:
    """Return the SHA-256 of each stored file."""
    hashes = {}
    for stored in storage.stored():
        with storage.open(stored.key) as file:
            hashes[stored.key] = sha256(file.read()).hexdigest()
    return hashes


def people(app: Flask) -> list[str]:
    """Create a project with its writers; return their e-mail addresses."""
    project = make.project(slug="heron")
    emails = []
    for _ in range(WRITERS):
        member = make.role(project.id, Role.TEAM_MEMBER)
        member.password_hash = get_service(PortalPasswordHasher, app).hash(PASSWORD)
        emails.append(member.email)
    db.session.commit()
    return emails


def test_a_copy_made_under_writes_comes_back_whole(machine: Machine, make_app: Callable[..., Flask]) -> None:
    given = {name: machine.env[name] for name in ("DATA_DIR", "DATABASE_URL") if name in machine.env}
    app = make_app(**given)
    migrate(app)
    with app.app_context():
        emails = people(app)
        db.session.remove()
        db.engine.dispose()
    stop, begun = Event(), Event()
    with server.serve(machine.env) as address, ThreadPoolExecutor(WRITERS) as pool:
        writers = [Writer(address, email) for email in emails]
        writing = [pool.submit(w.write, me, stop, begun) for me, w in enumerate(writers)]
        assert begun.wait(20)
        said = machine.run("back up")
        stop.set()
        accepted = set().union(*(done.result() for done in writing))
    (copy,) = (machine.root / "backups").iterdir()
    manifest = json.loads((copy / "manifest.json").read_text())
    assert f"{sum(manifest['rows'].values())} rows" in said

    # Writes after the backup are not in it; the data set aside still has them.
    engine = "postgresql" if "DATABASE_URL" in machine.env else "sqlite"
    machine.env["COPY"] = str(copy)
    machine.run("stop", f"set aside {engine}")
    aside = hashes_of(machine.set_files_aside())
    machine.run("restore")
    log = (machine.root / "systemctl.log").read_text().splitlines()
    timers = {path.name for path in (server.ROOT / "hosting").glob("*.timer")}
    assert [line.split()[0] for line in log] == ["stop", "start"]
    assert all(set(line.split()[1:]) == {"portal-web", "portal-worker"} | timers for line in log)

    with app.app_context():
        tables = sorted(sa.inspect(db.engine).get_table_names())
        count = {t: db.session.scalar(sa.text(f'SELECT count(*) FROM "{t}"')) for t in tables}
        kept_bodies = set(db.session.scalars(sa.select(Comment.body)))
        deeds = list(db.session.scalars(sa.select(AuditEvent.action)))
        attached = list(db.session.scalars(sa.select(Attachment.sha256)))
        db.session.remove()
        db.engine.dispose()
    assert count == manifest["rows"]
    assert 0 < len(kept_bodies) <= len(accepted)
    assert kept_bodies <= accepted
    assert deeds.count("comment.started") == len(kept_bodies), "a comment and its line live together"
    back = hashes_of(machine.files)
    assert back.items() <= aside.items(), "what came back is what was set aside"
    assert set(attached) <= set(back.values()), "every row has its bytes"
    assert len(kept_bodies) - WRITERS <= len(attached) <= len(kept_bodies)
    assert attached

    with server.serve(machine.env) as address, httpx.Client(base_url=address) as client:
        assert client.get("/health/ready").json()["status"] == "ready"
        sign_in(client, emails[0])
        assert "Message" in client.get("/projects/heron/discussions").text
