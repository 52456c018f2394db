"""Every check: the same for people, for pre-commit and for CI.

`python tools/check.py [--browser] [--fast]`; --fast stops before the tests. Prints a line per
check, what a failed one said, and ends with the counts of the tests.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = ["portal", "tests", "tools", "bench", "migrations", "wsgi.py", "gunicorn.conf.py"]

CHECKS: dict[str, list[str]] = {
    "types": ["mypy"],
    "format": ["ruff", "format", "--check", "-q", *CODE],
    "lint": ["ruff", "check", "-q", *CODE],
    "floors and rooms": ["lint-imports"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "translations": ["python", "tools/messages.py", "check"],
}
# Reads every test once and keeps it compiled: each process of the tests would do it by itself.
COLLECTION = {"collection": ["python", "-m", "pytest", "--collect-only", "-qq"]}
# Some machines ask for no compiled files; hundreds of processes are started here.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(name: str, words: list[str]) -> bool:
    """Whether a check is content. Several run at once: each says its part in one piece."""
    began = time.monotonic()
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=ROOT,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    took = time.monotonic() - began
    told = f"{'ok' if done.returncode == 0 else 'FAILED':6} {name} ({took:.0f} s)"
    print(told if done.returncode == 0 else f"{told}\n{done.stdout}", flush=True)
    return done.returncode == 0


def test(*, browser: bool) -> int:
    """The tests on both databases, and in a browser; the exit code of pytest."""
    # One more than there are cores: some wait for a browser, a database or a clock.
    workers = os.environ.get("WORKERS") or str((os.cpu_count() or 1) + 1)
    words = [str(BIN / "python"), "-m", "pytest", "-n", workers]
    if not browser:
        words += ["-m", "not browser"]
    words += ["--dist", "loadgroup"]
    return subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, check=False).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description="Every check of the portal.")
    parser.add_argument("--browser", action="store_true", help="journeys in a real browser too")
    parser.add_argument("--fast", action="store_true", help="no tests")
    chosen = parser.parse_args()
    checks = CHECKS if chosen.fast else COLLECTION | CHECKS
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sound = list(pool.map(run, checks.keys(), checks.values()))
    tests = 0 if chosen.fast else test(browser=chosen.browser)
    if not all(sound):
        print("Some checks failed: see above.")
    sys.exit(0 if all(sound) and tests == 0 else 1)


if __name__ == "__main__":
    main()
