"""Installation of the checks: uv uses pip's index, and pip is the fallback."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tools import install

TOLD = """\
:env:.index-url='https://mirror.example/simple'
global.cert='/etc/ours.pem'
global.find-links='/opt/wheels
/srv/wheels'
global.index-url='https://another.example/simple'
"""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], list[list[str]]]:
    """Return the commands that are run for an exit code of uv."""

    def run_with(code: int) -> list[list[str]]:
        run: list[list[str]] = []

        def note(words: list[str], **_given: object) -> CompletedProcess[str]:
            run.append(words)
            is_uv = words[0].endswith("/uv")
            return CompletedProcess(words, code if is_uv else 0, TOLD.replace("\n/srv", "\\n/srv"))

        monkeypatch.setattr(install.sys, "prefix", str(tmp_path))
        monkeypatch.setattr(install.subprocess, "run", note)
        install.main()
        return run

    return run_with


def test_uv_comes_by_its_own_hash_and_asks_where_pip_would(commands, tmp_path):
    by_pip, _config, by_uv = commands(0)
    assert by_pip[-1] == str(tmp_path / "uv.txt")
    assert (tmp_path / "uv.txt").read_text().startswith("uv==")
    assert "--hash=sha256:" in (tmp_path / "uv.txt").read_text()
    assert {"--require-hashes", "--no-deps"} <= set(by_pip) & set(by_uv)
    text = " ".join(by_uv)
    assert "--default-index https://mirror.example/simple" in text, "the environment decides"
    assert "--find-links /opt/wheels --find-links /srv/wheels" in text
    assert by_uv[-1] == str(install.LOCK)


def test_pip_does_what_uv_cannot(commands):
    *_, by_uv, by_pip = commands(1)
    assert by_uv[0].endswith("/uv")
    assert by_pip[1:4] == ["-m", "pip", "install"]
    assert by_pip[-1] == str(install.LOCK)
