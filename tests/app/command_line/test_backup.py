"""Copies that are whole, or are not there; checks that notice; restores that write over nothing."""

import dataclasses
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.app.command_line import copies, dumps
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.storage.storage import FolderStorage, new_key
from tests.support import dump_tools
from tests.support import factories as make

Run = Callable[..., tuple[int, str]]
only_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("house", ["postgresql"], indirect=True)


def runner(app: Flask) -> Run:
    def call(*words: object) -> tuple[int, str]:
        db.session.commit()
        done = app.test_cli_runner().invoke(args=["backup", *map(str, words)])
        db.session.rollback()
        return done.exit_code, done.output

    return call


@pytest.fixture
def run(app: Flask, house: object, monkeypatch: pytest.MonkeyPatch) -> Run:
    if db.engine.dialect.name == "postgresql":
        tools = dump_tools.find()
        if tools is None:
            pytest.skip(dump_tools.HOW_TO)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    return runner(app)


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder


@pytest.fixture
def copy(run: Run, parent: Path) -> Path:
    make.person()
    assert run("create", parent)[0] == 0
    (made,) = parent.iterdir()
    return made


def test_a_copy_counts_what_it_holds_and_is_for_its_owner_alone(run, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest["rows"]["person"] == 1
    assert manifest["rows"]["scope"] == 1
    assert copy.stat().st_mode & 0o777 == 0o700
    code, said = run("check", copy)
    assert code == 0
    assert f"{sum(manifest['rows'].values())} rows" in said


def test_a_copy_prints_its_folder_alone_on_the_standard_output(app, run, parent):
    done = app.test_cli_runner().invoke(args=["backup", "create", str(parent)])
    (made,) = parent.iterdir()
    assert done.stdout == f"{made}\n"


def test_a_copy_never_takes_another_ones_place(run, parent, time_machine):
    time_machine.move_to("2026-11-24T02:30:00Z", tick=False)
    assert run("create", parent)[0] == 0
    before = sorted(parent.rglob("*"))
    code, said = run("create", parent)
    assert code == 1
    assert "is there already" in said
    assert sorted(parent.rglob("*")) == before


def test_a_copy_that_fails_half_way_leaves_nothing(run, parent, monkeypatch):
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.app.command_line.copies.sync_to_disk", full)
    code, said = run("create", parent)
    assert code == 1
    assert "No space left" in said
    assert list(parent.iterdir()) == []


def _grow(copy: Path) -> None:
    (copy / "added").write_text("x")


def _change_a_byte(copy: Path) -> None:
    (path,) = copy.glob("portal.*")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _lose_the_database(copy: Path) -> None:
    (path,) = copy.glob("portal.*")
    path.unlink()


def _lose_the_manifest(copy: Path) -> None:
    (copy / "manifest.json").unlink()


def _garble_the_manifest(copy: Path) -> None:
    (copy / "manifest.json").write_text("{")


def _come_from_later(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 2, "version": "9.9"}))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_grow, "does not name"),
        (_change_a_byte, "its bytes have changed"),
        (_lose_the_database, "lacks portal."),
        (_lose_the_manifest, "it has no manifest.json"),
        (_garble_the_manifest, "cannot be read"),
        (_come_from_later, "portal 9.9"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_spoilt_copy_is_noticed(run, copy, spoil, says):
    spoil(copy)
    code, said = run("check", copy)
    assert code == 1
    assert says in said


@only_sqlite
def test_a_damaged_database_is_noticed_whatever_its_manifest_says(run, copy, monkeypatch):
    monkeypatch.setattr("portal.app.command_line.copies._size_and_hash", lambda _path: (0, ""))
    monkeypatch.setattr("portal.app.command_line.copies._require_same_row_counts", lambda *_: None)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"] = {"portal.db": [0, ""]}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    content = bytearray((copy / "portal.db").read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    (copy / "portal.db").write_bytes(content)
    assert run("check", copy)[0] == 1


@only_sqlite
def test_fewer_rows_than_the_manifest_says_are_noticed(run, copy):
    database = sqlite3.connect(copy / "portal.db")
    database.execute("DELETE FROM person")
    database.commit()
    database.close()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["portal.db"] = copies._size_and_hash(copy / "portal.db")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    code, said = run("check", copy)
    assert code == 1
    assert "person has 0 rows, and 1 in the manifest" in said


def test_a_restore_never_writes_over_a_database(run, copy):
    code, said = run("restore", copy)
    assert code == 1
    assert "move it away" in said or "not empty" in said
    assert db.session.query(make.Person).count() == 1


@only_sqlite
def test_a_restore_never_writes_over_files(run, copy, make_app, tmp_path):
    other = make_app(DATA_DIR=str(tmp_path / "other"))
    FolderStorage(tmp_path / "other/files").put(new_key(), io.BytesIO(b"kept"), 4)
    with other.app_context():
        code, said = runner(other)("restore", copy)
    assert code == 1
    assert "files is not empty" in said
    assert not (tmp_path / "other/portal.db").exists()


@only_sqlite
def test_what_sqlite_left_beside_a_database_is_not_mixed_with_a_copy(run, copy, make_app, tmp_path):
    other = make_app(DATA_DIR=str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other/portal.db-wal").write_bytes(b"of another database")
    with other.app_context():
        code, said = runner(other)("restore", copy)
    assert code == 1
    assert "portal.db-wal is there" in said


def test_a_copy_of_a_newer_portal_is_refused(run, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"migration": "9999"}))
    code, said = run("restore", copy)
    assert code == 1
    assert "newer than this one" in said


@only_postgresql
def test_a_copy_of_the_other_database_is_refused(run, copy, make_app):
    other = make_app()
    with other.app_context():
        code, said = runner(other)("restore", copy)
    assert code == 1
    assert "of postgresql" in said


@only_postgresql
def test_what_is_missing_on_the_machine_is_named(run, parent, monkeypatch):
    monkeypatch.setenv("PATH", str(parent))
    code, said = run("create", parent)
    assert code == 1
    assert "apt-get install postgresql-client" in said
    assert list(parent.iterdir()) == []


@only_postgresql
def test_the_password_of_the_database_is_on_no_command_line(app, monkeypatch):
    seen: list[list[str]] = []
    monkeypatch.setattr(dumps, "_run_program", lambda command, _environment: seen.append(command))
    url = db.engine.url.set(username="portal", password="hunter2 secret")
    dumps._run_postgresql_tool("pg_dump", url, "--format=custom")
    assert "hunter2" not in " ".join(seen[0])


def test_copies_older_than_the_setting_go_once_the_new_one_is_checked(app, run, parent, monkeypatch):
    ages = {0: "2026-01-31T023000Z", 29: "2026-01-02T023000Z", 31: "2025-12-31T023000Z"}
    for name in (*ages.values(), "2025-01-01T000000Z", "of-somebody"):
        (parent / name).mkdir()
        if name != "2025-01-01T000000Z":  # no copy: it has no manifest
            (parent / name / "manifest.json").touch()
    (parent / "2024-01-01T000000Z").symlink_to(parent / ages[0])
    before = {path.name for path in parent.iterdir()}
    newest = parent / ages[0]
    assert copies.prune_copies(parent, newest, 30) == [parent / ages[31]]
    assert {path.name for path in parent.iterdir()} == before - {ages[31]}
    monkeypatch.setattr(
        "portal.app.command_line.backup.get_service",
        lambda kind: dataclasses.replace(get_service(kind), backup_days=30),
    )
    code, said = run("create", parent)
    assert code == 0, said
    assert {ages[0], ages[29]}.isdisjoint(path.name for path in parent.iterdir())
    assert f"{ages[29]} is more than 30 days old: deleted." in said


@only_sqlite
def test_nothing_is_deleted_without_the_setting_or_without_a_new_copy(run, copy, parent, monkeypatch):
    old = parent / "2020-01-01T000000Z"
    shutil.copytree(copy, old)
    assert run("create", parent)[0] in {0, 1}  # 1: within the same second
    assert old.exists()
    monkeypatch.setattr(
        "portal.app.command_line.backup.get_service",
        lambda kind: dataclasses.replace(get_service(kind), backup_days=30),
    )

    def fail(_folder: Path) -> None:
        raise copies.CopyRefused("It is damaged.")

    monkeypatch.setattr(copies, "check_copy", fail)
    assert run("create", parent)[0] == 1
    assert old.exists()
