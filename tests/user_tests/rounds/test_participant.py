"""The participant’s page: one answer by link, within two hours, and nothing else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of

S = "/projects/heron/tests/sessions/1"
ALL = {f"i{n}": "4" for n in range(1, 11)}


@pytest.fixture
def session(round_, person):
    return tests.session(round_, person, ended_at=None)


@pytest.fixture
def observer(browser_for, person):
    return browser_for(person)


@pytest.fixture
def phone(browser_for):
    return browser_for(None)


@pytest.fixture
def link(observer, session):
    return made(observer)


def made(observer):
    page = observer.submit(f"{S}/link", form_key="k")
    return "/" + page.select_one(".code__address")["href"].split("/", 3)[3]


def answers():
    return db.session.scalars(select(ScaleAnswer).order_by(ScaleAnswer.item)).all()


def test_the_link_is_drawn_for_a_camera_without_a_style(observer, link):
    page = observer.visit(f"{S}/link")
    drawn = page.select_one("svg.code__drawn")
    assert drawn.path["d"].startswith("M")
    assert re.fullmatch(r"0 0 (\d+) \1", drawn["viewbox"] if drawn.has_attr("viewbox") else drawn["viewBox"])


def test_only_the_hash_of_the_token_is_kept(link):
    kept = db.session.scalars(select(ParticipantLink)).one()
    assert kept.token_hash not in link
    assert link.rsplit("/", 1)[1] not in str(vars(kept))


def test_a_stranger_answers_once_and_the_observer_reads_it(phone, observer, link):
    page = phone.visit(link)
    assert page.html["lang"] == "fr"
    assert len(page.select("fieldset")) == 10
    page = phone.submit(link, **ALL)
    assert "Merci" in words_of(page.h1)
    assert [(one.value, one.typed_by_id) for one in answers()] == [(4, None)] * 10
    assert "Merci" in words_of(phone.submit(link, **{**ALL, "i1": "1"}).h1)
    db.session.expire_all()
    assert answers()[0].value == 4
    read = observer.visit(S)
    assert "a répondu elle-même" in words_of(read.main)
    assert read.find(attrs={"name": "a1-value"}) is None


def test_the_page_says_nothing_of_the_project_and_is_found_by_nobody(phone, link, project):
    answer = phone.open(link, method="GET")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    for told in (
        "Lire les lettres",
        "ASN",
        "heron",
        project.organisation,
        "P1",
        "Trouver une lettre",
        "Personne",
    ):
        assert told not in words_of(phone.visit(link).html)  # the token may contain any word


def test_every_item_is_asked_and_what_was_chosen_comes_back(phone, link):
    page = phone.submit(link, **{"i1": "4"}, expect=422)
    assert len(page.select("fieldset.fr-fieldset--error")) == 9
    assert page.select_one("[name=i1][value='4']").has_attr("checked")
    assert answers() == []


@pytest.mark.parametrize("value", ["0", "6", "x", "", "4.0", "99999999999999999999"])
def test_no_other_answer_is_taken(phone, link, value):
    phone.submit(link, **{**ALL, "i3": value}, expect=422)
    assert answers() == []


def test_a_link_ends_after_two_hours(phone, link):
    with clock.frozen_at(clock.now() + timedelta(hours=2, seconds=1)):
        assert "n’est plus valable" in words_of(phone.visit(link, expect=410).h1)
        phone.submit(link, **ALL, expect=410)
    assert answers() == []


def test_a_link_that_was_taken_back_and_one_that_never_was_say_the_same(phone, observer, link):
    observer.submit(f"{S}/link/revoke", form_key="k2")
    gone = phone.visit(link, expect=410)
    never = phone.visit("/reply/" + "x" * 80, expect=410)
    assert gone.text == never.text
    phone.submit(link, **ALL, expect=410)
    assert answers() == []


def test_another_link_ends_the_first(phone, observer, link):
    again = made_again(observer)
    phone.visit(link, expect=410)
    phone.visit(again)


def made_again(observer):
    page = observer.submit(f"{S}/link", form_key="other")
    return "/" + page.select_one(".code__address")["href"].split("/", 3)[3]


def test_while_the_participant_answers_nobody_answers_for_them(observer, link):
    observer.submit(S, **{"a1-value": "2", "a1-was": ""}, expect=403)
    observer.submit(S, **{"a1-value": "2", "a1-was": "e3b0c44298"}, expect=403)
    assert answers() == []


def test_answers_that_an_observer_typed_are_not_asked_again(observer, session):
    tests.answers(session, 3, by=db.session.get_one(type(make.person()), session.observer_id))
    page = observer.submit(f"{S}/link", form_key="k", expect=403)
    assert "ne répond pas deux fois" in words_of(page.main)


def test_a_round_in_english_asks_in_english(phone, observer, session, round_):
    round_.scale = RoundScale.SUS
    db.session.commit()
    page = phone.visit(made(observer))
    assert page.html["lang"] == "en"
    assert "I think that I would like to use this system frequently." in page.text
    assert "Send my answers" in page.text


def test_a_withdrawal_ends_the_link(phone, observer, link):
    observer.submit(f"{S}/withdraw", form_key="k3")
    phone.visit(link, expect=410)
    phone.submit(link, **ALL, expect=410)


def test_the_trail_says_that_somebody_answered_and_not_what(phone, link):
    phone.submit(link, **ALL)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "participant_link.used")).one()
    assert (event.actor_id, event.before, event.after) == (None, {}, {})
    assert event.subject == "test_round"
    assert set(event.facts) == {"number", "path"}


def test_whoever_guesses_is_stopped(phone, app):
    for _time in range(100):
        assert phone.open("/reply/guess", method="POST", data=ALL).status_code == 410
    assert phone.open("/reply/guess", method="POST", data=ALL).status_code == 429
