"""The fields of an item hold its answer and return it unchanged."""

import pytest
from werkzeug.datastructures import MultiDict

from portal.ethics.questionnaires.answer_labels import describe_condition, format_answer
from portal.ethics.questionnaires.definition_rules import Questionnaire, QuestionnaireItem
from portal.ethics.questionnaires.field_forms import (
    SectionForm,
    cell_field_name,
    make_filled_form,
    make_item_fields,
    make_section_form_class,
    make_section_form_classes,
)
from portal.ethics.questionnaires.library_documents import list_built_in_questionnaires
from tests.ethics.questionnaires.sample_definitions import small, wide

TOLD = {
    "phase": "item1",
    "fields": ["a", "c"],
    "deep-1": "yes",
    "deeper": 3.0,
    "table": {"r1": ["x", "y"]},
    "words": {"r2": {"x": "Dit."}},
    "cared": "partly",
    "cared_note": "Ainsi.",
    "both": ["y"],
}


@pytest.fixture
def asking(app):
    with app.test_request_context():
        yield


def all_of(of: Questionnaire) -> type[SectionForm]:
    return make_section_form_class(of, "all", list(of.items))


def sent(form: SectionForm) -> MultiDict:
    """What a browser submits for an unchanged form."""
    found = MultiDict({"version": "1"})
    for field in form:
        held = field.data if isinstance(field.data, list) else [field.data]
        for one in held:
            if field.name not in {"csrf_token", "version"} and one is not None:
                found.add(field.name, str(one))
    return found


@pytest.mark.usefixtures("asking")
def test_answers_of_every_kind_are_held_and_given_back():
    for of, told in (
        (wide(), TOLD),
        (
            small(),
            {
                "tested": "once",
                "people": "yes",
                "which": "Agents",
                "cases": 60,
                "day": "2026-03-02",
                "place": "https://demo.example/",
            },
        ),
    ):
        form = make_filled_form(all_of(of), told, 1)
        assert form.answers() == told
        again = all_of(of)(formdata=sent(form), meta={"csrf": False})
        assert again.validate(), again.errors
        assert again.answers() == told


@pytest.mark.usefixtures("asking")
def test_nothing_said_is_no_answer():
    assert make_filled_form(all_of(wide()), {}, 1).answers() == {}
    bare = all_of(wide())(formdata=MultiDict({"version": "1"}), meta={"csrf": False})
    assert bare.validate(), bare.errors
    assert bare.answers() == {}


@pytest.mark.usefixtures("asking")
def test_what_is_not_offered_is_refused_beside_its_field():
    kind = all_of(wide())
    table, words = wide().item("table"), wide().item("words")
    assert table is not None
    assert words is not None
    cell = cell_field_name(words, words.rows[0], words.choices[0])
    typed = {"a_fields": "d", cell_field_name(table, table.rows[0]): "z", cell: "x" * 1001, "version": "1"}
    form = kind(formdata=MultiDict(typed), meta={"csrf": False})
    assert not form.validate()
    assert {field.name for field in form.faults} == {*typed} - {"version"}


@pytest.mark.usefixtures("asking")
def test_a_form_may_ask_one_item_and_every_section_has_one():
    cared = wide().item("cared")
    assert cared is not None
    one = make_filled_form(make_section_form_class(wide(), "cared", [cared]), TOLD, 1)
    assert one.answers() == {"cared": "partly", "cared_note": "Ainsi."}
    for of in list_built_in_questionnaires():
        forms = make_section_form_classes(of)
        assert [*forms] == [section.key for section in of.sections]
        assert all(not make_filled_form(kind, {}, 1).answers() for kind in forms.values())


@pytest.mark.usefixtures("asking")
def test_an_item_has_its_fields_in_order_each_with_a_label_of_its_own():
    form = make_filled_form(all_of(wide()), TOLD, 1)
    told = {
        item.key: [
            (field.name, str(field.label.text)) for field in map(form.__getitem__, make_item_fields(item))
        ]
        for item in wide().items
    }
    assert told["phase"] == [("a_phase", "Phase")]
    assert told["cared"] == [("a_cared", "Veille-t-on"), ("a_cared_note", "Remarque\u00a0: Veille-t-on")]
    assert told["table"] == [("a_table__r1", "Tableau\u00a0: Un"), ("a_table__r2", "Tableau\u00a0: Deux")]
    assert told["words"] == [("a_words__r1__x", "Un\u00a0: X"), ("a_words__r2__x", "Deux\u00a0: X")]


@pytest.mark.usefixtures("asking")
def test_answers_are_shown_in_words():
    def read(key: str, answer: object) -> str:
        item: QuestionnaireItem | None = wide().item(key)
        return format_answer(item, answer)  # type: ignore[arg-type]

    assert read("fields", ["a", "c"]) == "A, C"
    assert read("fields", ["gone"]) == "gone"  # of a former edition
    assert read("table", {"r1": ["x", "y"], "r2": ["x"]}) == "Un\u00a0: X, Y\nDeux\u00a0: X"
    assert read("words", {"r1": {"x": "Dit."}}) == "Un\u00a0: X\u00a0: Dit."
    assert read("cared", "partly") == "En partie"
    assert read("deeper", 1234.5) == "1\u202f234,5"
    assert read("nowhere", ["a"]) == "['a']"
    assert (format_answer(None, None), format_answer(wide().item("fields"), None)) == ("", "")


@pytest.mark.usefixtures("asking")
def test_when_an_item_is_asked_is_told_in_words():
    of = wide()
    keys = {item.key: item for item in of.items}
    assert describe_condition(of, keys["phase"].when) == ""
    assert describe_condition(of, of.sections[1].when) == "«\u00a0Phase\u00a0»\u00a0: Un"
    domains = "«\u00a0Domaines\u00a0»\u00a0: A, B"
    assert describe_condition(of, keys["deep-1"].when) == f"{domains} ou «\u00a0Phase\u00a0»\u00a0: Deux"
    assert describe_condition(of, keys["deeper"].when).count(" et ") == 1
