"""What a line of the page of what is to decide quotes."""

import pytest

from portal.coaching.recommendations.to_decide_labels import PROOF_SHOWN, describe_proof
from portal.oversight.decisions.labels import CONTEXT_SHOWN, describe_context
from portal.project.projects.to_decide_rules import shorten_detail

LINK = "https://git.example/" + "a" * 400


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("deux  mots\n", "deux mots"),
        ("un deux trois", "un deux…"),
        ("abcdefghijklm", "abcdefghi…"),
        ("un abcdefghijklm", "un abcdef…"),
    ],
)
def test_whole_words_are_quoted_unless_one_is_most_of_the_text(text, shown):
    assert shorten_detail(text, 10) == shown


def test_a_long_link_is_quoted_from_its_beginning(app):
    with app.test_request_context():
        said = describe_proof("", LINK).replace("\xa0", " ")
    assert f"« {LINK[: PROOF_SHOWN - 1]}… »" in said
    assert describe_context(LINK, None) == f"{LINK[: CONTEXT_SHOWN - 1]}…"
