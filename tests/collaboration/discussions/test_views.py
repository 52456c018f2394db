"""Pages of a sprint's discussion, with and without htmx."""

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions import commands, queries
from portal.collaboration.discussions.models import COMMENT_MAX, Mention
from portal.platform.kernel.database import db
from tests.collaboration.discussions.conftest import Table, thread_of
from tests.collaboration.discussions.pages import BrowserFor, comment_path, fields, said, send, stored
from tests.support import factories
from tests.support.browser import words_of


def test_an_empty_discussion_says_what_belongs_there(table: Table, browser_for: BrowserFor) -> None:
    page = browser_for(table.agent).visit(table.path)
    assert "Personne n’a encore écrit ici" in words_of(page.select_one("#discussion"))


def test_lists_of_messages_show_the_names_of_those_mentioned(table: Table, browser_for: BrowserFor) -> None:
    table.start(table.coach, "@awa.diallo 38 objets. Et @camille.roux.")
    here = f"/projects/{table.project.slug}"
    for path in (f"{here}/unread", f"{here}/threads"):
        listed = words_of(browser_for(table.agent).visit(path).main)
        assert "@Awa Diallo 38 objets. Et @Camille Roux." in listed


def test_a_discussion_is_one_line_unless_something_is_new_or_sought(
    table: Table, browser_for: BrowserFor
) -> None:
    browser = browser_for(table.agent)
    fold = browser.visit(table.path).select_one("#conversation > details")
    assert not fold.has_attr("open")
    assert words_of(fold.summary) == "Discussion aucun message · écrire"
    comment = table.start(table.coach)
    fold = browser.visit(table.path).select_one("#conversation > details")
    assert fold.has_attr("open")
    assert words_of(fold.summary) == "Discussion 1 message, 1 non lu · écrire"
    fold = browser.visit(table.path).select_one("#conversation > details")
    assert not fold.has_attr("open")
    assert words_of(fold.summary) == "Discussion 1 message · écrire"
    sought = browser.visit(comment_path(comment)).select_one("#conversation > details")
    assert sought.has_attr("open")


def test_who_may_be_mentioned_is_listed_and_suggested(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    path = browser.visit(table.path).select_one("textarea")["data-people"]
    listed = words_of(browser.visit(path).main)
    assert "@Camille Roux, Coach" in listed
    assert table.agent.name not in listed
    assert table.outsider.name not in listed
    asking = browser.with_htmx()
    [suggested] = asking.visit(f"{path}?q=ROU").select("[role=option]")
    assert suggested["data-handle"] == "camille.roux"
    assert words_of(suggested) == "Camille Roux Coach"
    [by_role] = asking.visit(f"{path}?q=coa").select("[role=option]")
    assert by_role["data-handle"] == "camille.roux"
    nobody = asking.visit(f"{path}?q=xyz")
    assert not nobody.select("[role=option]")
    assert nobody.select_one("[data-announce]")


def test_whoever_edits_reads_the_names_of_those_mentioned(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent, "Vu avec @Camille Roux.")
    assert comment.body == "Vu avec @camille.roux."
    page = browser_for(table.agent).visit(comment_path(comment, "/edit"))
    assert page.select_one("#conversation textarea[name=body]").text.strip() == "Vu avec @Camille Roux."


def test_a_quotation_is_in_the_reply_and_mentions_nobody(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.coach, "Avez-vous mesuré, @awa.diallo ?")
    browser = browser_for(table.agent)
    page = browser.visit(comment_path(comment, "/quote"))
    _to, held = fields(page, "/comments")
    [text] = [value for name, value in held.items() if name.endswith("body")]
    assert text.startswith("> **Camille Roux**\n>\n> Avez-vous mesuré, @Awa Diallo")
    assert page.select_one(f"#reply-{comment.thread_id}-body").text.endswith(
        "?\n\n"
    )  # one types on below the quotation
    assert browser.open(comment_path(comment, "/quote")).location.endswith(f"#reply-{comment.thread_id}-body")
    db.session.execute(sa.delete(Mention))
    db.session.commit()
    send(browser, page, "/comments", f"{text}\n\nOui.")
    assert db.session.scalars(sa.select(Mention)).all() == []


def test_a_comment_is_typed_read_and_answered(table: Table, browser_for: BrowserFor) -> None:
    coach, agent = browser_for(table.coach), browser_for(table.agent)
    page = send(coach, coach.visit(table.path), "/threads", "Avez-vous **mesuré**, @awa.diallo ?")
    assert page.select_one("#discussion article strong").text == "mesuré"
    assert page.select_one("#discussion article .mention").text == "@Awa Diallo"
    page = send(agent, agent.visit(table.path), "/comments", "Oui, deux minutes.")
    assert len(said(page)) == 2
    assert len({comment.thread_id for comment in stored()}) == 1


def test_htmx_gets_the_discussion_alone_and_a_browser_the_page(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    fragment = send(browser.with_htmx(), page, "/threads", "Voilà.")
    assert fragment.html is None
    assert [tag.get("id") for tag in fragment.find_all(recursive=False)] == ["conversation"]
    assert fragment.select_one("[data-announce]").text == "Message publié."
    whole = send(browser, browser.visit(table.path), "/threads", "Encore.")
    assert whole.html is not None
    assert words_of(whole.select_one(".messages")) == "Message publié."
    assert whole.select_one("[data-announce]") is None


def test_what_was_just_said_has_the_focus(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    fragment = send(browser.with_htmx(), browser.visit(table.path), "/threads", "Voilà.")
    focused = fragment.select("[data-focus]")
    assert [words_of(tag) for tag in focused] == ["Voilà."]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_comment_keeps_what_was_typed(table: Table, browser_for: BrowserFor, *, htmx: bool) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    asking = browser.with_htmx() if htmx else browser
    typed = "x" * (COMMENT_MAX + 1)
    back = send(asking, page, "/threads", typed, expect=422)
    area = back.select_one("#discussion textarea#thread-body")
    assert area.text.strip() == typed
    assert area["aria-invalid"] == "true"
    assert back.select_one(".error-summary a")["href"] == "#thread-body"
    assert (back.html is None) is htmx
    assert stored() == []


def test_a_refused_reply_is_open_on_its_thread_and_leads_back(table: Table, browser_for: BrowserFor) -> None:
    first = table.start(table.coach)
    browser = browser_for(table.agent)
    back = send(browser, browser.visit(table.path), "/comments", "  ", expect=422)
    reply = back.select_one(f"details#reply-{first.thread_id}")
    assert reply.has_attr("open")
    assert "Écrivez votre message." in words_of(reply)
    assert back.select_one(f".page-head a[href^='{table.path}']")
    # Without scripts the page opens at its top: it says there what was refused, with a link.
    assert words_of(back.h1) == "Pas encore enregistré : Répondre"
    [told] = back.select("#refused .error-summary")
    assert told.find_next(id="discussion")
    assert told.a["href"] == f"#{reply.textarea['id']}"


def test_a_field_sent_twice_is_refused(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    to, held = fields(browser.visit(table.path), "/threads")
    browser.submit(to, expect=422, **held | {"thread-body": ["un", "deux"]})
    assert stored() == []


def test_a_double_click_makes_one_comment(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    for _ in range(2):
        again = send(browser, page, "/threads", "Une seule fois.")
        assert len(said(again)) == 1
    assert len(stored()) == 1


def test_two_forms_of_one_page_make_two_comments(table: Table, browser_for: BrowserFor) -> None:
    table.start(table.coach)
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    send(browser, page, "/threads", "Un.")
    send(browser, page, "/comments", "Deux.")
    assert [comment.body for comment in stored()][1:] == ["Un.", "Deux."]


def test_the_unread_marker_goes_after_reading(table: Table, browser_for: BrowserFor) -> None:
    table.start(table.coach)
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    assert "1 message non lu" in words_of(page.select_one("#discussion"))
    assert len(page.select(".comment--unread .fr-badge--new")) == 1
    page = browser.visit(table.path)
    assert "non lu" not in words_of(page.select_one("#discussion"))
    assert page.select(".comment--unread") == []


def test_a_refused_form_marks_nothing_read(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    table.start(table.coach)
    send(browser, page, "/threads", "", expect=422)
    assert queries.count_unread_by_discussion(factories.actor(table.agent), [table.id]) == {table.id: 1}


def test_a_mention_of_somebody_outside_is_plain_text_and_creates_nothing(
    table: Table, browser_for: BrowserFor
) -> None:
    browser = browser_for(table.agent)
    typed = f"@{table.outsider.handle} devrait voir cela"
    page = send(browser, browser.visit(table.path), "/threads", typed)
    assert typed in words_of(said(page)[0])
    assert page.select("#discussion article .mention") == []
    assert db.session.scalars(sa.select(Mention)).all() == []
    assert table.outsider.name not in page.text
    said_of_it = f"@{table.outsider.handle} ne correspond à personne qui lit cette page"
    assert words_of(page).count(said_of_it) == 1
    assert said_of_it in words_of(said(page)[0])  # under the comment
    fragment = send(browser.with_htmx(), page, "/comments", f"{typed} aussi")
    assert said_of_it in words_of(said(fragment)[1])
    assert said_of_it in fragment.select_one("[data-announce]")["data-announce"].replace("\xa0", " ")


def test_a_deep_link_finds_the_page_of_its_comment(
    table: Table, browser_for: BrowserFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "THREADS_PER_PAGE", 1)
    table.start(table.coach, "Avant")
    second = table.start(table.coach, "Après")
    browser = browser_for(table.agent)
    answer = browser.open(comment_path(second), method="GET")
    assert answer.status_code == 303
    expected = f"{table.path}?page=2&comment={second.id}#comment-{second.id}"
    assert answer.headers["Location"] == expected
    page = browser.visit(comment_path(second))
    assert [tag["id"] for tag in said(page)] == [f"comment-{second.id}"]


def test_a_deep_link_opens_a_settled_thread(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent)
    commands.resolve_thread(factories.actor(table.coach), thread_of(table.agent, comment))
    db.session.commit()
    browser = browser_for(table.agent)
    fold = f"details#thread-{comment.thread_id}"
    assert not browser.visit(table.path).select_one(fold).has_attr("open")
    assert browser.visit(comment_path(comment)).select_one(fold).has_attr("open")


def test_a_discussion_leads_to_its_page(table: Table, browser_for: BrowserFor) -> None:
    answer = browser_for(table.agent).open(f"/discussions/{table.id}", method="GET")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{table.path}#discussion")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "²"])
def test_a_nonsense_page_shows_the_first(table: Table, browser_for: BrowserFor, page: str) -> None:
    table.start(table.agent)
    answer = browser_for(table.agent).visit(f"{table.path}?page={page}&comment=abc")
    assert len(said(answer)) == 1


def test_a_comment_costs_seventeen_statements_at_most(
    table: Table, browser_for: BrowserFor, statements: list[str]
) -> None:
    browser = browser_for(table.agent)
    first = table.start(table.coach, "Qu’en pensez-vous ?")
    begin = f"/discussions/{table.id}/threads", "thread-body"
    answer = f"/threads/{first.thread_id}/comments", f"reply-{first.thread_id}-body"
    for path, field in (begin, answer) * 2:  # the second time with warm caches
        statements.clear()
        assert browser.open(path, method="POST", data={field: "Voici."}).status_code == 303
        assert len(statements) <= 17  # three of them index its words, two read what it answers


def test_the_tab_of_unread_comments_says_how_many(table: Table, browser_for: BrowserFor) -> None:
    talk = factories.discussion(table.project.id)
    factories.comment(talk.id, table.coach)
    browser, path = browser_for(table.agent), f"/projects/{table.project.slug}"
    for page in ("discussions", "unread", "threads"):
        assert "Non lus (1)" in words_of(browser.visit(f"{path}/{page}").select_one("main .tabs")), page
    factories.comment(table.project.discussion_id, table.coach)
    tabs = browser.visit(f"{path}/discussions").select_one("main .tabs")
    assert "Non lus (1)" in words_of(tabs)  # what this page shows is read by that
