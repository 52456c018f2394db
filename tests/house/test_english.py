"""English sentences: their signs, and the words of the glossary for roles."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

FILE = Path(__file__).parents[2] / "translations/en/LC_MESSAGES/messages.po"
KEYS = "the keys / and ? off"  # keys of a keyboard, not signs of a sentence


@pytest.fixture(scope="module")
def sentences():
    """The English sentences by their French ones."""
    with FILE.open("rb") as stream:
        catalogue = read_po(stream, locale="en")
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in catalogue
        if message.id
    }


def test_no_space_stands_before_a_sign(sentences):
    texts = [each for value in sentences.values() for each in ([value] if isinstance(value, str) else value)]
    spaced = [text for text in texts if re.search(r"\w[ \xa0][;:?!](?!\w)", text) and KEYS not in text]
    assert spaced == []


def test_a_porteur_is_the_lead_of_a_team(sentences):
    assert sentences["Porteur de projet"] == "Team lead"
    leads = [text for text in map(str, sentences.values()) if re.search(r"project lead", text, re.IGNORECASE)]
    assert leads == []
