"""`flask upgrade check`: go or no-go by name, before anything is touched."""

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from migrations.locks import TURN
from portal.app.command_line import copies, upgrade_checks
from portal.platform.kernel import clock, releases, running_versions
from portal.platform.kernel.database import db
from portal.platform.kernel.migration_state import find_schema_migration, head_migration
from portal.platform.kernel.releases import RELEASES, Release
from portal.platform.kernel.version import version
from portal.platform.storage.storage import FolderStorage
from tests.support import dump_tools, postgresql
from tests.support.databases import migrate

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["path", "back-up", "disk", "locks", "fleet", "settings", "migrations"]


def find_before() -> Release:
    """The newest release whose schema is older than the code's."""
    return [release for release in RELEASES if int(release.migration) < int(head_migration())][-1]


class Installation:
    """A portal at the schema of the release before, with a folder for its back-ups."""

    def __init__(self, app: Flask, parent: Path) -> None:
        self.app, self.parent = app, parent

    def back_up(self) -> Path:
        return copies.create_copy(db.engine, FolderStorage(self.parent / "no files"), self.parent)

    def check(self, *words: str) -> tuple[int, str]:
        db.session.remove()
        done = self.app.test_cli_runner().invoke(
            args=["upgrade", "check", "--copies", str(self.parent), *words]
        )
        return done.exit_code, done.output

    def verdicts(self) -> dict[str, str]:
        code, output = self.check("--json")
        told = json.loads(output)
        assert told["go"] == (code == 0)
        return {each["name"]: each["verdict"] for each in told["checks"]}


@pytest.fixture(params=["sqlite", "postgresql"])
def released(
    request: pytest.FixtureRequest,
    make_app: Callable[..., Flask],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    variables = {}
    if request.param == "postgresql":
        tools = dump_tools.find()
        if tools is None:
            pytest.skip(dump_tools.HOW_TO)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        url = postgresql.create_database(request.getfixturevalue("server"), "to_upgrade")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    app = make_app(**variables)
    migrate(app, find_before().migration)
    with app.app_context():
        yield Installation(app, tmp_path)
        db.session.remove()
        db.engine.dispose()


def test_an_upgrade_with_a_fresh_copy_is_a_go_and_touches_nothing(released):
    copy = released.back_up()
    code, output = released.check()
    assert code == 0, output
    assert output.splitlines()[-1] == "Go."
    assert re.search(rf"go         path: From .*\b{re.escape(find_before().version)} to", output)
    assert f"go         back-up: {copy.name} is complete and unchanged." in output
    assert re.search(r"(not known|go) +fleet: ", output)  # 0.1.0 has no such table
    assert re.search(r"go         migrations: \d+ took [\d.]+ s on a copy", output)
    assert re.search(rf"{head_migration()} .* \([\d.]+ s\)", output)
    assert find_schema_migration() == find_before().migration
    assert [path.name for path in released.parent.iterdir()] == [copy.name], "the copy's copy is gone"
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            scratch = "SELECT count(*) FROM pg_database WHERE datname LIKE 'portal_upgrade_check%'"
            assert connection.scalar(sa.text(scratch)) == 0


def test_every_check_is_named_in_the_json(released):
    released.back_up()
    code, output = released.check("--json")
    told = json.loads(output)
    assert (code, told["go"]) == (0, True)
    assert [each["name"] for each in told["checks"]] == NAMES
    assert [each["number"] for each in told["migrations"]] == [
        f"{number:04}" for number in range(int(find_before().migration) + 1, int(head_migration()) + 1)
    ]
    assert all(each["seconds"] >= 0 for each in told["migrations"])


def test_without_a_copy_it_is_a_no_go_and_nothing_is_measured(released):
    code, output = released.check()
    assert (code, output.splitlines()[-1]) == (1, "No go: back-up.")
    assert "not known  migrations: " in output


def test_a_copy_that_is_old_changed_or_of_another_schema_is_a_no_go(released, monkeypatch):
    copy = released.back_up()
    later = clock.now() + upgrade_checks.COPY_AGE_MAX + timedelta(minutes=1)
    with monkeypatch.context() as patch:
        patch.setattr(upgrade_checks.clock, "now", lambda: later)
        assert released.verdicts()["back-up"] == "no-go"
    upgrade(revision=f"{int(find_before().migration) + 1:04}")
    assert released.verdicts()["back-up"] == "no-go"
    next(path for path in copy.glob("portal.*")).write_bytes(b"changed")
    assert released.verdicts()["back-up"] == "no-go"


def test_a_full_disk_is_a_no_go(released, monkeypatch):
    released.back_up()
    left = SimpleNamespace(free=upgrade_checks.FREE_MIN)
    monkeypatch.setattr("portal.app.command_line.upgrade_checks.shutil.disk_usage", lambda _: left)
    assert released.verdicts() | {"fleet": ""} == {
        "path": "go",
        "back-up": "go",
        "disk": "no-go",
        "locks": "go",
        "fleet": "",
        "settings": "go",
        "migrations": "not known",
    }


def test_a_migration_under_way_is_a_no_go(released):
    released.back_up()
    if db.engine.dialect.name == "sqlite":
        folder = os.open(Path(str(db.engine.url.database)).parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        assert released.verdicts()["locks"] == "no-go"
        os.close(folder)
    else:
        other = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
        with other.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_lock({TURN})"))
            assert released.verdicts()["locks"] == "no-go"
    assert released.verdicts()["locks"] == "go"


def test_a_long_transaction_is_a_no_go(released, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        monkeypatch.setattr("portal.platform.kernel.engines._SQLITE_LOCK_TIMEOUT", 0.2)
    monkeypatch.setattr(upgrade_checks, "LONG_TRANSACTION", 0)
    other = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with other.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(sa.text("SELECT 1"))
        finding = upgrade_checks.check_locks()
        connection.rollback()
    assert finding.verdict is upgrade_checks.UpgradeVerdict.NO_GO
    assert finding.sentence.startswith("Not now: ")


def test_a_jump_over_a_release_names_the_step(released, monkeypatch):
    middle, later = Release("0.1.5", head_migration()), f"{int(head_migration()) + 1:04}"
    monkeypatch.setattr(releases, "RELEASES", (find_before(), middle))
    monkeypatch.setattr(upgrade_checks, "head_migration", lambda: later)
    code, output = released.check()
    assert code == 1
    assert "upgrade to 0.1.5 first" in output
    assert output.splitlines()[-1] == "No go: path."


def test_a_database_that_is_newer_or_empty_is_a_no_go(released):
    for number in (f"{int(head_migration()) + 1:04}", "none"):
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :n"), {"n": number})
        assert released.verdicts() == {"path": "no-go"}


def test_what_serves_is_named_and_must_be_supported(app, monkeypatch):
    assert upgrade_checks.check_running_versions().sentence.startswith("No process was seen")
    running_versions.note_running_version(db.engine, running_versions.WEB)
    running_versions.note_running_version(db.engine, running_versions.WEB)  # a second process of the machine
    finding = upgrade_checks.check_running_versions()
    assert finding.verdict is upgrade_checks.UpgradeVerdict.GO
    assert finding.sentence.startswith(f"Alive: web {version()} on ")
    monkeypatch.setattr(running_versions, "version", lambda: "0.0.9")
    running_versions.note_running_version(db.engine, running_versions.WORKER)
    finding = upgrade_checks.check_running_versions()
    assert finding.verdict is upgrade_checks.UpgradeVerdict.NO_GO
    assert "worker 0.0.9 on " in finding.sentence
    assert "first" not in finding.sentence, "no step leads from what is no release"
    later = clock.now() + running_versions.ALIVE
    monkeypatch.setattr(running_versions.clock, "now", lambda: later)
    assert upgrade_checks.check_running_versions().sentence.startswith("No process was seen")
    assert running_versions.delete_old_versions(later) == 2


def test_the_step_is_named_where_a_release_was_skipped_that_changed_no_table(app, monkeypatch):
    old, skipped, _this = RELEASES[-3:]
    monkeypatch.setattr(running_versions, "version", lambda: old.version)
    running_versions.note_running_version(db.engine, running_versions.WEB)
    finding = upgrade_checks.check_running_versions()
    assert finding.verdict is upgrade_checks.UpgradeVerdict.NO_GO
    assert finding.sentence.endswith(f"Upgrade to {skipped.version} first.")


def test_a_process_notes_itself_and_survives_a_database_that_is_away(app, make_app):
    assert upgrade_checks.list_running_versions() == []
    pooled = db.engine.pool.checkedin()  # while this session holds one, as below
    running_versions.start_noting_running_version(app, running_versions.WEB).set()
    for _ in range(200):
        db.session.rollback()  # on SQLite this session keeps other writers waiting
        time.sleep(0.05)
        if upgrade_checks.list_running_versions():
            break
    assert [row.kind for row in upgrade_checks.list_running_versions()] == ["web"]
    assert db.engine.pool.checkedin() == pooled, "the pool of requests holds none of its connections"
    running_versions.start_noting_running_version(make_app(), running_versions.WEB).set()  # no tables there


def test_each_release_of_the_changelog_is_known_with_its_migration():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.findall(r"^## \[(\d+\.\d+\.\d+)\] – 20", changelog, re.MULTILINE)
    assert [release.version for release in RELEASES] == dated[::-1]
    numbers = [release.migration for release in RELEASES]
    assert numbers == sorted(numbers)
    assert numbers[-1] <= head_migration()
