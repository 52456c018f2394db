"""Text typed into a form whose session had expired is carried through the sign-in."""

import pytest
from bs4 import BeautifulSoup

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.sprints.sprints.models import Sprint
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of

CLOSE = "/projects/heron/sprints/1/close"
LOG = {
    "csrf_token": "of another time",
    "form_key": "a key",
    "version": "1",
    "outcome": "met",
    "summary": "Trois mille <clichés>.",
    "learnt": "Une ligne,\r\npuis une autre.",
    "blocker": "none",
}


@pytest.fixture
def agent(app):
    project = make.project(slug="heron")
    make.active_sprint(project)
    return with_password(make.role(project.id, Role.TEAM_MEMBER), app)


@pytest.fixture
def stranger(agent, browser_for):
    return browser_for(None)


def kept(page):
    return {
        words_of(page.select_one(f"label[for='{text['id']}']")): text.text.removeprefix("\n")
        for text in page.select("textarea[readonly]")
    }


TYPED = {
    "En une ligne, qu’est-ce qui a abouti ?": "Trois mille <clichés>.",
    "Qu’ont appris les utilisateurs ou les données ?": "Une ligne,\npuis une autre.",
}


def test_what_was_typed_stands_above_the_sign_in(stranger):
    page = stranger.submit(CLOSE, expect=401, **LOG)
    assert words_of(page.h1) == "Se connecter"
    assert "n’est pas encore enregistré" in words_of(page.main)
    assert kept(page) == TYPED
    assert page.select_one("main [name=next]")["value"] == CLOSE
    assert "of another time" not in str(page)
    assert db.session.query(Sprint).one().closed_at is None


def carried(page):
    return {text["name"]: text.text.removeprefix("\n") for text in page.select("[data-kept]")}


def test_a_wrong_password_does_not_lose_it_and_the_right_one_gives_it_back(stranger, agent):
    page = stranger.submit(CLOSE, expect=401, **LOG)
    typed = {"email": agent.email, "next": CLOSE} | carried(page)
    page = stranger.submit("/sign-in", expect=422, password="autre chose", **typed)
    assert kept(page) == TYPED
    page = stranger.submit("/sign-in", password=SECRET, **typed)
    assert words_of(page.h1) == "Votre texte vous attend"
    assert agent.name in words_of(page.header)
    assert kept(page) == TYPED
    assert page.select_one(f"main a[href='{CLOSE}']")
    stranger.visit(CLOSE)


def test_a_page_of_another_release_may_call_the_form_otherwise(stranger, agent):
    page = stranger.submit(CLOSE, expect=401, **LOG)
    former = {f"kept-FormerForm-{name.split('-')[-1]}": text for name, text in carried(page).items()}
    page = stranger.submit("/sign-in", password=SECRET, email=agent.email, next=CLOSE, **former)
    assert kept(page) == TYPED


def test_where_a_script_keeps_it_one_comes_straight_back(stranger, agent):
    typed = {"email": agent.email, "password": SECRET, "next": CLOSE}
    assert stranger.open("/sign-in", method="POST", data=typed).headers["Location"] == CLOSE


def test_passwords_and_what_no_form_asks_for_are_never_shown(stranger):
    secret = {"current_password": "premier secret", "password": "second secret", "repeated": "x"}
    answer = stranger.open("/profile/password", method="POST", data=secret)
    assert answer.status_code == 303
    page = stranger.submit(
        "/sign-in",
        expect=422,
        **{"kept-PasswordForm-password": "secret", "kept-CloseForm-nobody": "secret", "kept-": "s"},
    )
    assert kept(page) == {}
    assert "secret" not in str(page.main)


def test_a_comment_is_known_by_its_place_and_cut_where_no_field_would_take_it(stranger, agent):
    path, body = f"/discussions/{new_id()}/threads", "x" * 100_000
    page = stranger.submit(path, expect=401, **{"thread-body": body, "form_key": "k"})
    assert [len(text) for text in kept(page).values()] == [20_000]
    assert list(kept(page)) == ["Votre message"]
    assert page.select_one("main [name=next]")["value"] == "/"


def test_the_page_of_the_form_is_where_one_comes_back_to(stranger, agent):
    for said, path in {
        "http://localhost/projects/heron?x=1": "/projects/heron?x=1",
        "http://elsewhere.example/projects/heron": CLOSE,
        "http://localhost//elsewhere.example": CLOSE,
    }.items():
        answer = stranger.client.post(CLOSE, data=LOG, headers={"Referer": said})
        page = BeautifulSoup(answer.text, "html.parser")
        assert page.select_one("main [name=next]")["value"] == path, said
