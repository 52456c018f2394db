"""What people see beside a sprint, with htmx and without."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag

from portal.accounts.models import Person
from portal.discussions import commands, queries
from portal.discussions.models import COMMENT_MAX, Comment, Mention
from portal.kernel.access import Role
from portal.kernel.db import db
from tests.discussions.conftest import Table, thread_of
from tests.support import factories
from tests.support.browser import Browser, words_of

BrowserFor = Callable[[Person | None], Browser]


def fields(page: BeautifulSoup, ending: str) -> tuple[str, dict[str, str]]:
    """Where a form of the page is sent, and what it holds."""
    forms = page.select("#discussion form")
    [form] = [each for each in forms if each["action"].split("?")[0].endswith(ending)]
    held = {tag["name"]: tag.get("value", tag.text.strip()) for tag in form.select("[name]")}
    return form["action"], held


def send(browser: Browser, page: BeautifulSoup, ending: str, body: str, **how: int) -> BeautifulSoup:
    """Type in a form of the page and send it."""
    to, held = fields(page, ending)
    name = next(name for name in held if name.endswith("body"))
    return browser.submit(to, **how, **held | {name: body})


def said(page: BeautifulSoup) -> list[Tag]:
    return page.select("#discussion article.comment")


def stored() -> list[Comment]:
    return list(db.session.scalars(sa.select(Comment).order_by(Comment.id)))


def comment_path(comment: Comment, verb: str = "") -> str:
    return f"/comments/{comment.id}{verb}"


def test_an_empty_discussion_says_what_belongs_there(
    table: Table, browser_for: BrowserFor
) -> None:
    page = browser_for(table.agent).visit(table.path)
    assert "Personne n’a encore écrit ici" in words_of(page.select_one("#discussion"))
    assert "Camille Roux (@camille.roux)" in words_of(page.select_one("#citable"))


def test_a_comment_is_typed_read_and_answered(table: Table, browser_for: BrowserFor) -> None:
    coach, agent = browser_for(table.coach), browser_for(table.agent)
    page = send(coach, coach.visit(table.path), "/threads", "Avez-vous **mesuré**, @awa.diallo ?")
    assert page.select_one("#discussion article strong").text == "mesuré"
    assert page.select_one("#discussion article .mention").text == "@awa.diallo"
    page = send(agent, agent.visit(table.path), "/comments", "Oui, deux minutes.")
    assert len(said(page)) == 2
    assert len({comment.thread_id for comment in stored()}) == 1


def test_htmx_gets_the_discussion_alone_and_a_browser_the_page(
    table: Table, browser_for: BrowserFor
) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    fragment = send(browser.with_htmx(), page, "/threads", "Voilà.")
    assert fragment.html is None
    assert [tag.get("id") for tag in fragment.find_all(recursive=False)] == ["discussion"]
    assert fragment.select_one("[data-announce]").text == "Commentaire publié."
    whole = send(browser, browser.visit(table.path), "/threads", "Encore.")
    assert whole.html is not None
    assert words_of(whole.select_one(".messages")) == "Commentaire publié."
    assert whole.select_one("[data-announce]") is None


def test_what_was_just_said_has_the_focus(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    fragment = send(browser.with_htmx(), browser.visit(table.path), "/threads", "Voilà.")
    focused = fragment.select("[data-focus]")
    assert [words_of(tag) for tag in focused] == ["Voilà."]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_comment_keeps_what_was_typed(
    table: Table, browser_for: BrowserFor, *, htmx: bool
) -> None:
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


def test_a_refused_reply_is_open_on_its_thread_and_leads_back(
    table: Table, browser_for: BrowserFor
) -> None:
    first = table.start(table.coach)
    browser = browser_for(table.agent)
    back = send(browser, browser.visit(table.path), "/comments", "  ", expect=422)
    reply = back.select_one(f"details#reply-{first.thread_id}")
    assert reply.has_attr("open")
    assert "Écrivez votre commentaire." in words_of(reply)
    assert back.select_one(f".page-head a[href^='{table.path}']")


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
    assert "1 commentaire non lu" in words_of(page.select_one("#discussion"))
    assert len(page.select(".comment--unread .fr-badge--new")) == 1
    page = browser.visit(table.path)
    assert "non lu" not in words_of(page.select_one("#discussion"))
    assert page.select(".comment--unread") == []


def test_a_refused_form_marks_nothing_read(table: Table, browser_for: BrowserFor) -> None:
    browser = browser_for(table.agent)
    page = browser.visit(table.path)
    table.start(table.coach)
    send(browser, page, "/threads", "", expect=422)
    assert queries.count_unread(factories.actor(table.agent), [table.id]) == {table.id: 1}


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


def test_a_deep_link_finds_the_page_of_its_comment(
    table: Table, browser_for: BrowserFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "THREADS_A_PAGE", 1)
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
    commands.resolve(factories.actor(table.coach), thread_of(table.agent, comment))
    db.session.commit()
    browser = browser_for(table.agent)
    fold = f"details#thread-{comment.thread_id}"
    assert not browser.visit(table.path).select_one(fold).has_attr("open")
    assert browser.visit(comment_path(comment)).select_one(fold).has_attr("open")


def test_a_discussion_leads_to_its_page(table: Table, browser_for: BrowserFor) -> None:
    answer = browser_for(table.agent).open(f"/discussions/{table.id}", method="GET")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{table.path}#discussion")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "²"])
def test_a_nonsense_page_shows_the_first(
    table: Table, browser_for: BrowserFor, page: str
) -> None:
    table.start(table.agent)
    answer = browser_for(table.agent).visit(f"{table.path}?page={page}&comment=abc")
    assert len(said(answer)) == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_is_edited_in_its_place_and_its_history_read(
    table: Table, browser_for: BrowserFor, *, htmx: bool
) -> None:
    comment = table.start(table.agent, "Vingt minutes.")
    browser = browser_for(table.agent)
    asking = browser.with_htmx() if htmx else browser
    form = asking.visit(comment_path(comment, "/edit"))
    place = form.select_one(f"#comment-{comment.id} textarea")
    assert place.text.strip() == "Vingt minutes."
    page = send(asking, form, "/edit", "Vingt minutes, sur six dossiers.")
    assert "sur six dossiers" in words_of(said(page)[0])
    link = page.select_one(f"#discussion a[href='{comment_path(comment, '/history')}']")
    assert words_of(link) == "Modifié aujourd’hui"
    history = words_of(browser_for(table.coach).visit(link["href"]).main)
    assert history.endswith("Vingt minutes.")
    assert "Vingt minutes, sur six dossiers." in history


def test_two_edits_at_once_show_both_texts(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent, "Un")
    here, there = browser_for(table.agent), browser_for(table.agent)
    form = here.visit(comment_path(comment, "/edit"))
    send(there, form, "/edit", "Deux")
    back = send(here, form, "/edit", "Trois", expect=409)
    texts = words_of(back.select_one("#discussion .two-texts"))
    assert "Trois" in texts
    assert "Deux" in texts
    assert back.select_one(f"#comment-{comment.id} textarea").text.strip() == "Trois"
    saved = send(here, back, "/edit", "Deux et trois")
    assert "Deux et trois" in words_of(said(saved)[0])


def test_deleting_asks_says_what_is_lost_and_leaves_a_trace(
    table: Table, browser_for: BrowserFor
) -> None:
    comment = table.start(table.agent, "mot-qui-doit-partir")
    commands.edit_comment(factories.actor(table.agent), comment, "mot-qui-doit-partir aussi", 1)
    db.session.commit()
    table.reply(table.coach, comment, "Une réponse.")
    browser = browser_for(table.agent)
    asked = browser.visit(comment_path(comment, "/delete"))
    assert "seront perdus" in words_of(asked.select_one(f"#comment-{comment.id}"))
    assert stored()[0].body
    db.session.rollback()
    to, held = fields(asked, "/delete")
    page = browser.submit(to, **held)
    assert "Commentaire supprimé par Awa Diallo" in words_of(said(page)[0])
    assert "Une réponse." in words_of(said(page)[1])
    for look in (table.path, comment_path(comment, "/history"), comment_path(comment)):
        assert "mot-qui-doit-partir" not in browser.visit(look).text
    assert "supprimé par Awa Diallo" in browser.submit(to, **held).text


def test_a_comment_is_never_lost_by_looking_at_the_question(
    table: Table, browser_for: BrowserFor
) -> None:
    comment = table.start(table.agent, "Reste.")
    browser_for(table.agent).with_htmx().visit(comment_path(comment, "/delete"))
    assert stored()[0].body == "Reste."


def test_what_one_may_read_but_not_change_is_refused_with_a_sentence(
    table: Table, browser_for: BrowserFor
) -> None:
    comment = table.start(table.agent)
    coach = browser_for(table.coach)
    page = coach.visit(comment_path(comment, "/edit"), expect=403)
    assert "Seule la personne qui a écrit" in words_of(page.main)
    page = coach.visit(comment_path(comment, "/delete"), expect=403)
    assert "direction du programme" in words_of(page.main)
    shown = coach.visit(table.path)
    assert shown.select("#discussion a[href*='/edit'], #discussion a[href*='/delete']") == []
    director = browser_for(table.director).visit(table.path)
    assert len(director.select("#discussion a[href*='/delete']")) == 1


def test_a_thread_is_settled_folded_and_reopened(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent)
    browser = browser_for(table.coach)
    to, held = fields(browser.visit(table.path), "/resolve")
    page = browser.submit(to, **held)
    fold = page.select_one(f"details#thread-{comment.thread_id}")
    assert "réglé par Camille Roux aujourd’hui" in words_of(fold.summary)
    assert "Y répondre le rouvre" in words_of(fold)
    again = browser.submit(to, **held)
    assert again.select_one(f"details#thread-{comment.thread_id}")
    to, held = fields(page, "/reopen")
    fragment = browser.with_htmx().submit(to, **held)
    assert fragment.select_one("[data-announce]").text == "Échange rouvert."
    assert fragment.select_one(f"section#thread-{comment.thread_id}")


def test_an_answer_to_a_settled_thread_opens_it_again(
    table: Table, browser_for: BrowserFor
) -> None:
    comment = table.start(table.agent)
    commands.resolve(factories.actor(table.coach), thread_of(table.agent, comment))
    db.session.commit()
    browser = browser_for(table.agent)
    page = send(browser, browser.visit(table.path), "/comments", "Encore une chose.")
    assert page.select_one(f"section#thread-{comment.thread_id}")


def doors(table: Table, comment: Comment) -> list[tuple[str, str]]:
    thread = f"/threads/{comment.thread_id}"
    return [
        ("GET", f"/discussions/{table.id}"),
        ("POST", f"/discussions/{table.id}/threads"),
        ("POST", f"{thread}/comments"),
        ("POST", f"{thread}/resolve"),
        ("POST", f"{thread}/reopen"),
        ("GET", comment_path(comment)),
        ("GET", comment_path(comment, "/history")),
        ("GET", comment_path(comment, "/edit")),
        ("POST", comment_path(comment, "/edit")),
        ("GET", comment_path(comment, "/delete")),
        ("POST", comment_path(comment, "/delete")),
    ]


@pytest.mark.parametrize(
    "role", [Role.OBSERVER, Role.OPERATOR, Role.JUROR, Role.ADMINISTRATOR, "another team", "stranger"]
)
def test_no_door_opens_to_who_may_not_see(
    table: Table, browser_for: BrowserFor, role: Role | str
) -> None:
    comment = table.start(table.agent, "Entre nous.")
    who = {"another team": table.outsider, "stranger": None}
    person = who[role] if role in who else factories.holder(Role(role), table.project)
    browser = browser_for(person)
    for method, path in doors(table, comment):
        data = {"thread-body": "x", "body": "x", "version": "1"} if method == "POST" else None
        answer = browser.open(path, method=method, data=data)
        if person is None:
            assert "/sign-in" in answer.headers["Location"]
        else:
            assert answer.status_code == 404, (method, path)
        assert "Entre nous." not in answer.text
    assert [kept.body for kept in stored()] == ["Entre nous."]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "![pisteur](https://exemple.invalid/p.png)",
    "[cliquez](javascript:alert(1))",
    "[cliquez](JaVaScRiPt&colon;alert(1))",
    "[cliquez](java\tscript:alert(1))",
    "[cliquez](data:text/html;base64,PHNjcmlwdD4=)",
    "[cliquez](vbscript:x)",
    "<javascript:alert(1)>",
    '[x](https://exemple.invalid "x\\" onmouseover=\\"alert(1)")',
    "[@camille.roux](javascript:alert(1))",
    '@camille.roux"onmouseover="alert(1)',
    "<svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe src=https://exemple.invalid></iframe>",
    "<style>*{display:none}</style>",
    "<form action=https://exemple.invalid><input name=x></form>",
    "</div></section></main><h1>Faux titre</h1>",
    "`<script>alert(1)</script>`",
    "# Un titre",
    '<p id="discussion" style="position:fixed">x</p>',
]


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markdown_is_harmless(table: Table, browser_for: BrowserFor, body: str) -> None:
    browser = browser_for(table.agent)
    page = send(browser, browser.visit(table.path), "/threads", body)
    [comment] = said(page)
    text = comment.select_one("[data-focus]")
    allowed = {"p", "br", "strong", "em", "a", "code", "pre", "span", "h4", "h5", "h6"}
    assert {tag.name for tag in text.find_all(True)} <= allowed
    for tag in text.find_all(True):
        assert set(tag.attrs) <= {"href", "rel", "class", "title"}
        assert tag.get("class", ["mention"]) == ["mention"]
        assert tag.get("href", "https:").startswith(("https:", "http:", "mailto:"))
    assert len(page.select("h1")) == 1
