"""Who says aloud what a button shows presses it: its label contains the words that stand on it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = r"""_\((?P<{0}_sign>["'])(?P<{0}>.+?)(?P={0}_sign)"""
LABELLED = [
    re.compile(SENTENCE.format("shown") + r"\)[^{}]*?aria_label=" + SENTENCE.format("label")),
    re.compile(
        r"""aria-label="{{ """
        + SENTENCE.format("label")
        + r"""[^{}]*}}"[^<>]*>{{ """
        + SENTENCE.format("shown")
    ),
]


def _labels():
    """Label and shown words of each control that has both, by file and line."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for pattern in LABELLED:
                for match in pattern.finditer(line):
                    yield f"{path.relative_to(ROOT)}:{number}", match["label"], match["shown"]


def _words(text):
    """As a reader says them: without case and signs, a value as one word."""
    words = re.findall(r"[^\W_]+", re.sub(r"%\(\w+\)s", " x ", text).lower())
    return " ".join(["", *words, ""])


@pytest.fixture(scope="module")
def english():
    with (ROOT / "translations/en/LC_MESSAGES/messages.po").open("rb") as stream:
        return {message.id: message.string for message in read_po(stream, locale="en") if message.id}


def test_the_label_of_a_control_has_the_words_that_it_shows(english):
    labels = list(_labels())
    assert len(labels) > 20
    wrong = [
        (place, label, shown)
        for place, *french in labels
        for label, shown in (french, [english[sentence] for sentence in french])
        if _words(shown) not in _words(label)
    ]
    assert wrong == []
