"""The check against advisories says what it knows, and fails when it cannot know."""

import json
import subprocess

import pytest

from tools import advisories

PINNED = {"flask", "jinja2"}
LOCK = """\
flask==3.1.3 \\
    --hash=sha256:00
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
jinja2==3.1.6
"""


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


FLASK = {"name": "flask", "version": "3.1.3", "vulns": []}
JINJA = {"name": "Jinja2", "version": "3.1.6", "vulns": []}
BROKEN = JINJA | {"vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1.7"], "aliases": []}]}
SKIPPED = {"name": "jinja2", "skip_reason": "not on the index"}


@pytest.mark.parametrize(
    ("printed", "code", "words"),
    [
        (report(FLASK, JINJA), advisories.NONE, "No advisory is known for the 2 packages"),
        (report(FLASK, BROKEN), advisories.SOME, "Jinja2 3.1.6: PYSEC-2026-1, repaired in 3.1.7"),
        (report(FLASK), advisories.UNKNOWN, "Not known for jinja2."),
        (report(FLASK, SKIPPED), advisories.UNKNOWN, "Not known for jinja2."),
        (report(), advisories.UNKNOWN, "Not known for flask, jinja2."),
        ("", advisories.UNKNOWN, "Not known: the service is away"),
        ("[]", advisories.UNKNOWN, "Not known"),
    ],
    ids=["none", "some", "one missing", "one skipped", "nothing compared", "no report", "another report"],
)
def test_a_verdict_is_given_only_for_what_was_compared(printed, code, words):
    verdict, text = advisories.judge(printed, "the service is away", PINNED)
    assert verdict == code
    assert words in text


def test_what_this_machine_does_not_install_is_not_asked_for():
    assert advisories.list_pinned(LOCK) == PINNED


def test_a_service_that_is_away_is_not_taken_for_good_news(monkeypatch):
    """The real program, with a proxy that nobody serves."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    code, text = advisories.compare(["--timeout", "2"])
    assert code == advisories.UNKNOWN
    assert text.startswith("Not known: ")


def test_a_service_that_never_answers_ends_in_a_sentence(monkeypatch):
    def hang(*_words: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 1)

    monkeypatch.setattr(advisories.subprocess, "run", hang)
    assert advisories.compare() == (advisories.UNKNOWN, "Not known: no answer within 600 seconds.")
