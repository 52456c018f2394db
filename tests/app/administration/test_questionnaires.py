"""Questionnaires on a page: check, compare, load; and the test mail."""

from dataclasses import replace

import pytest

from portal.ethics.questionnaires import library_documents, queries
from portal.ethics.questionnaires.definition_rules import BilingualText
from portal.ethics.questionnaires.detail_change_labels import (
    PLACES,
    format_before_and_after,
    label_detail_change,
)
from portal.ethics.questionnaires.detail_change_rules import QuestionnairePartKind, list_detail_changes
from portal.ethics.questionnaires.library_documents import find_built_in_source
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from tests.support.browser import words_of
from tests.support.trail import last_event

OTHER = BilingualText("Autre", "Other")
URL = "/administration/questionnaires"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


def test_a_new_edition_is_checked_compared_and_offered(admin, browser_for):
    desk = browser_for(admin)
    definition = library_documents.find_built_in_by_name("framing")
    label = next(iter(definition.items)).label.fr
    text = (
        find_built_in_source("framing", 1)
        .text.replace("edition: 1", "edition: 2", 1)
        .replace(label, f"{label} Bis", 1)
    )
    page = desk.submit(f"{URL}/check", text=text)
    words = words_of(page)
    assert "bien formé" in words
    assert "les mots changent" in words
    assert queries.find_edition("framing", 2) is None
    checked = page.select_one("form[action$='/administration/questionnaires'] textarea").text
    desk.submit(URL, text=checked, form_key="k")
    assert queries.find_edition("framing", 2) is not None
    assert (last_event().action, last_event().actor_id) == ("questionnaire.kept", admin.id)
    assert "édition 2" in words_of(desk.submit(f"{URL}/check", text=checked))
    other = checked.replace(" Bis", " Ter")
    assert "existe déjà" in words_of(desk.submit(URL, text=other, form_key="l", expect=422))


def test_the_same_edition_asks_the_same(admin, browser_for):
    text = find_built_in_source("framing", 1).text
    desk = browser_for(admin)
    page = desk.submit(f"{URL}/check", text=text)
    assert "Cette édition est déjà chargée" in words_of(page)
    assert not page.select("form[action$='/administration/questionnaires'] textarea"), "no button"
    words = words_of(desk.submit(URL, text=text, form_key="k", expect=422))
    assert "est déjà chargée" in words
    page = desk.submit(f"{URL}/check", text=text.replace("edition: 1", "edition: 2", 1))
    assert "mot pour mot" in words_of(page)


@pytest.mark.parametrize("name", [each.name for each in library_documents.list_built_in_questionnaires()])
def test_every_value_that_differs_is_named_with_what_it_was(app, name):
    """Each text of a built-in edition, changed alone, is found; both texts are shown."""
    former = library_documents.find_built_in_by_name(name)
    section = former.sections[0]
    changed = [
        (QuestionnairePartKind.WHOLE, replace(former, about=OTHER)),
        (
            QuestionnairePartKind.SECTION,
            replace(former, sections=(replace(section, about=OTHER), *former.sections[1:])),
        ),
    ]
    item = replace(section.items[0], label=OTHER)
    first = replace(section, items=(item, *section.items[1:]))
    changed.append((QuestionnairePartKind.QUESTION, replace(former, sections=(first, *former.sections[1:]))))
    for place, parts in ((QuestionnairePartKind.VERDICT, "verdicts"), (QuestionnairePartKind.DUTY, "duties")):
        held = getattr(former, parts)
        for other in [(replace(held[0], title=OTHER), *held[1:]), held[1:]] if held else []:
            changed.append((place, replace(former, **{parts: other})))
    with app.test_request_context():
        for place, other in changed:
            changes = list_detail_changes(former, other)
            assert [change.place for change in changes] == [place]
            before, after = format_before_and_after(changes[0], former, other)
            assert before != after
            assert label_detail_change(changes[0]).startswith(str(PLACES[place]))
    assert list_detail_changes(former, former) == []


def test_a_changed_presentation_shows_both_texts(admin, browser_for):
    former = library_documents.find_built_in_by_name("framing")
    line = former.about.fr.split(".")[0].split()[0]
    text = find_built_in_source("framing", 1).text.replace("edition: 1", "edition: 2", 1)
    page = browser_for(admin).submit(f"{URL}/check", text=text.replace(line, "Autrement", 1))
    assert former.about.fr in page.select_one("section[aria-labelledby=result] del").text
    assert page.select_one("section[aria-labelledby=result] ins").text.startswith("Autrement")


def test_a_text_that_does_not_hold_is_named_and_not_loaded(admin, browser_for):
    desk = browser_for(admin)
    for text in ("key: essai", "- a\n- b", "a: [", "a: &x [1]\nb: *x", "&a [*a]", BOMB):
        page = desk.submit(f"{URL}/check", text=text)
        assert page.select("section[aria-labelledby=result] li")
        desk.submit(URL, text=text, form_key=text, expect=422)


def test_what_is_wrong_is_said_in_the_readers_language_and_in_english_by_the_command(
    admin, browser_for, app, tmp_path
):
    desk, file = browser_for(admin), tmp_path / "essai.yaml"
    file.write_text("key: essai")
    result = "section[aria-labelledby=result]"
    page = desk.submit(f"{URL}/check", text=file.read_text())
    assert "edition: manque (ligne 1)dated: manque (ligne 1)" in words_of(page.select_one(result))
    desk.open("/language", method="POST", data={"locale": "en"})
    page = desk.submit(f"{URL}/check", text=file.read_text())
    assert "edition: is missing (line 1)" in words_of(page.select_one(result))
    done = app.test_cli_runner().invoke(args=["questionnaire", "check", str(file)])
    assert done.exit_code == 1
    assert "edition: is missing (line 1)" in done.output


def test_a_test_mail_goes_to_whoever_asks(admin, browser_for):
    page = browser_for(admin).submit("/administration/mail-test")
    (row,) = db.session.query(OutboxMessage).all()
    assert (row.kind, row.address) == ("mail-test", admin.email)
    assert last_event().action == "installation.mail_tested"
    assert "Courriel d’essai" in words_of(page)
