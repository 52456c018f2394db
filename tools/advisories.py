"""`make advisories`: the pinned packages against published advisories.

Exits with 0 when every package was compared and none has an advisory, with 1 when some have, and with 2
when it cannot know: the service is away, or does not know a package. Options are pip-audit's, such as
`--vulnerability-service osv`.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-image.txt"
NONE, SOME, UNKNOWN = 0, 1, 2
SECONDS = 600


def list_pinned(lock: str) -> set[str]:
    """The names that a lock pins for this machine."""
    lines = (line.rstrip(" \\") for line in lock.splitlines() if line and not line.startswith((" ", "#")))
    pinned = [Requirement(line) for line in lines]
    return {each.name.lower() for each in pinned if each.marker is None or each.marker.evaluate()}


def compare(words: Iterable[str] = ()) -> tuple[int, str]:
    """The exit code, and what to print."""
    options = ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off", "-f", "json"]
    command = [str(Path(sys.executable).parent / "pip-audit"), "-r", str(LOCK), *options, *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return UNKNOWN, f"Not known: no answer within {SECONDS} seconds."
    return judge(done.stdout, done.stderr, list_pinned(LOCK.read_text()))


def judge(report: str, complaint: str, pinned: set[str]) -> tuple[int, str]:
    """The verdict on what pip-audit printed, for the packages that it had to compare."""
    try:
        compared: list[Mapping[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, f"Not known: {complaint.strip() or 'pip-audit printed no report'}"
    left_out = {each["name"] for each in compared if "skip_reason" in each}
    left_out |= pinned - {each["name"].lower() for each in compared}
    advisories = [
        f"{each['name']} {each['version']}: {advisory['id']}, repaired in"
        f" {', '.join(advisory['fix_versions']) or 'no version yet'}"
        for each in compared
        for advisory in each.get("vulns", ())
    ]
    if left_out:
        advisories.append(f"Not known for {', '.join(sorted(left_out))}.")
    if advisories:
        return UNKNOWN if left_out else SOME, "\n".join(advisories)
    return NONE, f"No advisory is known for the {len(compared)} packages that are pinned."


def main() -> None:
    code, text = compare(sys.argv[1:])
    print(text)
    sys.exit(code)


if __name__ == "__main__":
    main()
