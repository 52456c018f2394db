"""Stored editions: loaded, or answered for the first time."""

import pytest
from sqlalchemy import func, select

from portal.ethics.questionnaires import commands, library_documents, queries
from portal.ethics.questionnaires.definition_documents import InvalidDefinition
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import (
    DefinitionSource,
    find_built_in_source,
    fingerprint_text,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import (
    find_edition,
    find_questionnaire_by_name,
    get_definition,
    get_edition,
    get_questionnaire,
    list_latest_editions,
)
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from tests.ethics.questionnaires.sample_definitions import SMALL, WIDE, written

pytestmark = pytest.mark.usefixtures("app")

NEXT = written(("edition: 1", "edition: 2"), ("{fr: Petit, en: Small}", "{fr: Autre, en: Other}"))


def crpa() -> Questionnaire:
    return get_questionnaire("crpa")


def deeds() -> list[dict]:
    kept = select(AuditEvent).where(AuditEvent.action == commands.EDITION_STORED.code)
    return [line.facts for line in db.session.scalars(kept.order_by(AuditEvent.id))]


def test_what_is_loaded_is_offered_beside_what_comes_with_the_portal():
    assert find_questionnaire_by_name("small") is None
    row = commands.store_edition(DefinitionSource(SMALL))
    assert (row.key, row.edition, row.version) == ("small", 1, "1")
    offered = [one.name for one in list_latest_editions()]
    built_in = {definition.name for definition in library_documents.list_built_in_questionnaires()}
    assert set(offered) == built_in - {"ai_act-1"} | {"small-1"}  # the latest editions
    assert (offered[0], offered[-1]) == ("framing-1", "aia-1.0.1")  # comparisons come last
    assert find_questionnaire_by_name("small") is find_questionnaire_by_name("small-1") is get_definition(row)
    assert deeds() == [{"key": "small", "edition": 1}]


def test_a_new_edition_is_offered_and_the_old_one_kept_as_it_was():
    commands.store_edition(DefinitionSource(SMALL))
    commands.store_edition(DefinitionSource(NEXT))
    assert [one.title.fr for one in list_latest_editions() if one.key == "small"] == ["Autre"]
    assert get_questionnaire("small").edition == 2
    assert get_questionnaire("small", 1).title.fr == "Petit"
    assert find_questionnaire_by_name("small-1").title.fr == "Petit"
    with pytest.raises(NotFound):
        get_questionnaire("small", 3)
    with pytest.raises(NotFound):
        get_questionnaire("nothing")


def test_the_same_text_again_changes_nothing_and_other_words_are_refused():
    first = commands.store_edition(DefinitionSource(SMALL))
    again = commands.store_edition(DefinitionSource(SMALL.replace("\n", "\r\n")))
    assert again is first
    with pytest.raises(RuleBroken, match=r"L’édition 1 de «.small.» existe déjà"):
        commands.store_edition(DefinitionSource(SMALL.replace("Petit", "Autre")))
    text = find_built_in_source("crpa", 1).text
    with pytest.raises(RuleBroken):
        commands.store_edition(DefinitionSource(text.replace("Les quatre conditions", "Quatre conditions")))
    assert find_edition("crpa", 1) is None
    assert len(deeds()) == 1


def test_a_wrong_definition_is_not_loaded():
    with pytest.raises(InvalidDefinition, match="edition"):
        commands.store_edition(DefinitionSource(SMALL.replace("edition: 1", "edition: 0")))
    assert db.session.scalar(select(func.count(QuestionnaireEdition.id))) == 0


def test_the_first_who_answers_keeps_the_edition_and_the_next_find_it():
    row = commands.get_or_insert_edition(crpa())
    assert commands.get_or_insert_edition(crpa()) is row
    assert row.fingerprint == find_built_in_source("crpa", 1).fingerprint == fingerprint_text(row.text)
    assert get_definition(row) is crpa()
    assert get_edition("crpa", 1) is row
    assert deeds() == [{"key": "crpa", "edition": 1}]
    loaded = commands.store_edition(DefinitionSource(WIDE))
    assert (loaded.version, commands.get_or_insert_edition(get_definition(loaded))) == ("2.1", loaded)
    with pytest.raises(NotFound):
        get_edition("bias", 1)


def test_who_begins_at_the_same_moment_finds_the_row_of_the_other(monkeypatch):
    row = commands.get_or_insert_edition(crpa())
    monkeypatch.setattr(commands, "find_edition", lambda *_: None)  # as in a concurrent transaction
    assert commands.get_or_insert_edition(crpa()) is row
    assert len(deeds()) == 1


def test_what_is_neither_loaded_nor_built_in_cannot_be_kept():
    with pytest.raises(LookupError):
        commands.get_or_insert_edition(DefinitionSource(SMALL).definition)


def test_an_edition_is_read_as_it_was_kept_even_when_its_file_changed(monkeypatch):
    row = commands.get_or_insert_edition(crpa())
    other = DefinitionSource(find_built_in_source("crpa", 1).text.replace("Les quatre conditions", "Quatre"))
    monkeypatch.setattr(queries, "find_built_in_source", lambda *_: other)
    monkeypatch.setattr(queries, "_definitions", {})
    db.session.expire_all()
    assert get_definition(row).sections[0].title.fr == "Les quatre conditions"
    assert get_questionnaire("crpa").sections[0].title.fr == "Les quatre conditions"


def test_what_was_read_once_is_not_asked_of_the_database_again(statements, monkeypatch):
    row = commands.store_edition(DefinitionSource(SMALL))
    monkeypatch.setattr(queries, "_definitions", {})
    assert get_definition(row).key == "small"
    db.session.expire_all()
    again = get_edition("small", 1)
    before = len(statements)
    assert get_definition(again).key == "small"
    assert len(statements) == before
    built = commands.get_or_insert_edition(crpa())
    db.session.expire_all()
    found = get_edition("crpa", 1)
    before = len(statements)
    assert found is built
    assert get_definition(found).key == "crpa"  # parsed from its file, which is the same
    assert len(statements) == before
