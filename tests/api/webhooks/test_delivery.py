"""Deliveries: made of the trail without gaps, signed, tried again, replayed; nothing lost or blocked."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import standardwebhooks
from flask import Flask

from portal.api.webhooks import commands, delivery_rules, jobs, labels
from portal.api.webhooks.models import DeliveryState, PauseReason, Webhook, WebhookDelivery
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.outgoing.client import OutgoingClient, OutgoingFailed
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import http_server
from tests.support.api import client
from tests.support.http_server import Answer, Asked
from tests.support.ports import free_port
from tests.support.webhooks import read, webhook

ITEM = {"items": [{"title": "Lire"}]}
SLOW = Answer(200, b"late")


@pytest.fixture(autouse=True)
def _receivers_here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Receivers of these tests are on this machine, which production refuses; none is waited for."""
    monkeypatch.setattr(jobs, "SECONDS", 3)
    settings, outgoing = get_service(Settings), get_service(OutgoingClient)
    provide_service(app, replace(settings, outgoing_loopback=True))
    provide_service(app, OutgoingClient((), allows_loopback=True))
    yield
    provide_service(app, settings)
    provide_service(app, outgoing)


@pytest.fixture
def lead(project: Project) -> Person:
    return make.role(project.id, Role.TEAM_LEAD)


def deliveries() -> list[WebhookDelivery]:
    db.session.rollback()
    return db.session.query(WebhookDelivery).order_by(WebhookDelivery.number).all()


def make_due() -> None:
    db.session.query(WebhookDelivery).update({"due_at": clock.now()})
    db.session.commit()


def test_what_happens_is_sent_signed_and_numbered(app: Flask, project: Project, lead: Person):
    seen: list[Asked] = []
    with http_server.serve(lambda asked: seen.append(asked) or Answer(204)) as url:
        hook, secret = webhook(lead, project.id, url, "item")
        actor = make.actor(lead)
        api = client(app, lead)
        for _ in range(3):
            assert api.post("/projects/heron/items", ITEM).status_code == 201
        assert api.get("/projects/heron").status_code == 200
        assert jobs.run_webhooks() == 3
        assert jobs.run_webhooks() == 0
        rotated = commands.rotate_secret(actor, read(hook))
        db.session.commit()
        api.post("/projects/heron/items", ITEM)
        assert jobs.run_webhooks() == 1
    assert [json.loads(asked.body)["number"] for asked in seen] == [1, 2, 3, 4]
    for asked in seen[:3]:
        content = standardwebhooks.Webhook(secret).verify(asked.body, asked.headers)
        assert content["data"]["action"] == content["type"] == "item.added"
        assert "Lire" not in asked.body.decode()
        assert len(asked.body) < 20_000
    for valid in (secret, rotated):
        standardwebhooks.Webhook(valid).verify(seen[3].body, seen[3].headers)
    assert {delivery.state for delivery in deliveries()} == {DeliveryState.DELIVERED}


def test_a_receiver_of_a_programme_gets_its_projects_and_no_other(app: Flask, project: Project):
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    own = client(app, lead)
    stranger = make.role(make.project(slug="stork").id, Role.TEAM_MEMBER)
    with http_server.serve(lambda _asked: Answer(200)) as url:
        webhook(lead, project.programme_id, url)
        client(app, stranger).post("/projects/stork/items", ITEM)
        client(app, make.role(project.id, Role.TEAM_MEMBER)).post("/projects/heron/items", ITEM)
        jobs.run_webhooks()
    assert [delivery.kind for delivery in deliveries()] == ["item.added"]
    path = f"/webhooks/{db.session.scalars(sa.select(Webhook.id)).one()}/deliveries"
    assert [each["number"] for each in own.get(path).get_json()["data"]] == [1]
    assert own.get(f"{path}?after=1").get_json()["data"] == []
    assert own.get(f"{path}?state=failed").get_json()["data"] == []
    assert len(own.get(f"{path}?after=0&state=delivered").get_json()["data"]) == 1


@pytest.fixture
def _impatient(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal waits little for a slow answer."""
    if answer is SLOW:
        monkeypatch.setattr(jobs, "SECONDS", 0.3)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(500), "500"),
        (Answer(302, headers={"Location": "http://127.0.0.1:9/"}), "redirect"),
        (None, "network"),
        (SLOW, "timeout"),
        (Answer(200, b"x" * 100_000), "too_large"),
    ],
)
@pytest.mark.usefixtures("_impatient")
def test_what_fails_is_tried_again(app: Flask, project: Project, lead: Person, answer: Answer, fault: str):
    answers = [answer, Answer(200)]

    def reply(_asked: Asked) -> Answer | None:
        answer = answers.pop(0)
        if answer is SLOW:
            time.sleep(1)
        return answer

    with (
        http_server.serve(reply) as url,
        http_server.serve(lambda _asked: Answer(200)) as other,
    ):
        webhook(lead, project.id, url)
        webhook(lead, project.id, other)
        client(app, lead).post("/projects/heron/items", ITEM)
        assert jobs.run_webhooks() == 2  # the other one is not held up
        (failed,) = [delivery for delivery in deliveries() if delivery.fault]
        assert (failed.state, failed.fault, failed.attempts) == (DeliveryState.WAITING, fault, 1)
        assert failed.due_at > clock.now()
        make_due()
        assert jobs.run_webhooks() == 1
    assert {delivery.state for delivery in deliveries()} == {DeliveryState.DELIVERED}


def test_a_receiver_that_refuses_holds_up_nobody(app: Flask, project: Project, lead: Person):
    with http_server.serve(lambda _asked: Answer(200)) as url:
        webhook(lead, project.id, f"http://127.0.0.1:{free_port()}/")
        webhook(lead, project.id, url)
        client(app, lead).post("/projects/heron/items", ITEM)
        assert jobs.run_webhooks() == 2
    states = {(each.state, each.fault) for each in deliveries()}
    assert states == {(DeliveryState.WAITING, "network"), (DeliveryState.DELIVERED, "")}


def test_a_slow_receiver_holds_up_nobody_and_is_noted_by_the_next_run(
    app: Flask, project: Project, lead: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs, "PATIENCE", 0.3)
    go_on, told = threading.Event(), []

    def reply_late(_asked: Asked) -> Answer:
        go_on.wait(20)
        return Answer(200)

    with (
        http_server.serve(reply_late) as slow,
        http_server.serve(lambda asked: told.append(asked) or Answer(200)) as fast,
    ):
        slow_hook, _secret = webhook(lead, project.id, slow)
        webhook(lead, project.id, fast)
        for _ in range(3):
            client(app, lead).post("/projects/heron/items", ITEM)
        assert jobs.run_webhooks() == 3
        assert len(told) == 3
        go_on.set()
        assert jobs.run_webhooks() == 3
    late = [each for each in deliveries() if each.webhook_id == slow_hook]
    assert [each.attempts for each in late] == [1, 1, 1]
    assert {each.state for each in deliveries()} == {DeliveryState.DELIVERED}


def test_a_dead_end_ends_what_waits_at_once(app: Flask, project: Project, lead: Person):
    told: list[Asked] = []
    with http_server.serve(lambda asked: told.append(asked) or Answer(410)) as url:
        webhook(lead, project.id, url)
        for _ in range(3):
            client(app, lead).post("/projects/heron/items", ITEM)
        assert jobs.run_webhooks() == 1
    assert len(told) == 1


def test_a_dead_end_pauses_and_is_told(app: Flask, project: Project, lead: Person):
    with http_server.serve(lambda _asked: Answer(410)) as url:
        hook, _secret = webhook(lead, project.id, url)
        api = client(app, lead)
        api.post("/projects/heron/items", ITEM)
        jobs.run_webhooks()
        api.post("/projects/heron/items", ITEM)
        jobs.run_webhooks()
    db.session.rollback()
    assert db.session.query(Webhook).one().pause_reason is PauseReason.CLOSED
    assert [letter.kind for letter in db.session.query(OutboxMessage)] == ["webhook-paused"]
    # What happened meanwhile has its number; the receiver lists it and asks for it again.
    missed = api.get(f"/webhooks/{hook}/deliveries").get_json()["data"]
    assert [(row["number"], row["state"], row["fault"]) for row in missed] == [
        (1, "failed", "410"),
        (2, "failed", "paused"),
    ]
    replay = f"/webhooks/{hook}/deliveries/2/replay"
    assert api.ask("POST", replay).get_json()["code"] == "too_late"
    assert api.ask("POST", f"/webhooks/{hook}/resume").status_code == 200
    assert api.ask("POST", replay).get_json()["state"] == "waiting"


def test_ten_tries_take_three_days():
    now, tries = datetime(2026, 11, 28, tzinfo=UTC), 0
    at = now
    while (later := delivery_rules.next_try_at(tries + 1, at, "", lambda: 0.5)) is not None:
        tries, at = tries + 1, later
    assert (tries + 1, at - now) == (10, timedelta(hours=75, minutes=35, seconds=5))
    for asked, seconds in (("3600", 3600), ("nonsense", 5), ("99999999", 5), ("9999999", 86400)):
        assert delivery_rules.next_try_at(1, now, asked, lambda: 0.5) == now + timedelta(seconds=seconds)
    spread = [delivery_rules.next_try_at(2, now, "", lambda share=share: share) for share in (0, 1)]
    assert [at - now for at in spread] == [timedelta(seconds=270), timedelta(seconds=330)]


def test_a_worker_that_dies_sends_it_again(app: Flask, project: Project, lead: Person):
    with http_server.serve(lambda _asked: Answer(200)) as url:
        webhook(lead, project.id, url)
        client(app, lead).post("/projects/heron/items", ITEM)
        for hook_id in [row.id for row in db.session.query(Webhook)]:
            db.session.rollback()
            jobs._create_next_deliveries(hook_id)
        assert len(jobs._claim_due_deliveries((), jobs.AT_ONCE)) == 1  # and dies
        assert jobs.run_webhooks() == 0  # until the lease is over
        make_due()
        assert jobs.run_webhooks() == 1
    assert [(each.attempts, each.state) for each in deliveries()] == [(2, DeliveryState.DELIVERED)]


def test_private_addresses_are_never_asked(app: Flask, project: Project, lead: Person):
    provide_service(app, replace(get_service(Settings), outgoing_loopback=False))
    with pytest.raises(RuleBroken):
        webhook(lead, project.id, "http://receiver.example")
    provide_service(app, OutgoingClient((), resolve=lambda _host, _port: ["10.0.0.1"]))
    hook, _secret = webhook(lead, project.id, "https://receiver.example/hook")
    commands.queue_test_delivery(read(hook))
    db.session.commit()
    jobs.run_webhooks()
    assert [each.fault for each in deliveries()] == ["private"]


def test_the_pages_create_test_and_pause(browser_for, project: Project, lead: Person):
    browser = browser_for(lead)
    place = f"/webhooks/of/{project.id}"
    assert browser.visit("/profile/tokens").find("a", href=place)
    typed = {"name": "forge", "url": "http://127.0.0.1:9009/", "form_key": "k"}
    browser.open(place, method="POST", data=typed)
    page = browser.visit(f"/webhooks/{db.session.query(Webhook.id).scalar()}")
    assert page.select_one("#shown-once")["value"].startswith("whsec_")
    hook = db.session.query(Webhook.id).scalar()
    browser.submit(f"/webhooks/{hook}/test")
    browser.submit(f"/webhooks/{hook}/pause")
    assert "En pause" in browser.visit(f"/webhooks/{hook}").text
    db.session.rollback()
    with pytest.raises(TooLate):
        commands.queue_test_delivery(db.session.query(Webhook).one())
    browser.submit(f"/webhooks/{hook}/delete")
    assert db.session.query(WebhookDelivery).count() == 0


def test_a_page_says_in_words_why_a_delivery_was_not_received():
    told = {
        fault: labels.delivery_state(WebhookDelivery(state=DeliveryState.FAILED, fault=fault))
        for fault in ("", "500", "network", "timeout", "private", "paused")
    }
    assert told["500"] == "Non reçu (réponse 500)"
    assert told["network"] == "Non reçu (pas de connexion)"
    assert not any(fault in told[fault] for fault in ("network", "timeout", "private", "paused"))
    assert told[""] == "Non reçu"
    codes = re.findall(r"`(\w+)`", OutgoingFailed.__doc__ or "")
    assert set(codes) - {"code", "credentials"} <= labels.FAULTS.keys()
