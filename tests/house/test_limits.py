"""Rate limits hold over gunicorn's two workers and concurrent attempts."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
from flask import Flask

from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.attempt_counts import AttemptCount
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from tests.support import factories as make
from tests.support import server

AT_ONCE = 12
FOR_AN_ACCOUNT, FOR_A_NETWORK = 10, 100
PASSWORD = "many people at once"
HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]*)"')


def attempts(address: str, emails: list[str]) -> Counter[int]:
    """Send a wrong password for each address concurrently; return the counts of statuses."""
    browsers = [httpx.Client(base_url=address, timeout=60) for _ in range(AT_ONCE)]
    tokens = [HIDDEN.findall(browser.get("/sign-in").text)[0] for browser in browsers]

    def try_(n: int) -> int:
        typed = {"email": emails[n], "password": "not this one", "csrf_token": tokens[n % AT_ONCE]}
        return browsers[n % AT_ONCE].post("/sign-in", data=typed).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(try_, range(len(emails))))
    for browser in browsers:
        browser.close()
    return answers


def test_the_limit_is_exact_across_workers(portal: tuple[Flask, dict[str, str]]) -> None:
    app, env = portal
    with app.app_context():
        person = make.person(email="ada@demo.example")
        person.password_hash = get_service(PortalPasswordHasher, app).hash(PASSWORD)
        db.session.commit()
        db.engine.dispose()
    with server.serve(env) as address:
        one = attempts(address, ["ada@demo.example"] * 60)
        many = attempts(address, [f"nobody{n}@demo.example" for n in range(90)])
    with app.app_context():
        counts = sorted(db.session.query(AttemptCount.attempts).all())
        db.session.remove()
        db.engine.dispose()
    assert one == {422: FOR_AN_ACCOUNT, 429: 60 - FOR_AN_ACCOUNT}
    assert many == {422: FOR_A_NETWORK - 60, 429: 60 + 90 - FOR_A_NETWORK}
    # Once the network's limit is reached, attempts on accounts add no rows.
    # An account counts twice: for all unknown browsers, and for those of one network, up to its limit.
    assert counts == [*[(1,)] * 2 * (FOR_A_NETWORK - 60), (FOR_AN_ACCOUNT,), (60,), (60 + 90,)]
