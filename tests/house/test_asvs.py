"""`docs/asvs.yaml` has each requirement of levels 1 and 2 once, and no dead reference."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.api.tokens.bearer_api import TOKEN_RATE
from portal.app.application.features import RATE_LIMITS, SENSITIVE_ENDPOINTS
from portal.platform.kernel.settings import WRITES_PER_HOUR

ROOT = Path(__file__).resolve().parents[2]
STATUSES = {"holds", "partly", "not yet", "does not apply"}

# ASVS 5.0.0: the levels of each section's requirements, in order.
SECTIONS = """
V1.1 22  V1.2 1111122223  V1.3 112222222223  V1.4 222  V1.5 123
V2.1 122  V2.2 112  V2.3 12223  V2.4 23
V3.1 3  V3.2 113  V3.3 12223  V3.4 11222233  V3.5 11122333  V3.6 3  V3.7 22333
V4.1 12233  V4.2 23333  V4.3 22  V4.4 1222
V5.1 2  V5.2 112333  V5.3 113  V5.4 222
V6.1 122  V6.2 111111112222  V6.3 11223333  V6.4 112233  V6.5 22222333  V6.6 2223  V6.7 33
V6.8 2222
V7.1 222  V7.2 1111  V7.3 22  V7.4 11222  V7.5 223  V7.6 22
V8.1 1233  V8.2 1123  V8.3 133  V8.4 23
V9.1 111  V9.2 1222
V10.1 22  V10.2 223  V10.3 22223  V10.4 1111122222233333  V10.5 22222  V10.6 22  V10.7 222
V11.1 2233  V11.2 22233  V11.3 11233  V11.4 1222  V11.5 23  V11.6 23  V11.7 33
V12.1 12233  V12.2 11  V12.3 22223
V13.1 2333  V13.2 222223  V13.3 2233  V13.4 1222233
V14.1 22  V14.2 12223333  V14.3 122
V15.1 12233  V15.2 12233  V15.3 1222222  V15.4 3333
V16.1 2  V16.2 22222  V16.3 2222  V16.4 222  V16.5 2223
V17.1 23  V17.2 22223333  V17.3 22
"""


def levels() -> dict[str, int]:
    """Return the level of each requirement."""
    words = SECTIONS.split()
    return {
        f"{section}.{number}": int(level)
        for section, digits in zip(words[::2], words[1::2], strict=True)
        for number, level in enumerate(digits, 1)
    }


def rows() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs/asvs.yaml").read_text())
    return read


ROWS = rows()


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def headings_in(path: str) -> frozenset[str]:
    """Return the anchors of headings: lower case, words joined by hyphens."""
    found = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", h.lower().replace("’", "-")).replace(" ", "-") for h in found)


def faults(row: dict[str, Any]) -> list[str]:
    """List the faults of a row."""
    found = []
    if unknown := row.keys() - {"id", "level", "about", "status", "shown_by", "why"}:
        found.append(f"unknown: {unknown}")
    if row["status"] not in STATUSES:
        found.append(f"no such status: {row['status']}")
    if row["status"] == "holds" and not row.get("shown_by"):
        found.append("holds, and nothing shows it")
    if row["status"] != "holds" and not row.get("why"):
        found.append(f"{row['status']}, without a reason")
    return found + [named for named in row.get("shown_by", []) if not exists(named)]


def exists(named: str) -> bool:
    """Tell whether a test (`file::name`) or a heading (`page.md#heading`) exists."""
    path, mark, name = re.fullmatch(r"([^:#]+)(::|#)(.+)", named).groups()  # type: ignore[union-attr]
    if not (ROOT / path).is_file():
        return False
    return name in (names_in(path) if mark == "::" else headings_in(path))


# What a requirement says to be absent, by words that no import and no required package may hold.
ABSENT = {
    "V1.2.6": ("ldap",),
    "V1.2.7": ("xpath",),
    "V1.2.8": ("latex", "pylatex"),
    "V1.3.9": ("memcache", "pymemcache"),
    "V4.4.1": ("websocket", "websockets", "socketio"),
    "V6.6.1": ("twilio", "phonenumbers"),
    "V6.8.3": ("saml", "pysaml2"),
    "V17.1.1": ("aiortc",),
}
SHOWN = 0.95  # of the requirements that apply


@cache
def words_of_imports() -> frozenset[str]:
    """Every module that the portal imports and every package that it requires, in words."""
    nodes = [
        node for path in (ROOT / "portal").rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))
    ]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= set(re.findall(r"^([A-Za-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    return frozenset(word.lower() for name in names for word in re.split(r"[._-]", name))


@pytest.mark.parametrize("id_", ABSENT)
def test_what_is_said_to_be_absent_is_absent(id_):
    (row,) = [row for row in ROWS if row["id"] == id_]
    assert row["status"] == "does not apply"
    assert not words_of_imports() & set(ABSENT[id_])


def test_what_is_said_of_pickles_and_svg_is_so():
    text = {path: path.read_text() for path in (ROOT / "portal").rglob("*.py")}
    assert not [path for path, code in text.items() if re.search(r"\bpickle\.loads?\b|\bcloudpickle\b", code)]
    assert "image/svg+xml" not in (ROOT / "portal/platform/storage/contents.py").read_text()


def test_the_limits_that_are_documented_are_those_of_the_code():
    page = (ROOT / "docs/security-decisions.md").read_text()
    listed = {
        (f"{amount} per {window}", kind, name)
        for amount, window, kind, names in re.findall(
            r"^\| (\d+) per ([^|]+) \| `(\w+)` \| (.+) \|$", page, re.M
        )
        for name in re.findall(r"`([\w.]+)`", names)
    }
    assert listed == {
        (str(limit.rate), limit.kind, name) for name, limits in RATE_LIMITS.items() for limit in limits
    }
    assert f"{WRITES_PER_HOUR:,} forms an hour" in page
    assert f"{TOKEN_RATE.amount} times a minute" in page


def test_the_table_of_what_asks_again_is_that_of_the_code():
    section = (ROOT / "docs/security-decisions.md").read_text().partition("## What asks again")[2]
    section = section.partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {endpoint.partition(".")[0] for endpoint in SENSITIVE_ENDPOINTS}


def test_most_of_what_applies_holds():
    applicable = [row for row in ROWS if row["status"] != "does not apply"]
    assert sum(row["status"] == "holds" for row in applicable) >= SHOWN * len(applicable)


def test_the_standard_is_whole():
    count = [list(levels().values()).count(level) for level in (1, 2, 3)]
    assert count == [70, 183, 92]


def test_every_requirement_is_there_once_with_its_level():
    named = [(row["id"], row["level"]) for row in ROWS]
    assert named == [(id_, level) for id_, level in levels().items() if level < 3]


def test_what_is_named_exists_and_what_is_missing_has_a_reason():
    assert {row["id"]: faults(row) for row in ROWS if faults(row)} == {}


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "holds"},
        {"status": "not yet"},
        {"status": "does not apply", "shown_by": ["docs/security.md#reporting-a-weakness"]},
        {"status": "perhaps", "why": "w"},
        {"status": "holds", "shown_by": ["tests/house/test_asvs.py::test_nothing"]},
        {"status": "holds", "shown_by": ["tests/house/nowhere.py::test_the_standard_is_whole"]},
        {"status": "holds", "shown_by": ["docs/security.md#no-such-heading"]},
        {"status": "partly", "why": "w", "shownby": []},
    ],
    ids=lambda row: f"{row['status']} {len(str(row))}",
)
def test_the_check_fires(broken):
    assert faults({"id": "V0", "level": 1, "about": "a"} | broken)
