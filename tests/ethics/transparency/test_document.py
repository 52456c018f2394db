"""The content of a sheet, in both languages; it names no person."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content, join_sheet_texts
from portal.ethics.transparency.field_rules import FIELDS, TransparencySectionKind, list_missing_fields
from portal.ethics.transparency.models import TransparencyPartKind
from portal.ethics.transparency.queries import RowSelection, get_draft, read_sheet_facts
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import project_file, risks, transparency, user_tests

NAMES = sorted({name for field in FIELDS for name in field.names.values()})
values = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def made(actor, project, **chosen):
    written = get_draft(project)
    if chosen:
        written = replace(written, choice=RowSelection(**chosen))
    return build_bilingual_sheet(read_sheet_facts(actor, project), written)


def part(sheet, section):
    return next(one for one in sheet["parts"] if one["key"] == section)


def answer(sheet, section, key):
    return next(one for one in part(sheet, section)["answers"] if one["key"] == key)


@pytest.fixture
def told(project, person, member):
    """Rows of each kind, and people who must not appear."""
    make.comment(project.discussion_id, person, body="Un mot du coach")
    project_file.one_of_each(project)
    user_tests.one_of_each(project, person)
    risk = risks.risk(project, what="Écarté à tort", likelihood=4, severity=4)
    risks.in_place(risk, person, what="Relire chaque refus")
    risks.mitigation(risk, what="Pas encore fait", owner_id=person.id)
    risks.closed(project, person, what="Un risque clos")
    for each in (TransparencyPartKind.PUBLIC, TransparencyPartKind.EXPERTS):
        transparency.written(project, each)
    return made(member, project)


def test_both_languages_say_the_same_things(told):
    french, english = told["fr"], told["en"]
    assert (french["title"], english["title"]) == ("Trier les demandes", "Sorting requests")
    for one, other in zip(french["parts"], english["parts"], strict=True):
        assert (one["key"], one["tier"]) == (other["key"], other["tier"])
        keys = [[each["key"] for each in sheet["answers"]] for sheet in (one, other)]
        assert keys[0] == keys[1]
        sizes = [[(each["key"], len(each["rows"])) for each in sheet["tables"]] for sheet in (one, other)]
        assert sizes[0] == sizes[1]
        assert one["title"] != other["title"]
    assert [one["tier"] for one in french["parts"]] == [1, 2, 2, 2, 2, 2]


def test_each_field_of_the_team_stands_once_in_its_language(told):
    for language in ("fr", "en"):
        said = {one["key"]: one for each in told[language]["parts"] for one in each["answers"]}
        for field in FIELDS:
            if field.key != "website":  # left out when empty
                assert said[field.key]["text"] == field.names[language]
                assert said[field.key]["language"] == language


def test_objects_fill_their_part(told):
    tool, dangers = (
        part(told["fr"], TransparencySectionKind.TOOL),
        part(told["fr"], TransparencySectionKind.RISKS),
    )
    assert {table["key"] for table in tool["tables"]} >= {"sources"}
    assert "participation" in answer(told["fr"], TransparencySectionKind.TOOL, "tests")["text"]
    assert "Version 2" in answer(told["fr"], TransparencySectionKind.TOOL, "version")["text"]
    ((what, _whom, before, now, done),) = dangers["tables"][0]["rows"]
    assert (what, before, now, done) == ("Écarté à tort", "Élevé", "Élevé", "Relire chaque refus")
    assert part(told["en"], TransparencySectionKind.RISKS)["tables"][0]["rows"][0][2] == "High"
    assert answer(told["en"], TransparencySectionKind.RATIONALE, "problem")["language"] == "fr"


def test_nobody_is_in_it(told, project, person):
    kept = json.dumps(told, ensure_ascii=False)
    for secret in (person.name, person.email, "Un mot du coach", "Pas encore fait", "P1"):
        assert secret not in kept
    assert "Un risque clos" not in kept
    assert "La légende n’est pas vue." not in kept


def test_what_is_written_in_one_language_alone_stands_in_the_other_and_says_so(project, member):
    transparency.written(project, summary__en="")
    english = made(member, project)["en"]
    summary = answer(english, TransparencySectionKind.OVERVIEW, "summary")
    assert (summary["text"], summary["language"]) == ("summary.fr", "fr")
    assert answer(english, TransparencySectionKind.TOOL, "limits") == {
        "key": "limits",
        "name": "Known limits",
        "text": "Not provided.",
        "language": "en",
        "is_missing": True,
    }


def test_an_empty_project_has_a_sheet_too(project, member):
    empty = made(member, project)
    assert all(not each["tables"] for each in empty["fr"]["parts"])
    needed = [(field.key, language) for field, language in list_missing_fields({}, only_needed=True)]
    assert needed == [
        ("summary", "fr"),
        ("summary", "en"),
        ("recourse", "fr"),
        ("recourse", "en"),
        ("contact", ""),
    ]
    assert not list_missing_fields(dict.fromkeys(NAMES, "x"))


def test_what_was_not_chosen_is_counted_and_not_shown(project, member, told):
    chosen = made(member, project, sources=[], risks=[])
    assert "1 risque" in answer(chosen["fr"], TransparencySectionKind.RISKS, "risks_left")["text"]
    assert "source" in answer(chosen["fr"], TransparencySectionKind.TOOL, "sources_left")["text"]
    assert "Écarté à tort" not in join_sheet_texts(chosen)
    assert not part(chosen["fr"], TransparencySectionKind.RISKS)["tables"]


def test_a_risk_noted_after_a_choice_waits_to_be_chosen(project, member, told):
    risks.risk(project, what="Nouveau risque")
    assert "Nouveau risque" in join_sheet_texts(made(member, project))
    assert "Nouveau risque" not in join_sheet_texts(made(member, project, risks=[1]))


@given(values, values)
def test_a_fingerprint_is_of_what_is_said_and_not_of_how_it_is_kept(one, other):
    whole = {"a": one, "b": other}
    turned = json.loads(json.dumps({"b": other, "a": one}))
    assert fingerprint_content(whole) == fingerprint_content(turned)
    assert fingerprint_content(whole | {"c": 0}) != fingerprint_content(whole)


def test_a_demonstration_says_that_it_is_one(project, member):
    project.paused_on = date(2026, 3, 2)
    db.session.commit()
    assert made(member, project)["fr"]["note"] == ""
    programme = db.session.get(type(make.programme()), project.programme_id)
    programme.is_demonstration = True
    db.session.commit()
    assert "démonstration" in made(member, project)["fr"]["note"]
    assert "pause" in answer(made(member, project)["fr"], TransparencySectionKind.OVERVIEW, "state")["text"]
