"""Install what the portal and its checks need, by their lock: with uv, or else with pip.

uv takes a fifth of pip's time. It is told what pip was told (an index, wheels in a folder, a
certificate); where it cannot reach them all the same, pip does its work.
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
SHARED = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
}
QUICK_TO_GIVE_UP = {"UV_HTTP_TIMEOUT": "20", "UV_HTTP_RETRIES": "1"}


def install_with_pip(lock: Path) -> None:
    words = ["install", "-q", "--no-compile", "--only-binary", ":all:", *BY_LOCK, "-r", str(lock)]
    subprocess.run([*PIP, *words], check=True)


def install_with_uv() -> bool:
    """Whether it could."""
    alone = Path(sys.prefix) / "uv.txt"
    found = re.search(r"^uv==(.*\\\n)*.*\n", LOCK.read_text(), re.MULTILINE)
    if found is None:
        return False
    alone.write_text(found[0])
    install_with_pip(alone)
    told = dict(settings())
    words = [
        word
        for name, option in SHARED.items()
        for one in told.get(name, "").split()
        for word in (option, one)
    ]
    if told.get("no-index") in {"true", "1", "yes", "on"}:
        words.append("--no-index")
    certificate = {"SSL_CERT_FILE": told["cert"]} if "cert" in told else {}
    command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "-q", "--no-build"]
    done = subprocess.run(
        [*command, "--python", sys.prefix, *BY_LOCK, *words, "-r", str(LOCK)],
        env=QUICK_TO_GIVE_UP | certificate | os.environ,
        check=False,
    )
    return done.returncode == 0


def settings() -> Iterator[tuple[str, str]]:
    """What pip was told, in its files and then in the environment."""
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
