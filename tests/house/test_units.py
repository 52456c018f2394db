"""The shipped units, environment and script say what the guide promises of them."""

import re
import subprocess
from pathlib import Path

import pytest

from portal.kernel.settings import load

HOSTING = Path(__file__).resolve().parents[2] / "hosting"
UNITS = sorted(HOSTING.glob("*.service"))


def test_the_shipped_environment_needs_only_what_is_left_empty():
    """Every name that the environment file leaves empty, and no other, is to be filled in."""
    lines = (HOSTING / "portal.env").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    given = {name: value.strip("'") for name, value in pairs}
    fill = dict.fromkeys(
        ("CONTACT_EMAIL", "PUBLISHER", "PUBLICATION_DIRECTOR", "MAIL_FROM"), "a@demo.example"
    )
    chosen = load(
        given
        | fill
        | {"SECRET_KEY": "x" * 40, "HOSTING_PROVIDER": "h", "MAIL_URL": "smtp://mail.demo.example"}
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
    command = re.findall(r"^ExecStart=(\S+)", text, re.MULTILINE)[0]
    assert Path(command).name in {"gunicorn", "flask"}


def test_the_shell_script_is_one():
    subprocess.run(["sh", "-n", HOSTING / "portal"], check=True)
