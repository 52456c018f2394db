import re
from pathlib import Path

import pytest
from marshmallow import Schema

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import (
    MatrixCells,
    QuestionnaireItemKind,
    ScoreRule,
    ScoreSide,
)
from portal.ethics.questionnaires.definition_schemas import (
    ChoiceIn,
    DutyIn,
    ItemIn,
    QuestionnaireIn,
    ReliefIn,
    ScoreIn,
    SectionIn,
    VerdictIn,
)
from portal.ethics.questionnaires.library_documents import TRAITS
from tests.ethics.questionnaires.definition_texts import is_well_written, words_of
from tests.ethics.questionnaires.sample_definitions import WIDE, small, wide, written


def test_a_definition_is_read_with_its_usual_values():
    made = small()
    assert [section.key for section in made.sections] == ["first", "second"]
    people = made.item("people")
    assert people is not None
    assert (people.kind, [one.value for one in people.choices]) == (
        QuestionnaireItemKind.YES_NO,
        ["yes", "no"],
    )
    assert made.dated.isoformat() == "2026-03-02"
    first = made.sections[0]
    assert made.next_section(first) == made.sections[1]
    assert made.next_section(made.sections[1]) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("key: small", "key: Small!", "key: is a lower-case name"),
        ("edition: 1", "edition: 0", "edition: Must be greater than or equal to 1"),
        ("dated: 2026-03-02", "dated: soon", "dated: Not a valid date."),
        ("dated: 2026-03-02", "colour: red", "colour: is not known here"),
        ("{fr: Petit, en: Small}", "{fr: Petit}", "title.en: Missing data"),
        ("{fr: Petit, en: Small}", "{fr: '', en: Small}", "title.fr: is empty"),
        ("rule: minimum", "rule: median", "score.rule: Must be one of: minimum, sum."),
        ("up_to: 1,", "up_to: 0.5,", "score: no band reaches 1, the greatest score"),
        ("up_to: 0,", "up_to: 1,", "score: bands do not rise"),
        ("key: second", "key: first", "first: this section is there twice"),
        ("key: cases", "key: tested", "tested: this item is there twice"),
        ("key: cases", "key: cases_note", "cases_note: its key ends with _note"),
        ("value: once", "value: never", "tested: never: this choice is there twice"),
        ("kind: text", "kind: poem", "sections.0.items.2.kind: Must be one of"),
        ("kind: number, whole", "kind: choice, whole", "cases: offers fewer than two choices"),
        ("item: people", "item: watched", "which: hangs on watched, which does not come before"),
        ('is: ["yes"]', "is: [perhaps]", "which: waits for perhaps, which people does not offer"),
        ("least: 0, most: 100", "least: 9, most: 1", "cases: its least is more than its most"),
        ("sections:", "traits: [loud]\nsections:", "traits: loud is not known"),
        ("sections:", "sections: [", "is no YAML"),
    ],
)
def test_a_fault_has_its_place_and_its_sentence(before, after, said):
    with pytest.raises(InvalidDefinition) as wrong:
        parse_definition(written((before, after)))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('version: "2.1"', "version: 2.1", "version: Not a valid string. (line 4)"),
        ('version: "2.1"', 'version: "2 1"', "version: is at most 20 digits"),
        ("key: phase", "key: 1st", "sections.0.items.0.key: is a name of at most 40"),
        ("value: item1,", "value: it em,", "sections.0.items.0.choices.0.value: is a name"),
        ("{value: a, weight: 1,", "{value: a, weight: 1e9,", "sections.0.items.1.choices.0.weight"),
        ("is: [item1]}]}}", "is: item1}]}}", "sections.0.items.1.sub.1.when: is no condition"),
        ("is: [item1]}]}}", "is: []}]}}", "sections.0.items.1.sub.1.when: is no condition"),
        ("{all: [", "{neither: [", "sections.0.items.1.sub.1.when: is no condition"),
        ("when: {item: fields, is: [a]}", "when: soon", "verdicts.1.when: is no condition"),
        ("percent: 15", "percent: 0", "score.relief.percent"),
        ("since: 2026-12-02", "since: soon", "duties.3.since: Not a valid date. (line 22)"),
        ("part: mitigation", "part: care", "sections.1.part: Must be one of: risk, mitigation."),
        ("cells: text", "cells: number", "sections.0.items.3.cells: Must be one of: tick, text."),
    ],
)
def test_a_fault_of_a_review_has_its_place_and_its_line(before, after, said):
    with pytest.raises(InvalidDefinition) as wrong:
        wide((before, after))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)
    assert "(line " in str(wrong.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("is: [item1]}]}}", "is: [item3]}]}}", "deeper: waits for item3, which phase does not offer"),
        ('{item: deep-1, is: ["yes"]}', "{item: table, is: [x]}", "deeper: hangs on table, which"),
        ("  - key: care", "  - key: risk", "risk: this section is there twice"),
        ("when: {item: phase, is: [item1]}", "when: {item: phase, is: [a]}", "care: waits for a,"),
        ("when: {item: phase, is: [item1]}", "traits: [loud]", "care: traits: loud is not known"),
        ("{key: told,", "{key: fine,", "fine: this verdict is there twice"),
        ("{key: much,", "{key: always,", "always: this duty is there twice"),
        ("levels: [2]", "levels: [3]", "much: follows from level 3, which there is not"),
        ("levels: [2]", "levels: [0]", "much: follows from level 0, which there is not"),
        ("verdicts: [fine]", "verdicts: [none]", "when_fine: follows from none, which is no verdict"),
        ("is: [a]}", "is: [z]}", "told: waits for z, which fields does not offer"),
        ("is: [b]}", "is: [z]}", "dated: waits for z, which fields does not offer"),
        ("needed: 3", "needed: 6", "score: mitigation never reaches 6"),
        ("up_to: 14", "up_to: 13", "score: no band reaches 14, the greatest score"),
        ("passed_over: [elsewhere]", "passed_over: [fields]", "passed_over: fields is asked"),
        (", columns: [{value: x, label: {fr: X, en: X}}]", "", "words: is a matrix without rows or"),
        ("{value: r2, label", "{value: r1, label", "table: r1: this row is there twice"),
        (
            "kind: number,",
            "kind: number, rows: [{value: r1, label: {fr: Un, en: One}}],",
            "deeper: has rows, and asks for a number",
        ),
        ("{value: b,", "{value: a,", "fields: a: this choice is there twice"),
    ],
)
def test_what_no_part_alone_can_tell_is_told_by_its_key(before, after, said):
    with pytest.raises(InvalidDefinition) as wrong:
        wide((before, after))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)


def test_what_is_needed_or_reached_exactly_is_in_order():
    assert wide(("needed: 3", "needed: 5")).score.relief.needed == 5
    assert small(("least: 0, most: 100", "least: 9, most: 9")).item("cases").most == 9


def test_a_matrix_decides_nothing():
    with pytest.raises(InvalidDefinition, match="both: hangs on table, which is a matrix"):
        wide(("{key: both,", "{key: both, when: {item: table, is: [x]},"))


def test_a_sub_question_has_none_of_its_own():
    with pytest.raises(InvalidDefinition, match="under deep-1, which is a sub-question itself"):
        wide(("- {key: deep-1,", "- {key: deep-1, sub: [" + SUB + "],"))


SUB = "{key: below, kind: text, label: {fr: Sous, en: Below}}"


def test_a_review_is_read_with_its_usual_values():
    made = wide()
    assert (made.name, small().name) == ("wide-2.1", "small-1")
    cared = made.item("cared")
    assert cared is not None
    assert cared.note
    deep = made.item("deep-1")
    assert deep is not None
    assert (deep.under, deep.note) == ("fields", False)
    usual = wide((CHOICES_OF_CARED, ""), ("needed: 3", "needed: 2")).item("cared")
    assert usual is not None
    assert [one.value for one in usual.choices] == ["yes", "partly", "no", "not_applicable"]
    assert {one.weight for one in usual.choices} == {0}


CHOICES_OF_CARED = next(
    ", choices: " + line.split("choices: ")[1].removesuffix("}")
    for line in WIDE.splitlines()
    if "key: cared" in line
)


def test_a_name_that_stands_twice_is_told_and_not_chosen_between():
    with pytest.raises(InvalidDefinition, match=r"^label is there twice \(line 25\)$"):
        small(("{key: people, kind", "{key: people, label: {fr: A, en: A}, kind"))
    with pytest.raises(InvalidDefinition, match=r"^edition is there twice \(line 4\)\nfr is there"):
        small(("edition: 1", "edition: 1\nedition: 2"), ("{fr: Avant,", "{fr: A, fr: Avant,"))


def test_an_alias_that_holds_itself_ends():
    with pytest.raises(InvalidDefinition, match="repeats itself"):
        parse_definition("key: small\nsections: &all [*all]")
    for nothing in ("", "# nothing", "- a", "3"):
        with pytest.raises(InvalidDefinition, match="is no mapping"):
            parse_definition(nothing)


GUIDE = (Path(__file__).parents[3] / "docs/questionnaires.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_well_formed_and_well_written():
    text = GUIDE.split("```yaml\n")[1].split("```")[0]
    made = parse_definition(text, traits=TRAITS)
    assert (made.name, [item.key for item in made.items]) == ("tools-1", ["hosted", "where", "checked"])
    assert all(is_well_written(words) for words in words_of(made))


def test_the_guide_names_all_that_may_stand_in_a_file():
    def known(schema: type[Schema]) -> set[str]:
        return {field.data_key or name for name, field in schema().fields.items()}

    parts = (QuestionnaireIn, SectionIn, ItemIn, ChoiceIn, ScoreIn, ReliefIn, VerdictIn, DutyIn)
    told = {name for code in GUIDE.split("`")[1::2] for name in re.findall("[a-z_]+", code)}
    assert {name for part in parts for name in known(part)} - told == set()
    assert {*QuestionnaireItemKind, *TRAITS, *MatrixCells, *ScoreRule, ScoreSide.MITIGATION} <= told


def test_what_is_no_yaml_is_told_as_such():
    for text in ("dated: 2026-02-31", "[" * 5000, "a: [", "key: *nowhere"):
        with pytest.raises(InvalidDefinition, match="is no YAML"):
            parse_definition(text)


def test_all_faults_are_told_at_once_and_text_alone_is_no_definition():
    with pytest.raises(InvalidDefinition) as wrong:
        parse_definition(written(("edition: 1", "edition: 0"), ("kind: text", "kind: poem")))
    assert len(str(wrong.value).splitlines()) == 2
    with pytest.raises(InvalidDefinition, match="is no mapping"):
        parse_definition("just words")
