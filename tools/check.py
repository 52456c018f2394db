"""All checks, for people, pre-commit and CI.

`python tools/check.py [--browser] [--fast]`; --fast runs no tests. Prints a line per check with the
output of failed ones, and ends with the counts of the tests.
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
    "wings and rooms": ["lint-imports"],
    "measures": ["python", "tools/house.py"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "translations": ["python", "tools/messages.py", "check"],
}
# Compiles every test once, before each process of pytest-xdist would.
COLLECTION = {"collection": ["python", "-m", "pytest", "--collect-only", "-qq"]}
# Without it, hundreds of processes would compile the code again.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(name: str, arguments: list[str]) -> bool:
    """Run a check and print its result in one piece; returns whether it passed."""
    began = time.monotonic()
    result = subprocess.run(
        [str(BIN / arguments[0]), *arguments[1:]],
        cwd=ROOT,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    seconds = time.monotonic() - began
    has_passed = result.returncode == 0
    line = f"{'ok' if has_passed else 'FAILED':6} {name} ({seconds:.0f} s)"
    print(line if has_passed else f"{line}\n{result.stdout}", flush=True)
    return has_passed


def test(*, browser: bool) -> int:
    """Run the tests on both databases, and in a browser; returns the exit code of pytest."""
    # One more than cores: some wait for a browser, a database or a clock.
    workers = os.environ.get("WORKERS") or str((os.cpu_count() or 1) + 1)
    command = [str(BIN / "python"), "-m", "pytest", "-n", workers, "--dist", "loadgroup"]
    if not browser:
        command += ["-m", "not browser"]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description="Every check of the portal.")
    parser.add_argument("--browser", action="store_true", help="journeys in a real browser too")
    parser.add_argument("--fast", action="store_true", help="no tests")
    arguments = parser.parse_args()
    checks = CHECKS if arguments.fast else COLLECTION | CHECKS
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(run, checks.keys(), checks.values()))
    tests = 0 if arguments.fast else test(browser=arguments.browser)
    if not all(results):
        print("Some checks failed: see above.")
    sys.exit(0 if all(results) and tests == 0 else 1)


if __name__ == "__main__":
    main()
