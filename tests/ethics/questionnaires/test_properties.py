"""Properties that hold for any answers (Hypothesis)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ethics.questionnaires.answer_documents import fingerprint_answers, order_answers, parse_answers
from portal.ethics.questionnaires.answer_rules import find_answer_misfit
from portal.ethics.questionnaires.definition_rules import (
    MatrixCellContent,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)
from portal.ethics.questionnaires.edition_change_rules import carry_answers, compare_editions, compute_upgrade
from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from portal.ethics.questionnaires.score_rules import compute_conclusion, compute_score
from portal.ethics.questionnaires.visibility_rules import leave_out_hidden_answers, list_visible_items
from tests.ethics.questionnaires.sample_definitions import small, wide

ASKED = [small(), wide(), *(find_built_in_by_name(name) for name in ("framing-1", "crpa-1", "ai_act-1"))]
KEPT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # by any database
SLOW = settings(deadline=None, max_examples=60)


def answer_to(item: QuestionnaireItem) -> st.SearchStrategy[Any]:
    if item.kind in {QuestionnaireItemKind.SEVERAL, QuestionnaireItemKind.MATRIX}:
        return _ticks(item) if item.kind is QuestionnaireItemKind.SEVERAL else _table(item)
    if item.choices:
        return st.sampled_from([choice.value for choice in item.choices])
    if item.kind is QuestionnaireItemKind.NUMBER:
        return st.integers(int(max(item.least, -9)), int(min(item.most, 99)))
    if item.kind is QuestionnaireItemKind.DATE:
        return st.dates().map(str)
    link = st.just("https://demo.example/a")
    return link if item.kind is QuestionnaireItemKind.LINK else st.text(KEPT, min_size=1, max_size=20)


def _ticks(item: QuestionnaireItem) -> st.SearchStrategy[list[str]]:
    values = [choice.value for choice in item.choices]
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


def _table(item: QuestionnaireItem) -> st.SearchStrategy[dict[str, Any]]:
    rows = st.sampled_from([row.value for row in item.rows])
    columns = st.sampled_from([choice.value for choice in item.choices])
    texts = st.dictionaries(columns, st.just("Dit."), min_size=1)
    cells = _ticks(item) if item.cells is MatrixCellContent.TICK else texts
    return st.dictionaries(rows, cells, min_size=1)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, dict[str, Any]]:
    """A questionnaire and answers to some of its items, including hidden ones."""
    of = draw(st.sampled_from(ASKED))
    assert of is not None
    answers = {}
    for item in of.items:
        if draw(st.booleans()):
            answers[item.key] = draw(answer_to(item))
        if item.note and draw(st.booleans()):
            answers[item.note_key] = "Dit."
    return of, answers


@SLOW
@given(answered())
def test_what_is_hidden_never_scores_nor_decides(told):
    of, answers = told
    kept = leave_out_hidden_answers(of, answers)
    assert compute_conclusion(of, answers) == compute_conclusion(of, kept)
    assert leave_out_hidden_answers(of, kept) == kept
    asked = {item.key for one in of.sections for item in list_visible_items(of, one, answers)}
    assert {key for key in kept if of.item(key)} <= asked
    assert [list_visible_items(of, one, kept) for one in of.sections] == [
        list_visible_items(of, one, answers) for one in of.sections
    ]


@SLOW
@given(answered())
def test_a_score_stays_within_its_bounds_and_its_level_within_the_bands(told):
    of, answers = told
    for live in (False, True):
        scored = compute_score(of, answers, live=live)
        if scored is None:
            assert of.score is None
            continue
        assert 0 <= scored.value <= scored.raw <= scored.most
        assert 1 <= (scored.level or 0) <= len(of.score.bands)
        assert scored.band is not None
        assert scored.value <= scored.band.up_to
        below = of.score.bands[: (scored.level or 0) - 1]
        assert all(band.up_to < scored.value for band in below)
        assert all(0 <= scored.sums[key] <= most for key, most in scored.greatest.items())


@SLOW
@given(answered())
def test_carried_over_to_the_same_questions_answers_are_the_same(told):
    of, answers = told
    assert not compare_editions(of, of)
    carried = carry_answers(of, of, answers)
    assert (carried.answers, carried.dropped) == (answers, [])
    found = compute_upgrade(of, of, answers)
    assert (found.answers, found.to_recheck, found.dropped) == (answers, [], [])


@SLOW
@given(answered(), st.sampled_from([one for one in ASKED if one]))
def test_whatever_is_carried_over_fits_and_nothing_is_lost_in_silence(told, other):
    of, answers = told
    found = compute_upgrade(of, other, answers)
    for key, answer in found.answers.items():
        item = other.item(key)
        assert item is None or find_answer_misfit(item, answer) is None
        assert answers[key] == answer
    kept = {item.key for item in found.unchanged} | {change.after.key for change in found.to_recheck}
    left = {item.key for item in found.dropped}
    given_ = {item.key for item in of.items if item.key in answers}
    assert kept | left == given_
    assert not kept & left
    asked = {item.key for one in other.sections for item in list_visible_items(other, one, found.answers)}
    assert {item.key for item in found.unanswered} == asked - kept


@SLOW
@given(answered(), st.randoms())
def test_answers_go_out_and_come_back_the_same_in_any_order(told, random):
    of, answers = told
    taken = parse_answers(of, order_answers(of, answers))
    assert taken.answers == answers
    assert [*taken.unknown, *taken.misfits, *taken.passed_over] == []
    mixed = list(answers.items())
    random.shuffle(mixed)
    assert fingerprint_answers(of, "f", dict(mixed)) == fingerprint_answers(of, "f", answers)
