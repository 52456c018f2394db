"""Rate limits, on the pages themselves."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine

from portal.app.application.factory import RATE_LIMITS
from portal.platform.kernel import clock
from portal.platform.kernel.attempt_counts import CLEANUP_INTERVAL, AttemptCount
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.tokens import new_token, token_hash
from portal.platform.web import rate_limits
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.browser import words_of

SIGN_IN = "/sign-in"
WRONG = {"email": "ada@demo.example", "password": "not this one"}
FOR_AN_ACCOUNT = 10
FOR_A_NETWORK = 100


@pytest.fixture
def ada(app):
    return with_password(make.person(email="ada@demo.example"), app)


@pytest.fixture
def stranger(browser_for):
    return browser_for(None)


def fail(browser, times, **typed):
    """Sign in with a wrong password a number of times; returns the statuses."""
    return [browser.open(SIGN_IN, method="POST", data=WRONG | typed).status_code for _ in range(times)]


def counted():
    return db.session.scalars(sa.select(AttemptCount.attempts)).all()


def test_every_limit_is_on_a_door_that_exists(app):
    assert RATE_LIMITS.keys() <= app.view_functions.keys()


def test_the_eleventh_wrong_password_waits_and_keeps_the_address(ada, stranger):
    assert fail(stranger, FOR_AN_ACCOUNT) == [422] * FOR_AN_ACCOUNT
    answer = stranger.open(SIGN_IN, method="POST", data=WRONG)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    page = stranger.submit(SIGN_IN, expect=429, **WRONG)
    assert "Trop d’essais. Réessayez dans 15 minutes." in words_of(page.main)
    assert page.select_one("[name=email]")["value"] == "ada@demo.example"
    assert WRONG["password"] not in str(page)


def test_the_wait_is_told_in_the_readers_language(ada, stranger):
    fail(stranger, FOR_AN_ACCOUNT)
    stranger.client.set_cookie("locale", "en")
    page = stranger.submit(SIGN_IN, expect=429, **WRONG)
    assert "Too many attempts. Try again in 15 minutes." in words_of(page.main)


def test_the_right_password_waits_like_the_others_and_other_accounts_do_not(ada, app, stranger):
    other = with_password(make.person(), app)
    fail(stranger, FOR_AN_ACCOUNT)
    assert fail(stranger, 1, password=SECRET) == [429]
    assert fail(stranger, 1, email=" ADA@Demo.example ", password=SECRET) == [429]
    assert fail(stranger, 1, email=other.email, password=SECRET) == [303]


def test_an_address_that_nobody_has_waits_like_one_that_somebody_has(ada, stranger):
    nobody = fail(stranger, FOR_AN_ACCOUNT + 1, email="nobody@demo.example")
    assert nobody == fail(stranger, FOR_AN_ACCOUNT + 1)


def test_after_the_window_one_may_try_again(ada, stranger):
    fail(stranger, FOR_AN_ACCOUNT + 5)
    with time_machine.travel(clock.now() + timedelta(minutes=14), tick=False):
        page = stranger.submit(SIGN_IN, expect=429, **WRONG)
        assert "dans une minute" in words_of(page.main)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert fail(stranger, 1, password=SECRET) == [303]


def test_a_sign_in_clears_its_accounts_count_and_gives_the_network_its_own_back(ada, stranger):
    fail(stranger, 9)
    assert sorted(counted()) == [9, 9, 9], "network, address from there, address from anywhere"
    assert fail(stranger, 1, password=SECRET) == [303]
    assert sorted(counted()) == [9, 9]  # failures of network and address from anywhere, not the success
    assert fail(stranger, 9) == [422] * 9


def test_a_network_has_its_failures_counted_over_all_accounts(app, ada, stranger):
    db.session.commit()
    for n in range(FOR_A_NETWORK):
        assert fail(stranger, 1, email=f"nobody{n}@demo.example") == [422]
    assert fail(stranger, 1, password=SECRET) == [429]
    assert len(counted()) == 1 + 2 * FOR_A_NETWORK, "of the network, and of each address twice"
    fail(stranger, 3, email="one more@demo.example")
    assert len(counted()) == 1 + 2 * FOR_A_NETWORK, "a refused network makes no more rows"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    typed = WRONG | {"password": SECRET}
    answer = stranger.open(SIGN_IN, method="POST", data=typed, environ_base=elsewhere)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("", None),
    ],
)
def test_a_network_is_an_address_or_what_one_subscriber_is_given(app, given, key):
    with app.test_request_context(environ_base={"REMOTE_ADDR": given}):
        assert rate_limits.network() == key


def test_a_password_is_changed_after_few_wrong_ones(ada, browser_for):
    browser = browser_for(ada)
    typed = {"password": "une autre phrase", "repeated": "une autre phrase"}
    wrong = typed | {"current_password": "not this one"}
    answers = [browser.open("/profile/password", method="POST", data=wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    right = typed | {"current_password": SECRET}
    assert browser.open("/profile/password", method="POST", data=right).status_code == 429
    fresh = browser_for(ada)
    assert fresh.open("/profile/password", method="POST", data=right).status_code == 303


def test_taking_an_invitation_costs_only_when_refused(app, stranger):
    token = new_token()
    make.invitation(scope_id=make.project().id, role="team_member", token_hash=token_hash(token))
    account = {"name": "Ada", "password": "court", "repeated": "court"}
    for _ in range(3):
        stranger.submit(f"/invitations/{token}", expect=422, **account)
    assert counted() == [3]
    phrase = {"password": SECRET, "repeated": SECRET}
    assert stranger.open(f"/invitations/{token}", method="POST", data=account | phrase).status_code == 303
    assert counted() == [3]


def test_the_table_tells_neither_who_nor_from_where(ada, stranger):
    fail(stranger, 1)
    rows = db.session.execute(sa.select(AttemptCount.__table__)).all()
    assert len(rows) == 3
    for row in rows:
        assert len(row.key_hash) == 64
        assert "ada" not in str(row)
        assert "127.0.0.1" not in str(row)


def test_windows_that_ended_are_deleted_now_and_then(ada, stranger):
    fail(stranger, 1)
    later = clock.now() + timedelta(minutes=15) + CLEANUP_INTERVAL
    with time_machine.travel(later, tick=False):
        fail(stranger, 1, email="nobody@demo.example")
        assert len(counted()) == 3


def test_a_stranger_locks_themselves_out_and_not_the_owner(ada, stranger, browser_for):
    """Regression: ten tries from anywhere locked anybody's account."""
    owner = browser_for(None)
    assert fail(owner, 1, password=SECRET) == [303], "this browser is known from now on"
    owner.submit("/sign-out")
    fail(stranger, FOR_AN_ACCOUNT)
    assert fail(stranger, 1, password=SECRET) == [429], "the stranger, from one network"
    assert fail(owner, 1, password=SECRET) == [303], "the owner, from the same network"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    data = WRONG | {"password": SECRET}
    anew = browser_for(None).open(SIGN_IN, method="POST", data=data, environ_base=elsewhere)
    assert anew.status_code == 303, "and from another network"


def test_a_known_browser_has_its_own_limit_and_is_known_to_one_address_alone(app, ada, stranger):
    assert fail(stranger, 1, password=SECRET) == [303]
    stranger.submit("/sign-out")
    assert fail(stranger, FOR_AN_ACCOUNT + 1) == [422] * FOR_AN_ACCOUNT + [429]
    other = with_password(make.person(), app)
    assert fail(stranger, 1, email=other.email, password=SECRET) == [303]


def test_an_attack_from_many_networks_meets_a_limit_of_the_account(ada, stranger):
    statuses = [
        stranger.open(
            SIGN_IN, method="POST", data=WRONG, environ_base={"REMOTE_ADDR": f"192.0.2.{n % 12}"}
        ).status_code
        for n in range(FOR_A_NETWORK + 3)
    ]
    assert statuses == [422] * FOR_A_NETWORK + [429] * 3


def test_failures_stand_in_the_trail_without_what_was_typed_and_are_told_once_a_day(ada, stranger):
    noon = clock.now().replace(hour=11)  # far from the end of a day
    with time_machine.travel(noon, tick=False):
        fail(stranger, FOR_AN_ACCOUNT)
    with time_machine.travel(noon + timedelta(minutes=20), tick=False):
        fail(stranger, FOR_AN_ACCOUNT + 1)
        fail(stranger, 1, email="nobody@demo.example")
    rows = db.session.query(AuditEvent).filter_by(action="person.sign_in_failed").all()
    assert Counter(row.subject_id for row in rows) == {ada.id: 2 * FOR_AN_ACCOUNT, UUID(int=0): 1}
    assert {str(row.facts) for row in rows} == {"{'factor': 'password'}"}
    assert [(row.kind, row.address) for row in db.session.query(OutboxMessage)] == [
        ("sign-in-failures", ada.email)
    ]


def test_a_page_that_is_read_is_limited_too_and_no_view_works_for_nothing(make_app):
    app, seen = make_app(), []
    app.before_request_funcs = {None: []}
    rate_limits.init_app(app, {"long": [rate_limits.at_most("2 per hour", rate_limits.network)]}, "secret")
    app.add_url_rule("/long", "long", lambda: seen.append(1) or "done")
    app.add_url_rule("/short", "short", lambda: "done")
    with app.app_context():
        AttemptCount.__table__.create(db.engine)
        client = app.test_client()
        answers = [client.get("/long") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
        assert seen == [1, 1]
        assert int(answers[-1].headers["Retry-After"]) > 3590
        assert "Réessayez dans 60 minutes" in answers[-1].text
        assert client.get("/short").status_code == 200
        db.engine.dispose()


def test_a_database_that_is_down_while_counting_is_a_503(app, stranger, monkeypatch):
    def down(*_args):
        raise sa.exc.OperationalError("", {}, Exception("down"))

    monkeypatch.setattr("portal.platform.kernel.attempt_counts.separate_transaction", down)
    answer = stranger.open(SIGN_IN, method="POST", data=WRONG)
    assert answer.status_code == 503


def test_the_page_on_personal_data_says_how_long_attempts_count(app, stranger):
    longest = max(limit.rate.get_expiry() for limits in RATE_LIMITS.values() for limit in limits)
    page = words_of(stranger.visit("/privacy"))
    assert app.extensions["longest_window"] == timedelta(seconds=longest) == timedelta(days=1)
    assert "1 jour au plus ; la ligne s’efface ensuite" in page
