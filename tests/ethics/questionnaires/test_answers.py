from portal.ethics.questionnaires.bilingual_labels import LocalizedText
from portal.ethics.questionnaires.completion_rules import (
    AnswerProgress,
    compute_progress,
    explain_answer_misfit,
    explain_note_misfit,
    list_improvable_items,
    list_unanswered_required_items,
)
from portal.platform.kernel.text import using_language
from tests.ethics.questionnaires.sample_definitions import small


def test_what_hangs_on_another_answer_counts_once_it_is_asked():
    of = small()
    assert compute_progress(of, {}) == AnswerProgress(0, 6)
    assert compute_progress(of, {"people": "no"}) == AnswerProgress(1, 6)
    assert compute_progress(of, {"people": "yes", "which": "Agents"}) == AnswerProgress(2, 7)
    # The answer of a hidden item does not count.
    assert compute_progress(of, {"people": "no", "which": "Agents"}, of.sections[0]) == AnswerProgress(1, 2)
    assert not AnswerProgress(2, 7).is_complete
    assert AnswerProgress(7, 7).is_complete


def test_what_must_be_answered_is_listed_in_order():
    of = small()
    assert [item.key for _section, item in list_unanswered_required_items(of, {})] == ["tested", "people"]
    told = {"tested": "once", "people": "yes"}
    assert [item.key for _section, item in list_unanswered_required_items(of, told)] == ["which"]
    assert not list_unanswered_required_items(of, told | {"which": "Agents"})


def test_gaps_are_what_could_weigh_more_the_least_first():
    told = {"tested": "once", "tested_note": "À refaire."}
    assert [(gap.item.key, gap.note) for gap in list_improvable_items(small(), told)] == [
        ("watched", ""),
        ("tested", "À refaire."),
    ]
    assert not list_improvable_items(small(), {"tested": "always", "watched": "always"})


# By item: answers that fit, and answers that do not.
ANSWERS = {
    "tested": (["once"], ["", "twice", 1]),
    "people": (["yes", "no"], ["maybe"]),
    "which": (["x" * 300], ["", "x" * 301, 3]),
    "cases": ([0, 100, 7.0], [-1, 101, 0.5, float("nan"), float("inf"), "7"]),
    "day": (["2026-03-02"], ["2026-02-30", "soon", 3]),
    "place": (["https://demo.example/a"], ["demo.example", "ftp://a", "https://", "http://[", 3]),
}


def test_what_cannot_be_an_answer_has_its_sentence(app):
    for key, (good, bad) in ANSWERS.items():
        item = small().item(key)
        assert item is not None
        assert [explain_answer_misfit(item, one) for one in good] == [None] * len(good)
        assert all(explain_answer_misfit(item, one) for one in bad), key
    assert explain_note_misfit("x" * 1001)


def test_words_are_the_reader_s(app):
    with app.test_request_context():
        words = LocalizedText("Avant", "Before")
        assert str(words) == "Avant"
        with using_language("en"):
            assert str(words) == "Before"
