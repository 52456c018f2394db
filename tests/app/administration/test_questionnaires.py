"""Questionnaires on a page: check, compare, load; and the test mail."""

from portal.ethics.questionnaires import library_documents, queries
from portal.ethics.questionnaires.library_documents import find_source
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from tests.support.browser import words_of
from tests.support.trail import last_event

URL = "/administration/questionnaires"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


def test_a_new_edition_is_checked_compared_and_offered(admin, browser_for):
    desk = browser_for(admin)
    definition = library_documents.find_by_name("framing")
    label = next(iter(definition.items)).label.fr
    text = (
        find_source("framing", 1)
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
    text = find_source("framing", 1).text
    page = browser_for(admin).submit(f"{URL}/check", text=text)
    assert "Elle demande la même chose" in words_of(page)


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
