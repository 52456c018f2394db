"""Metrics: content, access, and their cost."""

import math
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.api.webhooks.models import Webhook, WebhookDelivery
from portal.app.administration.backups import BACKED_UP, record_copy_or_check_in_trail
from portal.people.accounts import commands as accounts
from portal.platform.kernel import clock, outbox
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.version import version
from tests.support import factories as make
from tests.support import webhooks

TOKEN = "a token of the watcher"


def samples(text: str) -> dict[str, float]:
    """The samples of a scrape by series."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def read(app, **headers: str) -> dict[str, float]:
    db.session.commit()
    answer = app.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200
    return samples(answer.text)


def test_requests_are_counted_by_endpoint_and_status(app):
    series = 'portal_requests_total{endpoint="pages.legal",method="GET",status="200"}'
    before = read(app)
    for _ in range(3):
        app.test_client().get("/legal")
    after = read(app)
    assert after[series] - before.get(series, 0) == 3
    times = 'portal_request_seconds_count{endpoint="pages.legal"}'
    assert after[times] - before.get(times, 0) == 3


def test_what_a_stranger_invents_makes_no_series(app):
    client = app.test_client()
    client.get("/made/up")
    before = set(read(app))
    for n in range(5):
        client.get(f"/made/up/{n}?token={n}")
        client.open("/made/up", method=f"VERB{n}")
    new = set(read(app)) - before
    assert all(re.search(r'endpoint="(none|metrics\.serve_metrics)"', name) for name in new)
    assert not re.search(r"VERB|made|up/", " ".join(new))
    assert 'portal_requests_total{endpoint="none",method="other",status="404"}' in new | before


def test_letters_that_wait_are_told_with_the_age_of_the_oldest(app):
    old, given_up, sent = (
        outbox.queue_letter("test", address="a@demo.example", locale="fr") for _ in range(3)
    )
    outbox.queue_letter("test", address="a@demo.example", locale="fr")
    old.created_at = clock.now() - timedelta(hours=2)
    given_up.given_up_at = sent.sent_at = clock.now()
    told = read(app)
    assert told["portal_outbox_waiting"] == 2
    assert told["portal_outbox_given_up"] == 1
    assert told["portal_outbox_oldest_seconds"] == pytest.approx(7200, abs=60)


def test_an_empty_outbox_has_no_age(app):
    assert read(app)["portal_outbox_oldest_seconds"] == 0


def test_open_sessions_are_counted_and_ended_ones_are_not(app):
    person = make.person()
    ended = accounts.open_session(person)
    accounts.open_session(person)
    ended.session.ended_at = clock.now()
    assert read(app)["portal_sessions_open"] == 1


def test_an_installation_without_a_copy_says_so_and_one_with_says_how_old_it_is(app):
    assert read(app)["portal_backup_age_seconds"] == math.inf
    with clock.frozen_at(clock.now() - timedelta(hours=5)):
        assert record_copy_or_check_in_trail(BACKED_UP, made_at="", rows=1, files=0, size=1)
    told = read(app)
    assert told["portal_backup_age_seconds"] == pytest.approx(5 * 3600, abs=60)
    assert 0 < told["portal_disk_free_ratio"] < 1


def test_deliveries_that_are_due_are_late_and_those_of_a_paused_webhook_are_not(app, project):
    id_ = webhooks.tested(make.role(project.id, Role.TEAM_LEAD), project.id)
    assert read(app)["portal_webhooks_late_seconds"] < 60
    delivery = db.session.query(WebhookDelivery).one()
    delivery.due_at = clock.now() - timedelta(hours=1)
    assert read(app)["portal_webhooks_late_seconds"] == pytest.approx(3600, abs=60)
    db.session.get(Webhook, id_).paused_at = clock.now()
    assert read(app)["portal_webhooks_late_seconds"] == 0


def test_it_says_which_portal_this_is(app):
    assert any(f'version="{version()}"' in name for name in read(app))


def test_connections_in_use_go_back_to_none(app):
    app.test_client().get("/health/ready")
    assert read(app)["portal_database_connections_in_use"] <= 1  # the reading's own
    assert read(app)["portal_database_connections_limit"] >= 5


def test_a_database_that_is_down_leaves_the_rest_readable(app, monkeypatch):
    def refuse(*_args: object, **_more: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("down"))

    monkeypatch.setattr("portal.platform.web.metrics.read_outbox_backlog", refuse)
    told = read(app)
    assert told["portal_database_up"] == 0
    assert "portal_outbox_waiting" not in told
    assert any(name.startswith("portal_requests_total") for name in told)


def test_counting_asks_no_database(app, statements):
    app.test_client().get("/health/live")
    assert statements == []


def test_no_person_is_in_what_is_told(app, browser_for):
    person = make.person(name="Camille Unique", email="camille@demo.example", handle="camille")
    browser_for(person).visit("/profile")
    text = app.test_client().get("/metrics").text
    assert not re.search(r"camille", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 404),
        ({"Authorization": "Bearer another token entirely"}, 404),
        ({"Authorization": f"Basic {TOKEN}"}, 404),
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7"}, 200),
    ],
    ids=["nothing", "another token", "another scheme", "the token", "through a proxy"],
)
def test_a_token_opens_to_whoever_has_it(make_app, sent, status):
    app = make_app(METRICS_TOKEN=TOKEN)
    assert app.test_client().get("/metrics", headers=sent).status_code == status


@pytest.mark.parametrize(
    ("peer", "sent", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
    ],
    ids=["loopback", "loopback 6", "away", "socket", "proxied", "proxied here", "forged"],
)
@pytest.mark.parametrize("hops", ["0", "1"], ids=["no hop", "one hop"])
def test_without_a_token_only_this_machine_reads(make_app, peer, sent, status, hops):
    app = make_app(PROXY_HOPS=hops)
    answer = app.test_client().get("/metrics", headers=sent, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == status
