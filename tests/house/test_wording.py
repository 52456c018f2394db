"""Words that code puts together read well in both languages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
# Typed by people, and read back: the sign is the same in both languages.
READ_BACK = {"agreements/rules.py", "deliberation/project_commands.py", "applications/rules.py"}


LOWERED = r"[A-Z]{3,}\[.*\)\.lower\(\)|\|\s*lower\b"
FRENCH_SEPARATOR = r"(?<!_\()\"[\s\u00a0];\s\"\.join"


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a label in lower case loses the capitals of AIPD: lower_first", LOWERED),
        ("a list whose sign is French in English too", FRENCH_SEPARATOR),
    ],
)
def test_no_file(what, pattern):
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if not any(str(path).endswith(name) for name in READ_BACK)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line.replace("\\u00a0", "\u00a0"))
    ]
    assert not wrong, (what, wrong)
