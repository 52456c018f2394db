import re
from pathlib import Path

import pytest
from marshmallow import Schema

from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import (
    MatrixCellContent,
    QuestionnaireItemKind,
    RiskOrMitigation,
    ScoreRule,
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
        ("key: small", "key: Small!", "key: est un nom en minuscules"),
        ("edition: 1", "edition: 0", "edition: va de 1 à 999"),
        ("dated: 2026-03-02", "dated: soon", "dated: n’est pas une date"),
        ("dated: 2026-03-02", "colour: red", "colour: n’est pas connu ici"),
        ("{fr: Petit, en: Small}", "{fr: Petit}", "title.en: manque"),
        ("{fr: Petit, en: Small}", "{fr: '', en: Small}", "title.fr: est vide"),
        ("rule: minimum", "rule: median", "score.rule: est l’un de ceux-ci : minimum, sum"),
        ("up_to: 1,", "up_to: 0.5,", "score: aucun palier n’atteint 1, le plus grand score"),
        ("up_to: 0,", "up_to: 1,", "score: les paliers ne montent pas"),
        ("key: second", "key: first", "first: cette section est là deux fois"),
        ("key: cases", "key: tested", "tested: cette question est là deux fois"),
        ("key: cases", "key: cases_note", "cases_note: sa clé finit par _note"),
        ("value: once", "value: never", "tested: never: ce choix est là deux fois"),
        ("kind: text", "kind: poem", "sections.0.items.2.kind: est l’un de ceux-ci"),
        ("kind: number, whole", "kind: choice, whole", "cases: offre moins de deux choix"),
        ("item: people", "item: watched", "which: dépend de watched, qui ne vient pas avant"),
        ('is: ["yes"]', "is: [perhaps]", "which: attend perhaps, que people n’offre pas"),
        ("least: 0, most: 100", "least: 9, most: 1", "cases: son minimum dépasse son maximum"),
        ("sections:", "traits: [loud]\nsections:", "traits: loud n’est pas connu"),
        ("sections:", "sections: [", "n’est pas du YAML"),
    ],
)
def test_a_fault_has_its_place_and_its_sentence(before, after, said):
    with pytest.raises(InvalidDefinition) as wrong:
        parse_definition(written((before, after)))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('version: "2.1"', "version: 2.1", "version: n’est pas un texte (ligne 4)"),
        ('version: "2.1"', 'version: "2 1"', "version: a 20 chiffres"),
        ("key: phase", "key: 1st", "sections.0.items.0.key: est un nom de 40"),
        ("value: item1,", "value: it em,", "sections.0.items.0.choices.0.value: est un nom"),
        ("{value: a, weight: 1,", "{value: a, weight: 1e9,", "sections.0.items.1.choices.0.weight"),
        ("is: [item1]}]}}", "is: item1}]}}", "sections.0.items.1.sub.1.when: n’est pas une condition"),
        ("is: [item1]}]}}", "is: []}]}}", "sections.0.items.1.sub.1.when: n’est pas une condition"),
        ("{all: [", "{neither: [", "sections.0.items.1.sub.1.when: n’est pas une condition"),
        ("when: {item: fields, is: [a]}", "when: soon", "verdicts.1.when: n’est pas une condition"),
        ("percent: 15", "percent: 0", "score.relief.percent"),
        ("since: 2026-12-02", "since: soon", "duties.3.since: n’est pas une date (ligne 22)"),
        ("part: mitigation", "part: care", "sections.1.part: est l’un de ceux-ci : risk, mitigation"),
        ("cells: text", "cells: number", "sections.0.items.3.cells: est l’un de ceux-ci : tick, text"),
    ],
)
def test_a_fault_of_a_review_has_its_place_and_its_line(before, after, said):
    with pytest.raises(InvalidDefinition) as wrong:
        wide((before, after))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)
    assert "(ligne " in str(wrong.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("is: [item1]}]}}", "is: [item3]}]}}", "deeper: attend item3, que phase n’offre pas"),
        ('{item: deep-1, is: ["yes"]}', "{item: table, is: [x]}", "deeper: dépend de table, qui"),
        ("  - key: care", "  - key: risk", "risk: cette section est là deux fois"),
        ("when: {item: phase, is: [item1]}", "when: {item: phase, is: [a]}", "care: attend a,"),
        ("when: {item: phase, is: [item1]}", "traits: [loud]", "care: traits: loud n’est pas connu"),
        ("{key: told,", "{key: fine,", "fine: cette conclusion est là deux fois"),
        ("{key: much,", "{key: always,", "always: ce devoir est là deux fois"),
        ("levels: [2]", "levels: [3]", "much: suit du niveau 3, qui n’existe pas"),
        ("levels: [2]", "levels: [0]", "much: suit du niveau 0, qui n’existe pas"),
        ("verdicts: [fine]", "verdicts: [none]", "when_fine: suit de none, qui n’est pas une conclusion"),
        ("is: [a]}", "is: [z]}", "told: attend z, que fields n’offre pas"),
        ("is: [b]}", "is: [z]}", "dated: attend z, que fields n’offre pas"),
        ("needed: 3", "needed: 6", "score: l’atténuation n’atteint jamais 6"),
        ("up_to: 14", "up_to: 13", "score: aucun palier n’atteint 14, le plus grand score"),
        ("passed_over: [elsewhere]", "passed_over: [fields]", "passed_over: fields est demandée"),
        (", columns: [{value: x, label: {fr: X, en: X}}]", "", "words: est une matrice sans lignes ou"),
        ("{value: r2, label", "{value: r1, label", "table: r1: cette ligne est là deux fois"),
        (
            "kind: number,",
            "kind: number, rows: [{value: r1, label: {fr: Un, en: One}}],",
            "deeper: a des lignes, et demande « number »",
        ),
        ("{value: b,", "{value: a,", "fields: a: ce choix est là deux fois"),
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
    with pytest.raises(InvalidDefinition, match="both: dépend de table, qui est une matrice"):
        wide(("{key: both,", "{key: both, when: {item: table, is: [x]},"))


def test_a_sub_question_has_none_of_its_own():
    with pytest.raises(InvalidDefinition, match="sous deep-1, qui est déjà une sous-question"):
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
    with pytest.raises(InvalidDefinition, match=r"^label est là deux fois \(ligne 25\)$"):
        small(("{key: people, kind", "{key: people, label: {fr: A, en: A}, kind"))
    with pytest.raises(InvalidDefinition, match=r"^edition est là deux fois \(ligne 4\)\nfr est là"):
        small(("edition: 1", "edition: 1\nedition: 2"), ("{fr: Avant,", "{fr: A, fr: Avant,"))


def test_an_alias_that_holds_itself_ends():
    with pytest.raises(InvalidDefinition, match="se répète"):
        parse_definition("key: small\nsections: &all [*all]")
    for nothing in ("", "# nothing", "- a", "3"):
        with pytest.raises(InvalidDefinition, match="n’est pas un ensemble"):
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
    assert {
        *QuestionnaireItemKind,
        *TRAITS,
        *MatrixCellContent,
        *ScoreRule,
        RiskOrMitigation.MITIGATION,
    } <= told


def test_what_is_no_yaml_is_told_as_such():
    for text in ("dated: 2026-02-31", "[" * 5000, "a: [", "key: *nowhere"):
        with pytest.raises(InvalidDefinition, match="n’est pas du YAML"):
            parse_definition(text)


def test_a_line_that_is_no_yaml_is_told_with_what_to_look_for():
    with pytest.raises(InvalidDefinition, match=r"ligne 2, ou juste avant.*: un retrait, un deux-points"):
        parse_definition("a: 1\n b: [")


def test_all_faults_are_told_at_once_and_text_alone_is_no_definition():
    with pytest.raises(InvalidDefinition) as wrong:
        parse_definition(written(("edition: 1", "edition: 0"), ("kind: text", "kind: poem")))
    assert len(str(wrong.value).splitlines()) == 2
    with pytest.raises(InvalidDefinition, match="n’est pas un ensemble"):
        parse_definition("just words")
