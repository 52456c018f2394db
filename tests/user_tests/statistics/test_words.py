"""Sentences about figures, in both languages."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.kernel.text import using_language
from portal.user_tests.statistics import comparison_labels, labels, number_labels
from portal.user_tests.statistics.comparison_rules import compute_completion_change
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.discovery_rules import compute_adjusted_discovery_rate
from tests.user_tests.statistics.sentences import COMPLETIONS, FIGURES, MATRIX


def said(language: str, say, *figures, **more) -> str:
    with using_language(language):
        return str(say(*figures, **more)).replace("\u00a0", " ")


@pytest.mark.parametrize(("of", "helped", "french", "english"), COMPLETIONS)
def test_completion(app, of, helped, french, english):
    figure = compute_completion(*of)
    assert said("fr", labels.completion_sentence, figure, helped=helped) == french
    assert said("en", labels.completion_sentence, figure, helped=helped) == english


@pytest.mark.parametrize(("say", "figure", "french", "english"), FIGURES)
def test_figures_in_both_languages(app, say, figure, french, english):
    assert said("fr", say, figure) == french
    assert said("en", say, figure) == english


@pytest.mark.parametrize(
    ("seconds", "french"),
    [
        (0.01, "0,1 s"),
        (4.52, "4,5 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (3599.6, "1 h 00 min"),
        (3725, "1 h 02 min"),
        (float("inf"), "plus de 100 h"),
    ],
)
def test_durations_as_people_say_them(app, seconds, french):
    assert said("fr", number_labels.format_time, seconds) == french


def test_participants_needed_are_told_from_a_rate_that_is_known(app):
    rate = compute_adjusted_discovery_rate(MATRIX)
    assert said("fr", labels.participants_needed, rate, 0.95) == (
        "Pour rencontrer 95 problèmes sur 100, il faudrait environ 8 participants (estimé sur 5)."
    )
    for unknown in (None, compute_adjusted_discovery_rate([[1]])):
        assert said("en", labels.participants_needed, unknown, 0.85) == (
            "One cannot tell yet how many participants it would take."
        )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_no_sentence_tells_a_share_without_its_number_and_its_interval(app, of):
    successes, n = of
    for language in ("fr", "en"):
        sentence = said(language, labels.completion_sentence, compute_completion(successes, n))
        assert "%" not in sentence
        assert n == 1 or re.search(rf"\b{n}\b", sentence)
        assert re.search(r"entre|au plus|au moins|between|at most|at least", sentence)
    low, high = number_labels.round_interval_to_hundredths(compute_completion(successes, n).interval)
    assert low <= round(100 * successes / n) <= high


def test_the_guide_quotes_what_the_portal_says(app):
    guide = (Path(__file__).parents[3] / "docs" / "figures.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^> (.+)$", guide.replace("\u00a0", " "), re.MULTILINE)
    change = compute_completion_change(compute_completion(2, 5), compute_completion(4, 5))
    assert quoted == [
        said("fr", labels.completion_sentence, compute_completion(4, 5)),
        said("fr", comparison_labels.completion_change_sentence, change),
    ]


def test_what_between_means_is_said_in_both_languages(app):
    assert "95 %" in said("fr", labels.intervals_explanation)
    assert "95% confidence" in said("en", labels.intervals_explanation)
