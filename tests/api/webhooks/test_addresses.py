"""Addresses of webhooks: what nothing can be sent to is refused when it is given, page and API."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.api.webhooks.labels import REFUSED_ADDRESSES
from portal.api.webhooks.models import Webhook
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.outgoing.addresses import RefusedAddress, check_url_without_resolving
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import client
from tests.support.webhooks import read, webhook

VAIN = {
    "http://forge.example/hook": "insecure",
    "https://127.0.0.1/hook": "private",
    "https://127.1/": "private",
    "https://2130706433/": "private",
    "https://0x7f.0.0.1/": "private",
    "https://10.0.0.8/": "private",
    "https://169.254.169.254/latest": "private",
    "https://[::1]/": "private",
    "https://[fe80::1]/": "private",
    "https://[::ffff:192.168.1.1]/": "private",
    "https://[64:ff9b::a00:1]/": "private",
    "https://localhost/": "private",
    "https://forge.localhost./": "private",
    "https://forge/hook": "private",
    "https://forge.internal/": "private",
    "https://forge.local/": "private",
    "https://box.home.arpa/": "private",
    "https://forge.example:22/": "port",
    "https://forge.example:80/": "port",
    "https://ada:secret@forge.example/": "url",
}
PLAIN = {"http://localhost:9000/": True, "http://127.0.0.1:9000/": True, "http://forge.example/": False}
FINE = ("https://forge.example/hook", "https://forge.example:8443/", "https://93.184.216.34/")


@pytest.fixture
def lead(project: Project) -> Person:
    return make.role(project.id, Role.TEAM_LEAD)


@pytest.mark.parametrize("url", VAIN)
def test_a_vain_address_is_refused_beside_its_field(
    app: Flask, project: Project, lead: Person, browser_for, url: str
):
    sentence = str(REFUSED_ADDRESSES[VAIN[url]])
    answer = client(app, lead).post(f"/scopes/{project.id}/webhooks", {"name": "n", "url": url})
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [{"pointer": "/url", "detail": sentence}]
    sent = {"name": "n", "url": url, "form_key": "k"}
    page = browser_for(lead).open(f"/webhooks/of/{project.id}", method="POST", data=sent)
    assert page.status_code == 422
    field = BeautifulSoup(page.get_data(), "lxml").select_one("input[name=url]").parent
    assert sentence in field.get_text()
    assert db.session.query(Webhook).count() == 0


@pytest.mark.parametrize("url", PLAIN)
def test_loopback_alone_may_be_plain_where_it_is_allowed(url: str):
    if PLAIN[url]:
        check_url_without_resolving(url, allows_loopback=True)
    else:
        with pytest.raises(RefusedAddress, match="insecure"):
            check_url_without_resolving(url, allows_loopback=True)


@pytest.mark.parametrize("url", FINE)
def test_what_may_be_sent_to_is_taken(app: Flask, project: Project, lead: Person, url: str):
    answer = client(app, lead).post(f"/scopes/{project.id}/webhooks", {"name": "n", "url": url})
    assert answer.status_code == 201


def test_a_secret_is_not_replaced_while_the_earlier_one_signs(
    app: Flask, project: Project, lead: Person, browser_for
):
    hook, _secret = webhook(lead, project.id, FINE[0])
    api = client(app, lead)
    assert api.post(f"/webhooks/{hook}/rotate").status_code == 200
    before = read(hook).secret, read(hook).earlier_secret
    refused = api.post(f"/webhooks/{hook}/rotate")
    assert refused.status_code == 409
    assert "signe encore jusqu’au" in refused.get_json()["detail"]
    assert refused.get_json()["code"] == "overtaken"
    assert refused.get_json()["title"].startswith("C’est déjà fait")
    page = browser_for(lead).open(f"/webhooks/{hook}/rotate", method="POST")
    assert page.status_code == 409
    assert "signe encore jusqu’au" in page.get_data(as_text=True)
    assert (read(hook).secret, read(hook).earlier_secret) == before
    read(hook).rotated_until = clock.now()
    db.session.commit()
    assert api.post(f"/webhooks/{hook}/rotate").status_code == 200


def test_kinds_that_are_named_twice_are_stored_once(app: Flask, project: Project, lead: Person):
    body = {"name": "n", "url": "https://forge.example/hook", "kinds": ["sprint", "gate", "sprint"]}
    created = client(app, lead).post(f"/scopes/{project.id}/webhooks", body)
    assert (created.status_code, created.get_json()["kinds"]) == (201, ["sprint", "gate"])
