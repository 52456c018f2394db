"""The services and timers that operators install: commands that exist, restrictions of the web server."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support import server, shells

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted((ROOT / "hosting").glob("portal-*.service"))
TIMERS = sorted((ROOT / "hosting").glob("portal-*.timer"))
FREE_TO_DIFFER = {"MemoryMax", "ReadWritePaths"}


def read_restrictions(service: Path) -> set[str]:
    lines = service.read_text(encoding="utf-8").partition("StateDirectory=")[2].splitlines()
    return {line for line in lines if "=" in line and line.partition("=")[0] not in FREE_TO_DIFFER}


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_every_service_is_restricted_as_the_web_server_is(service):
    web = read_restrictions(ROOT / "hosting/portal-web.service") - {"WantedBy=multi-user.target"}
    assert read_restrictions(service) - {"WantedBy=multi-user.target"} == web
    assert "NoNewPrivileges=yes" in read_restrictions(service)


def test_there_is_a_timer_for_the_copy_the_anchor_and_the_verification():
    assert [path.stem for path in TIMERS] == ["portal-anchor", "portal-backup", "portal-verify"]
    for timer in TIMERS:
        text = timer.read_text(encoding="utf-8")
        assert timer.with_suffix(".service").exists()
        assert "Persistent=yes" in text
        assert re.search(r"^OnCalendar=.*\*-\*-\* \d\d:\d\d:00$", text, re.MULTILINE)
    guide = (ROOT / "docs/hosting/install.md").read_text(encoding="utf-8")
    assert all(timer.name in guide for timer in TIMERS)


def test_every_command_of_a_service_exists(make_app):
    app = make_app()
    for service in SERVICES:
        for words in re.findall(r"flask --app wsgi ([a-z ]+[a-z])", service.read_text(encoding="utf-8")):
            done = app.test_cli_runner().invoke(args=[*words.split(), "--help"])
            assert done.exit_code == 0, (service.name, words)


def run_shell(service: str, folder: Path, env: dict[str, str]) -> str:
    """Run the shell line of a service in another folder of data; returns its output."""
    text = (ROOT / "hosting" / service).read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(/bin/sh -c .*)$", text, re.MULTILINE)
    line = line.replace("$$", "$").replace("/var/lib/portal", str(folder))
    line = line.replace(".venv/bin/flask", str(folder / "flask"))
    with shells.flask(folder / "flask"):
        done = subprocess.run(
            shlex.split(line), cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_trail_is_verified_against_the_anchors_that_were_noted(tmp_path):
    env = server.variables(tmp_path)
    server.flask(env, "db", "upgrade")
    for _day in range(2):
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d \d+:[0-9a-f]{64}\n", run_shell("portal-anchor.service", tmp_path, env)
        )
    assert len((tmp_path / "anchors").read_text().splitlines()) == 2
    assert "The audit trail is whole." in run_shell("portal-verify.service", tmp_path, env)
    (tmp_path / "anchors").write_text(f"2026-01-01 7:{'0' * 64}\n")
    with pytest.raises(AssertionError, match="not as it was written"):
        run_shell("portal-verify.service", tmp_path, env)
