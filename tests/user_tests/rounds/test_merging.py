from hypothesis import given
from hypothesis import strategies as st

from portal.user_tests.rounds.merge_rules import (
    SentValue,
    join_value_marks,
    merge_values,
    split_value_marks,
    value_mark,
)

values = st.one_of(st.none(), st.integers(0, 9), st.text(max_size=5))


def test_what_nobody_else_touched_is_written():
    merged = merge_values({"notes": "a"}, {"notes": SentValue("b", value_mark("a"))})
    assert (merged.changes, merged.clashes) == ({"notes": "b"}, {})


def test_what_was_only_read_does_not_undo_what_somebody_wrote():
    merged = merge_values({"notes": "theirs"}, {"notes": SentValue("as read", value_mark("as read"))})
    assert (merged.changes, merged.clashes) == ({}, {})


def test_two_words_for_one_field_clash():
    merged = merge_values({"notes": "theirs"}, {"notes": SentValue("mine", value_mark("as read"))})
    assert (merged.changes, merged.clashes) == ({}, {"notes": "theirs"})


def test_two_who_write_the_same_agree():
    assert merge_values({"ease": 4}, {"ease": SentValue(4, value_mark(None))}).clashes == {}


def test_nothing_said_and_an_empty_text_are_the_same():
    assert merge_values({"notes": None}, {"notes": SentValue("", value_mark(""))}).changes == {}


@given(stored=values, typed=values, read=values)
def test_a_save_never_loses_a_word_that_its_author_has_not_read(stored, typed, read):
    merged = merge_values({"one": stored}, {"one": SentValue(typed, value_mark(read))})
    assert not (merged.changes and merged.clashes)
    if merged.changes:
        assert value_mark(stored) in {value_mark(read), value_mark(None)}
    if merged.clashes:
        assert merged.clashes["one"] == stored


@given(st.text(), st.integers(1, 5))
def test_marks_that_are_none_were_read_by_nobody(text, count):
    assert len(split_value_marks(text, count)) == count
    assert list(split_value_marks(join_value_marks(["a"] * count), count)) == [value_mark("a")] * count
