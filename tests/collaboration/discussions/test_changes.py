import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from portal.collaboration.discussions import commands
from portal.collaboration.discussions.models import Comment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.collaboration.discussions.conftest import Table, thread_of
from tests.collaboration.discussions.pages import BrowserFor, comment_path, fields, said, send, stored
from tests.support import factories
from tests.support.browser import words_of


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
    assert place.has_attr("data-focus")
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


def test_an_edit_that_loses_a_race_shows_the_other_text_and_can_be_saved_then(
    table: Table, browser_for: BrowserFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = table.start(table.agent, "Un")
    browser = browser_for(table.agent)
    form = browser.visit(comment_path(comment, "/edit"))

    def lose_race() -> None:
        db.session.rollback()
        db.session.execute(sa.update(Comment).values(body="Deux, @camille.roux", version=Comment.version + 1))
        db.session.commit()
        raise StaleDataError

    with monkeypatch.context() as race:
        race.setattr(commands, "flush_session", lose_race)
        back = send(browser, form, "/edit", "Trois", expect=409)
    assert "Deux, @Camille Roux" in words_of(back.select_one("#discussion .two-texts"))
    saved = send(browser, back, "/edit", "Deux et trois")
    assert "Deux et trois" in words_of(said(saved)[0])


@pytest.mark.parametrize(
    "body",
    [
        "@Camille.Roux, voici.",  # a phone's capital
        "> @camille.roux a dit\n\nOui, @camille.roux.",
        "`@camille.roux` s’écrit ainsi",
    ],
)
def test_saving_a_text_as_the_form_shows_it_is_no_edit(
    table: Table, browser_for: BrowserFor, body: str
) -> None:
    comment = table.start(table.agent, body)
    browser = browser_for(table.agent)
    form = browser.visit(comment_path(comment, "/edit"))
    _to, held = fields(form, "/edit")
    send(browser, form, "/edit", held["body"])
    db.session.rollback()
    assert (comment.body, comment.edited_at) == (body, None)


def test_deleting_asks_says_what_is_lost_and_leaves_a_trace(table: Table, browser_for: BrowserFor) -> None:
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
    assert "Message supprimé par Awa Diallo" in words_of(said(page)[0])
    assert "Une réponse." in words_of(said(page)[1])
    for look in (table.path, comment_path(comment, "/history"), comment_path(comment)):
        assert "mot-qui-doit-partir" not in browser.visit(look).text
    assert "supprimé par Awa Diallo" in browser.submit(to, **held).text


def test_a_comment_is_never_lost_by_looking_at_the_question(table: Table, browser_for: BrowserFor) -> None:
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


@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_being_saved_of_a_comment_deleted_meanwhile_is_given_back(
    table: Table, browser_for: BrowserFor, htmx: bool
) -> None:
    comment = table.start(table.agent, "Avant.")
    first, second = browser_for(table.agent), browser_for(table.agent)
    if htmx:
        first = first.with_htmx()
    to, held = fields(first.visit(comment_path(comment, "/edit")), "/edit")
    second.submit(comment_path(comment, "/delete"))
    page = first.submit(to, expect=409, **held | {"body": "Mes mots <à garder>."})
    assert "a été supprimé ; il ne se modifie plus" in words_of(page)
    kept = page.select_one("textarea[readonly]")
    assert kept.text.strip() == "Mes mots <à garder>."
    assert stored()[0].body == ""


def test_a_deleted_comment_is_not_opened_to_change_it(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent)
    browser = browser_for(table.agent)
    browser.submit(comment_path(comment, "/delete"))
    page = browser.visit(comment_path(comment, "/edit"), expect=409)
    assert "a été supprimé" in words_of(page.main)
    assert "invité" not in words_of(page.main)
    assert page.select_one(f"main a[href='{comment_path(comment)}']")


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


def test_an_answer_to_a_settled_thread_opens_it_again(table: Table, browser_for: BrowserFor) -> None:
    comment = table.start(table.agent)
    commands.resolve_thread(factories.actor(table.coach), thread_of(table.agent, comment))
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
def test_no_door_opens_to_who_may_not_see(table: Table, browser_for: BrowserFor, role: Role | str) -> None:
    comment = table.start(table.agent, "Entre nous.")
    who = {"another team": table.outsider, "stranger": None}
    person = who[role] if role in who else factories.holder(Role(role), table.project)
    browser = browser_for(person)
    for method, path in doors(table, comment):
        data = {"thread-body": "x", "body": "x", "version": "1"} if method == "POST" else None
        answer = browser.open(path, method=method, data=data)
        if person is None:
            assert answer.status_code == 401 or "/sign-in" in answer.headers["Location"]
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


def test_an_edit_sent_twice_leads_to_the_comment(table: Table, browser_for: BrowserFor) -> None:
    comment, browser = table.start(table.agent), browser_for(table.agent)
    typed = {"body": "Mieux dit.", "version": str(comment.version)}
    for _ in range(2):
        answer = browser.open(f"/comments/{comment.id}/edit", method="POST", data=typed)
        assert answer.status_code == 303
