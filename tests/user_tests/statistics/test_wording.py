"""Wordings of the scales: complete in both languages, with source and validation note."""

import re

import pytest

from portal.user_tests.statistics import scale_rules
from portal.user_tests.statistics.scale_labels import WORDINGS, UsabilityScale, get_scale_wording

SIZES = {
    UsabilityScale.SUS: (scale_rules.SUS_ITEMS, 1, scale_rules.SUS_MOST),
    UsabilityScale.UMUX_LITE: (scale_rules.UMUX_LITE_ITEMS, 1, scale_rules.UMUX_LITE_MOST),
    UsabilityScale.SEQ: (1, scale_rules.SEQ_LEAST, scale_rules.SEQ_MOST),
}


@pytest.mark.parametrize("kept", WORDINGS.values(), ids=lambda one: f"{one.name}-{one.ends[0]}")
def test_a_wording_fits_its_score_and_says_where_it_comes_from(kept):
    assert (len(kept.items), kept.least, kept.most) == SIZES[kept.scale]
    assert len(set(kept.items)) == len(kept.items)
    assert re.search(r"\b(19|20)\d\d\b", kept.source)
    assert set(kept.note) == {"fr", "en"}
    for text in (*kept.items, *kept.ends, kept.source, *kept.note.values()):
        assert text == text.strip()
        assert "'" not in text
        assert not re.search(r" [:;?!»]|« ", text), text


@pytest.mark.parametrize(
    ("scale", "language", "said"),
    [
        (UsabilityScale.SUS, "fr", "à relire sur l’article"),
        (UsabilityScale.UMUX_LITE, "fr", "n’a pas été validée"),
        (UsabilityScale.UMUX_LITE, "en", "à relire sur l’article"),
        (UsabilityScale.SEQ, "fr", "n’a pas été validée"),
    ],
)
def test_words_that_nobody_has_checked_say_so(scale, language, said):
    assert said in get_scale_wording(scale, language).note["fr"]


def test_items_of_sus_alternate_between_praise_and_blame():
    """The score depends on the order of the items."""
    for language, praise in (
        ("fr", ("fréquemment", "facile", "intégrées", "rapidement", "confiance")),
        ("en", ("frequently", "easy", "integrated", "quickly", "confident")),
    ):
        kept = get_scale_wording(UsabilityScale.SUS, language)
        assert all(word in item for word, item in zip(praise, kept.items[::2], strict=True))
    assert get_scale_wording(UsabilityScale.SUS, "fr").skipped == 3
