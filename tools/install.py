"""Install the locked packages of the portal and its checks: with uv, or else with pip.

uv takes a fifth of pip's time. It gets pip's configuration (index, folder of wheels, certificate);
when it fails, pip installs the packages.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-dev.txt"
PIP = [sys.executable, "-m", "pip"]
BY_LOCK = ["--no-deps", "--require-hashes"]
SHARED = {"index-url": "--default-index", "extra-index-url": "--index", "find-links": "--find-links"}
QUICK_TO_GIVE_UP = {"UV_HTTP_TIMEOUT": "20", "UV_HTTP_RETRIES": "1"}


def install_with_pip(lock: Path) -> None:
    options = ["-q", "--no-compile", "--only-binary", ":all:", *BY_LOCK]
    subprocess.run([*PIP, "install", *options, "-r", str(lock)], check=True)


def install_with_uv() -> bool:
    """Install with uv; returns whether that succeeded."""
    uv_lock = Path(sys.prefix) / "uv.txt"
    locked = re.search(r"^uv==(.*\\\n)*.*\n", LOCK.read_text(), re.MULTILINE)
    if locked is None:
        return False
    uv_lock.write_text(locked[0])
    install_with_pip(uv_lock)
    pip_settings = dict(settings())
    options = [
        argument
        for name, option in SHARED.items()
        for value in pip_settings.get(name, "").split()
        for argument in (option, value)
    ]
    if pip_settings.get("no-index") in {"true", "1", "yes", "on"}:
        options.append("--no-index")
    certificate = {"SSL_CERT_FILE": pip_settings["cert"]} if "cert" in pip_settings else {}
    command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "-q", "--no-build"]
    result = subprocess.run(
        [*command, "--python", sys.prefix, *BY_LOCK, *options, "-r", str(LOCK)],
        env=QUICK_TO_GIVE_UP | certificate | os.environ,
        check=False,
    )
    return result.returncode == 0


def settings() -> Iterator[tuple[str, str]]:
    """Yield pip's configuration: that of its files, then of the environment."""
    listed = subprocess.run([*PIP, "config", "list"], text=True, capture_output=True, check=True)
    lines = sorted(listed.stdout.splitlines(), key=lambda line: line.startswith(":env:"))
    for line in lines:
        name, _, value = line.partition("=")
        yield name.rpartition(".")[2], str(ast.literal_eval(value))


def main() -> None:
    if not install_with_uv():
        install_with_pip(LOCK)


if __name__ == "__main__":
    main()
