"""Two writers at once: one with an outdated version is refused, one key makes one row."""

from concurrent.futures import ThreadPoolExecutor

import httpx
from flask import Flask

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from tests.support import api, server
from tests.support import factories as make

AT_ONCE = 12
THOUSAND = 1000
MANY = {"items": [{"title": f"Lettre {n}"} for n in range(100)]}


def test_writers_at_once(portal: tuple[Flask, dict[str, str]]) -> None:
    app, env = portal
    with app.app_context():
        person = make.role(make.project(slug="heron").id, Role.TEAM_MEMBER)
        token, others = api.token(person), api.token(person)
        db.session.remove()
        db.engine.dispose()
    headers = {"Authorization": f"Bearer {token}"}
    with (
        server.serve(env) as address,
        httpx.Client(timeout=60) as client,  # one: reading the authorities of TLS takes 6 ms
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        items = f"{address}/api/v1/projects/heron/items"

        def add(_place: int) -> httpx.Response:
            return client.post(items, json=MANY, headers=headers | {"Idempotency-Key": "once"})

        added = list(pool.map(add, range(AT_ONCE)))
        assert {answer.status_code for answer in added} == {201}
        assert len({answer.text for answer in added}) == 1
        thousand = headers | {"Idempotency-Key": "thousand"}
        body = {"items": [{"title": "Une lettre"}]}
        repeated = list(pool.map(lambda _n: client.post(items, json=body, headers=thousand), range(THOUSAND)))
        # A token has 600 requests a minute: what is beyond is refused, and acts no more than once.
        assert {answer.status_code for answer in repeated} <= {201, 429}
        assert len({answer.text for answer in repeated if answer.status_code == 201}) == 1
        headers = {"Authorization": f"Bearer {others}"}
        version = client.get(f"{items}/1", headers=headers).headers["ETag"]

        def edit(place: int) -> int:
            stale = headers | {"If-Match": version}
            return client.put(f"{items}/1", json={"title": f"t{place}"}, headers=stale).status_code

        edited = sorted(pool.map(edit, range(AT_ONCE)))
    assert edited == [200, *[412] * (AT_ONCE - 1)]
    with app.app_context():
        assert db.session.query(Item).count() == 101
        db.session.remove()
        db.engine.dispose()
