import pytest

from portal.questionnaires.definition import Kind
from portal.questionnaires.reading import WrongDefinition, read
from tests.questionnaires.told import small, written


def test_a_definition_is_read_with_its_usual_values():
    made = small()
    assert [section.key for section in made.sections] == ["first", "second"]
    people = made.item("people")
    assert people is not None
    assert (people.kind, [one.value for one in people.choices]) == (Kind.YES_NO, ["yes", "no"])
    assert made.dated.isoformat() == "2026-03-02"
    first = made.sections[0]
    assert made.after(first) == made.sections[1]
    assert made.after(made.sections[1]) is None


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
    with pytest.raises(WrongDefinition) as wrong:
        read(written((before, after)))
    assert any(line.startswith(said) for line in str(wrong.value).splitlines()), str(wrong.value)


def test_all_faults_are_told_at_once_and_text_alone_is_no_definition():
    with pytest.raises(WrongDefinition) as wrong:
        read(written(("edition: 1", "edition: 0"), ("kind: text", "kind: poem")))
    assert len(str(wrong.value).splitlines()) == 2
    with pytest.raises(WrongDefinition, match="is no mapping"):
        read("just words")
