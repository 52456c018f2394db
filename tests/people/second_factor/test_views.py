"""The second factor at the sign-in, enrolment, recovery and removal, as people see them."""

from datetime import timedelta

import pytest
import time_machine

from portal.app.application.features import SENSITIVE_ENDPOINTS
from portal.people.accounts import queries as people
from portal.people.accounts.models import OpenSession, Person
from portal.people.privacy.erasure_models import Erasure
from portal.people.privacy.models import DataExport
from portal.people.programmes.models import INSTALLATION, Invitation
from portal.people.second_factor.models import OneTimeSecret, RecoveryCode
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.outbox import OutboxMessage
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.second_factor import code

PAGE, QUESTION, RECOVERY = "/profile/second-factor", "/second-factor", "/second-factor/recovery"


def give_password(browser, next_: str = ""):
    data = {"email": "ada@demo.example", "password": SECRET, "next": next_}
    return browser.open("/sign-in", method="POST", data=data)


def actions(person: Person) -> list[str]:
    rows = db.session.query(AuditEvent).filter_by(subject_id=person.id).order_by(AuditEvent.id)
    return [row.action for row in rows]


def letters() -> list[str]:
    rows = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    return [row.facts.get("change", row.kind) for row in rows]


def test_a_password_alone_opens_nothing_then(ada, codes, stranger):
    assert give_password(stranger, "/projects").headers["Location"] == f"{QUESTION}?next=/projects"
    for path in ("/", "/projects", "/profile", PAGE, "/profile/tokens", "/search?q=a"):
        assert stranger.open(path).headers["Location"].startswith(QUESTION), path
    assert stranger.open("/profile", method="POST", data={"name": "x"}).status_code == 303
    assert stranger.visit("/legal").select_one("h1"), "as a stranger"
    session = db.session.query(OpenSession).filter_by(person_id=ada.id).one()
    assert session.proved_at is None
    assert session.expires_at < clock.now() + timedelta(minutes=16)


def test_the_header_of_a_waiting_session_has_the_brand_the_language_and_the_sign_out_alone(
    ada, codes, stranger
):
    give_password(stranger)
    for path in (QUESTION, f"{QUESTION}/recovery"):
        header = stranger.visit(path).header
        assert {link["href"] for link in header.select("a") if link["href"][0] != "#"} == {"/"}
        assert {form["action"] for form in header.select("form")} == {"/language", "/sign-out"}
        named = {words_of(button) for button in header.select("button")}
        assert named == {"Menu", "Fermer", "English", "Se déconnecter"}
    stranger.submit(QUESTION, code=code())
    header = stranger.visit("/profile").header
    assert {"/inbox", "/search#q"} <= {link["href"] for link in header.select("a")}


def test_the_code_opens_once_and_leads_where_one_was_going(ada, codes, stranger):
    give_password(stranger, "/projects")
    before = db.session.query(OpenSession).one().token_hash
    page = stranger.visit(QUESTION)
    assert page.select_one("[name=code]")["autocomplete"] == "one-time-code"
    answer = stranger.open(QUESTION, method="POST", data={"code": code(), "next": "/projects"})
    assert answer.headers["Location"] == "/projects"
    stranger.visit("/profile")
    db.session.expire_all()
    session = db.session.query(OpenSession).one()
    assert session.token_hash != before, "a fresh token"
    assert session.expires_at > clock.now() + timedelta(days=6)
    assert actions(ada)[-2:] == ["person.gave_password", "person.signed_in"]


def test_a_code_is_accepted_once(ada, codes, browser_for, stranger):
    typed = code()
    give_password(stranger)
    assert stranger.open(QUESTION, method="POST", data={"code": typed}).status_code == 303
    other = browser_for(None)
    give_password(other)
    assert "a déjà servi" in words_of(other.submit(QUESTION, expect=422, code=typed).main)
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        assert other.open(QUESTION, method="POST", data={"code": code()}).status_code == 303


FULL_WIDTH = "\uff11\uff12\uff13\uff14\uff15\uff16"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", FULL_WIDTH, "0" * 90, "1234567"])
def test_other_texts_are_no_code(ada, codes, stranger, typed):
    give_password(stranger)
    stranger.submit(QUESTION, expect=422, code=typed)
    assert actions(ada)[-1] == "person.sign_in_failed"
    failed = db.session.query(AuditEvent).filter_by(action="person.sign_in_failed").one()
    assert failed.facts == {"factor": "second factor"}


def test_who_has_no_factor_signs_in_as_before(ada, stranger):
    assert give_password(stranger).headers["Location"] == "/"
    assert stranger.open(QUESTION).status_code == 200


def enrol_by_hand(browser, *, keep: list[str] | None = None) -> list[str]:
    """Enrol one-time codes as a person does; return the recovery codes."""
    page = browser.submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    page = browser.submit(f"{PAGE}/codes", code=code(secret=secret))
    page = browser.submit(f"{PAGE}/recovery/new")
    shown = [words_of(each) for each in page.select("code.code")]
    browser.submit(f"{PAGE}/recovery", expect=422, code="not one of them")
    browser.submit(f"{PAGE}/recovery", code=shown[0].upper().replace("-", " "), keep=keep or [])
    return shown


def test_an_enrolment_ends_when_a_recovery_code_was_typed(ada, browser_for, stranger):
    other = browser_for(ada)
    browser = browser_for(ada)
    shown = enrol_by_hand(browser)
    assert len(set(shown)) == 8
    assert all(len(each.replace("-", "")) == 24 for each in shown)
    assert "Il vous en reste 8" in words_of(browser.visit(PAGE).main)
    assert other.open("/profile").headers["Location"].startswith("/sign-in"), "other sessions end"
    assert actions(ada)[-2:] == ["second_factor.enrolled", "person.signed_in"]
    assert letters() == ["enrolled"]
    assert give_password(stranger).headers["Location"].startswith(QUESTION)
    assert not db.session.query(RecoveryCode).filter(RecoveryCode.code_hash.in_(shown)).count(), "hashed"
    assert all(shown[0] not in str(row) for row in db.session.query(AuditEvent).all())


def test_an_enrolment_that_was_left_asks_nothing_yet(ada, browser_for, stranger):
    browser = browser_for(ada)
    page = browser.submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    browser.submit(f"{PAGE}/codes", code=code(secret=secret))
    assert give_password(stranger).headers["Location"] == "/"
    assert db.session.get(Person, ada.id).second_factor_at is None


def test_the_secret_is_stored_encrypted(ada, browser_for):
    page = browser_for(ada).submit(f"{PAGE}/codes/new")
    secret = words_of(page.select_one("figcaption code")).replace(" ", "")
    assert secret not in db.session.get(OneTimeSecret, ada.id).closed_secret


def test_a_recovery_code_opens_once_and_removes_the_rest(ada, codes, browser_for, stranger):
    others = browser_for(ada)
    give_password(stranger)
    stranger.submit(RECOVERY, expect=422, code="wrong")
    stranger.submit(RECOVERY, code=codes[0])
    assert "Ajouter une application de codes" in words_of(stranger.visit(PAGE).main)
    assert others.open("/profile").headers["Location"].startswith("/sign-in")
    assert db.session.query(OneTimeSecret).count() == db.session.query(RecoveryCode).count() == 0
    assert letters() == ["recovered"]
    assert actions(ada)[-2:] == ["person.signed_in", "second_factor.recovered"]


def test_the_second_of_two_simultaneous_recoveries_is_told(ada, codes, stranger, monkeypatch):
    give_password(stranger)

    def find_ended(token: str) -> None:
        raise NotFound  # the other one ended this session meanwhile

    monkeypatch.setattr(people, "get_signed_in", find_ended)
    page = stranger.submit(RECOVERY, code=codes[0])
    assert "un code de secours a servi ailleurs" in words_of(page)


def test_a_factor_is_removed_after_a_question_and_said_by_mail(ada, codes, browser_for, stranger):
    give_password(stranger)
    stranger.submit(QUESTION, code=code())
    question = words_of(stranger.visit(f"{PAGE}/codes/remove").main)
    assert "aucun ne vous sera plus demandé" in question, "it is the last one"
    page = stranger.submit(f"{PAGE}/codes/remove")
    assert "Application de codes retirée. Aucun second facteur ne vous sera plus demandé." in words_of(page)
    assert letters() == ["removed"]
    assert db.session.query(RecoveryCode).count() == 0
    assert give_password(browser_for(None)).headers["Location"] == "/"


def test_what_changes_the_way_in_asks_again_after_a_while(ada, codes, stranger):
    give_password(stranger)
    stranger.submit(QUESTION, code=code())
    assert stranger.open(PAGE).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert stranger.open(PAGE).headers["Location"] == f"{QUESTION}?next={PAGE}"
        assert stranger.open("/profile").status_code == 200
        answer = stranger.open(f"{PAGE}/codes/remove", method="POST", data={})
        assert answer.headers["Location"].startswith(QUESTION)
        answer = stranger.open(QUESTION, method="POST", data={"code": code(), "next": PAGE})
        assert answer.headers["Location"] == PAGE
        assert stranger.open(PAGE).status_code == 200


def test_without_a_factor_the_password_is_asked_again(ada, browser_for):
    browser = browser_for(ada)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert browser.open(PAGE).headers["Location"].startswith(QUESTION)
        assert browser.visit(QUESTION).select_one("[name=password]")
        page = browser.submit(QUESTION, expect=422, password="not that one")
        assert "pas votre mot de passe" in words_of(page.main)
        answer = browser.open(QUESTION, method="POST", data={"password": SECRET, "next": PAGE})
        assert answer.headers["Location"] == PAGE
        assert browser.open(PAGE).status_code == 200


def test_every_act_that_matters_is_a_door_and_asks_again(app, ada, codes, stranger):
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    assert app.view_functions.keys() >= SENSITIVE_ENDPOINTS
    named = {endpoint.partition(".")[0] for endpoint in SENSITIVE_ENDPOINTS}
    assert named >= {"administrators", "programmes", "directory", "payments", "deliberation", "cards"}
    assert named >= {"transparency", "application_exports", "api_tokens", "second_factor", "passkeys"}
    assert named >= {"privacy", "erasures", "test_results", "risk_exports", "concern_exports"}
    give_password(stranger)
    stranger.submit(QUESTION, code=code())
    invited = {"email": "x@demo.example", "role": "administrator"}
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert stranger.open("/administrators").headers["Location"].startswith(QUESTION)
        page = stranger.submit("/administrators/invitations", expect=401, **invited)
        assert page.select_one("textarea").text.strip() == "x@demo.example", "what was typed is kept"
        assert db.session.query(Invitation).count() == 0
        stranger.submit(QUESTION, code=code())
        stranger.submit("/administrators/invitations", **invited)
    with time_machine.travel(clock.now() + timedelta(minutes=40), tick=False):
        answer = stranger.open("/profile/data/exports", method="POST")
        assert answer.headers["Location"].startswith(QUESTION), "one's own data"
        path = f"/people/{make.person().id}/erasure"
        assert stranger.open(path, method="POST").headers["Location"].startswith(QUESTION)
        assert db.session.query(DataExport).count() == db.session.query(Erasure).count() == 0
        assert db.session.query(Invitation).count() == 1


def test_the_erasure_of_oneself_asks_for_the_password_again_without_a_factor(ada, stranger):
    give_password(stranger)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        for method in ("GET", "POST"):
            answer = stranger.open("/profile/data/erasure", method=method)
            assert answer.headers["Location"].startswith(QUESTION)
        assert db.session.query(Erasure).count() == 0
        stranger.submit(QUESTION, password=SECRET)
        stranger.submit("/profile/data/erasure")
    assert db.session.query(Erasure).count() == 1
