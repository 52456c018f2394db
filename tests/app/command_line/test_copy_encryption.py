"""Copies encrypted for a key, read back where its secret is."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.app.command_line import copy_encryption
from portal.app.command_line.dumps import CopyRefused
from portal.platform.kernel.settings import SettingsInvalid, load_settings
from tests.support import server
from tests.support.skips import AGE as HOW_TO

KEY = "backup@demo.example"
NAME = "2026-01-31T023000Z"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copies" / NAME
    (folder / "files").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "files" / "one").write_bytes(os.urandom(300_000))
    return folder


@pytest.fixture
def gnupg(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A key ring with one key, in a short path: GnuPG's sockets need one."""
    if shutil.which("gpg") is None:
        pytest.skip(HOW_TO)
    home = Path(f"/tmp/portal-gnupg-{os.getpid()}")
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    words = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", KEY, "future-default"]
    subprocess.run(words, check=True, capture_output=True)
    yield
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("gnupg")
def test_a_copy_for_gnupg_is_read_back_where_the_key_is(copy, tmp_path, monkeypatch):
    file = copy_encryption.encrypt_copy(copy, KEY)
    assert file == copy.with_name(f"{NAME}.tar.gpg")
    assert file.stat().st_mode & 0o077 == 0
    assert b"manifest.json" not in file.read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert read(copy_encryption.decrypt_copy(file, elsewhere)) == read(copy)
    with pytest.raises(CopyRefused, match="is there already"):
        copy_encryption.decrypt_copy(file, elsewhere)
    shutil.rmtree(elsewhere / NAME)
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(CopyRefused):
        copy_encryption.decrypt_copy(file, elsewhere)
    monkeypatch.setenv("GNUPGHOME", str(elsewhere))
    with pytest.raises(CopyRefused, match="gpg failed"):
        copy_encryption.encrypt_copy(copy, KEY)
    assert [path.name for path in copy.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("gnupg")
def test_create_encrypts_by_the_setting_and_decrypt_checks_what_it_reads(tmp_path):
    env = server.variables(tmp_path, BACKUP_RECIPIENT=KEY) | {"GNUPGHOME": os.environ["GNUPGHOME"]}
    server.flask(env, "db", "upgrade")
    parent, elsewhere = tmp_path / "copies", tmp_path / "elsewhere"
    parent.mkdir()
    elsewhere.mkdir()
    made = Path(server.flask(env, "backup", "create", str(parent)).strip())
    file = parent / f"{made.name}.tar.gpg"
    restored = Path(server.flask(env, "backup", "decrypt", str(file), str(elsewhere)).strip())
    assert read(restored) == read(made)


def test_a_copy_for_age_is_read_back_where_the_key_is(copy, tmp_path):
    if shutil.which("age-keygen") is None:
        pytest.skip(HOW_TO)
    secret = tmp_path / "key"
    subprocess.run(["age-keygen", "-o", str(secret)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(secret)], check=True, capture_output=True, text=True)
    file = copy_encryption.encrypt_copy(copy, public.stdout.strip())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert read(copy_encryption.decrypt_copy(file, elsewhere, secret)) == read(copy)


def test_a_program_that_is_missing_is_a_sentence(copy, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    for recipient in (KEY, "age1" + "q" * 58):
        with pytest.raises(CopyRefused, match="is not on the path"):
            copy_encryption.encrypt_copy(copy, recipient)
    assert [path.name for path in copy.parent.iterdir()] == [NAME]


@pytest.mark.parametrize("recipient", ["--output", "-x@demo.example", "age1", "two words"])
def test_a_recipient_is_a_key_and_no_option(recipient):
    with pytest.raises(SettingsInvalid, match="BACKUP_RECIPIENT is a key of age"):
        load_settings({"BACKUP_RECIPIENT": recipient})
    for good in (KEY, "age1" + "q" * 58, "0123456789ABCDEF"):
        assert load_settings({"BACKUP_RECIPIENT": good}).backup_recipient == good
