"""The shipped units, environment file and script agree with the guide, whose blocks are run."""

import re
import subprocess
from pathlib import Path

import pytest

from portal.platform.kernel.settings import load_settings

HOSTING = Path(__file__).resolve().parents[2] / "hosting"
UNITS = sorted(HOSTING.glob("*.service"))
GUIDE = sorted((HOSTING.parent / "docs/hosting").glob("*.md"))


def test_the_shipped_environment_needs_only_what_is_left_empty():
    """The variables left empty in the environment file are exactly those required."""
    lines = (HOSTING / "portal.env").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    given = {name: value.strip("'") for name, value in pairs}
    fill = dict.fromkeys(
        ("CONTACT_EMAIL", "PUBLISHER", "PUBLICATION_DIRECTOR", "MAIL_FROM"), "a@demo.example"
    )
    chosen = load_settings(
        given
        | fill
        | {"SECRET_KEY": "x" * 40, "HOSTING_PROVIDER": "h", "MAIL_URL": "smtps://mail.demo.example"}
    )
    assert chosen.is_production
    assert chosen.proxy_hops == 1


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_what_is_there_with_the_least_of_rights(unit: Path):
    text = unit.read_text()
    hardened = (HOSTING / "portal-web.service").read_text()
    for line in re.findall(
        r"^(?:Protect|Inaccessible|Restrict|Private|NoNew|Capab|SystemCall).*$", hardened, 8
    ):
        assert line in text, f"{unit.name} lacks {line}"
    assert "User=portal" in text
    assert "EnvironmentFile=/etc/portal/portal.env" in text
    commands = re.findall(r"^ExecStart=(?:/bin/sh -c '.*?)?(\S*\.venv/bin/\S+)", text, re.MULTILINE)
    assert len(commands) == text.count("ExecStart=")
    assert {Path(command).name for command in commands} <= {"gunicorn", "flask"}


def test_the_shell_script_is_one():
    subprocess.run(["sh", "-n", HOSTING / "portal"], check=True)


def blocks_of(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.name)
def test_each_block_of_the_guide_is_a_script_and_names_files_that_are_shipped(page: Path):
    blocks = blocks_of(page)
    assert blocks or page.name == "security.md"  # it only points to the other guides
    for block in blocks:
        subprocess.run(["sh", "-n"], input=block, text=True, check=True)
        for named in re.findall(r"(?:^|[ /])(hosting/[\w./*-]+)", block, re.MULTILINE):
            assert list(HOSTING.parent.glob(named)), f"{page.name} names {named}"


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.name)
def test_root_obeys_nothing_that_the_portal_could_have_written(page: Path):
    """Root decides what to check out by files that the portal's user cannot write."""
    for block in blocks_of(page):
        assert not re.search(r"\$\(cat [^)]*/var/lib/portal", block)
        assert not re.search(r"> */var/lib/portal", block)


def test_a_block_that_needs_the_code_goes_to_the_code_first():
    """A new shell may start in another folder, so each block changes to the code first."""
    for page in GUIDE:
        for block in blocks_of(page):
            first = re.search(r"(?:^|[ \"])(hosting/|make build|git checkout)", block, re.MULTILINE)
            if first:
                assert "cd /opt/portal" in block[: first.start()], f"{page.name}:\n{block}"


def test_a_name_with_an_apostrophe_is_read_alike_by_the_shell_and_by_systemd(tmp_path: Path):
    """Written as the environment file explains."""
    said = (HOSTING / "portal.env").read_text()
    example = re.search(r'PUBLISHER="[^"]+"', said)
    assert example
    (tmp_path / "env").write_text(example[0] + "\n")
    script = 'set -a; . ./env; printf %s "$PUBLISHER"'
    read = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, check=True)
    assert read.stdout.decode() == "Direction de l'innovation"
