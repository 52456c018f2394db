"""How often a second factor is tried, by whom, and who is told."""

from datetime import timedelta

import time_machine

from portal.platform.kernel import clock
from tests.people.accounts.conftest import SECRET
from tests.people.second_factor.test_views import QUESTION, give_password, letters
from tests.support.second_factor import code


def test_two_hundred_wrong_codes_never_open_and_five_are_tried_in_five_minutes(ada, codes, stranger):
    give_password(stranger)
    statuses = []
    wrong = "000000" if code() != "000000" else "000001"
    for _ in range(200):
        statuses.append(stranger.open(QUESTION, method="POST", data={"code": wrong}).status_code)
    assert statuses == [422] * 5 + [429] * 195
    assert stranger.open(QUESTION, method="POST", data={"code": code()}).status_code == 429
    assert stranger.open("/profile").headers["Location"].startswith(QUESTION)


def test_twenty_are_tried_in_an_hour_and_fifty_in_a_day_by_an_account(app, ada, codes, browser_for):
    def tries(at) -> int:
        with time_machine.travel(at, tick=False):
            browser = browser_for(None)
            give_password(browser)
            place = {"REMOTE_ADDR": f"192.0.2.{at.hour}"}
            wrong = {"code": "000000" if code() != "000000" else "000001"}
            return sum(
                browser.open(QUESTION, method="POST", data=wrong, environ_base=place).status_code == 422
                for _ in range(6)
            )

    start = clock.now().replace(hour=1, minute=0)
    first_hour = [tries(start + timedelta(minutes=6 * n)) for n in range(6)]
    assert first_hour == [5, 5, 5, 5, 0, 0]
    day = [tries(start + timedelta(hours=h, minutes=6 * n)) for h in (2, 3, 4) for n in range(4)]
    assert sum(first_hour) + sum(day) == 50


def test_a_stranger_with_the_password_locks_out_no_browser_of_the_owner_who_is_told(
    ada, codes, browser_for, stranger
):
    owner = browser_for(None)
    give_password(owner)
    owner.submit(QUESTION, code=code())
    owner.open("/sign-out", method="POST")
    give_password(stranger)
    wrong = {"code": "000000" if code() != "000000" else "000001"}
    for number in range(6):
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        stranger.open(QUESTION, method="POST", data=wrong, environ_base=place)
    assert letters() == ["code-failures"]
    assert stranger.open(QUESTION, method="POST", data={"code": code()}).status_code == 429
    with time_machine.travel(clock.now() + timedelta(seconds=60), tick=False):
        give_password(owner)
        assert owner.open(QUESTION, method="POST", data={"code": code()}).status_code == 303
        assert owner.open("/profile").status_code == 200


def test_a_browser_of_the_owner_has_its_own_count(ada, codes, browser_for):
    owner = browser_for(None)
    give_password(owner)
    owner.submit(QUESTION, code=code())
    owner.open("/sign-out", method="POST")
    give_password(owner)
    wrong = {"code": "000000" if code() != "000000" else "000001"}
    statuses = [owner.open(QUESTION, method="POST", data=wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_password_proved_again_makes_no_browser_known_to_the_second_factor(ada, browser_for):
    browser = browser_for(ada)
    answer = browser.open(QUESTION, method="POST", data={"password": SECRET})
    assert answer.status_code == 303
    assert "proved=" not in "".join(answer.headers.getlist("Set-Cookie"))
