"""The way out: hosts, addresses, redirects, credentials, sizes, times."""

import logging
import re
from pathlib import Path

import pytest

from portal.platform.kernel.secret_box import SecretBox
from portal.platform.outgoing import client as outgoing
from portal.platform.outgoing.addresses import RefusedAddress, check_url
from portal.platform.outgoing.client import Credentials, OutgoingClient, OutgoingFailed
from tests.support.http_server import Answer, serve

HOSTS = frozenset({"api.example"})
LOCAL = {"127.0.0.1", "localhost"}


def resolves_to(*addresses):
    return lambda _host, _port: addresses


@pytest.fixture
def local():
    return OutgoingClient(LOCAL, allows_loopback=True)


@pytest.mark.parametrize(
    ("url", "address", "code"),
    [
        ("https://api.example/x", "10.0.0.1", "private"),
        ("https://api.example/x", "127.0.0.1", "private"),
        ("https://api.example/x", "169.254.169.254", "private"),
        ("https://api.example/x", "::ffff:192.168.0.1", "private"),
        ("https://api.example/x", "64:ff9b::7f00:1", "private"),
        ("https://api.example/x", "2002:7f00:1::", "private"),
        ("https://api.example/x", "224.0.0.1", "private"),
        ("https://api.example/x", "0.0.0.0", "private"),
        ("http://api.example/x", "93.184.215.14", "insecure"),
        ("https://other.example/x", "93.184.215.14", "host"),
        ("https://me:secret@api.example/x", "93.184.215.14", "url"),
        ("https://api.example\\@other.example", "93.184.215.14", "url"),
        ("ftp://api.example/x", "93.184.215.14", "url"),
        ("https://[::1", "93.184.215.14", "url"),
        ("file:///etc/passwd", "93.184.215.14", "url"),
    ],
)
def test_what_is_refused_before_anything_is_sent(url, address, code):
    with pytest.raises(RefusedAddress) as refused:
        check_url(url, HOSTS, resolves_to(address))
    assert refused.value.code == code


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(RefusedAddress):
        check_url("https://api.example", HOSTS, resolves_to("93.184.215.14", "192.168.1.1"))
    target = check_url("https://API.example:8443/a?b=c", HOSTS, resolves_to("93.184.215.14"))
    assert (target.address, target.authority, target.path) == ("93.184.215.14", "api.example:8443", "/a?b=c")
    public = check_url("https://anyone.example", None, resolves_to("2606:4700::1111"))
    assert public.address == "2606:4700::1111"


def test_the_connection_goes_to_the_address_that_was_checked(local):
    """A name that answers otherwise the second time gains nothing."""
    answers = iter([("127.0.0.1",), ("10.0.0.1",)])
    seen = []
    with serve(lambda asked: seen.append(asked.headers["host"]) or Answer(body=b"yes")) as url:
        port = url.rpartition(":")[2]
        rebinding = OutgoingClient(
            {"api.example"}, allows_loopback=True, resolve=lambda _host, _port: next(answers)
        )
        assert rebinding.send("GET", f"http://api.example:{port}/").body == b"yes"
        with pytest.raises(OutgoingFailed, match="private"):
            rebinding.send("GET", f"http://api.example:{port}/")
    assert seen == [f"api.example:{port}"]
    with pytest.raises(OutgoingFailed, match="private"):
        OutgoingClient(LOCAL).send("GET", "http://127.0.0.1:9/")


def test_credentials_stay_on_their_host_and_redirects_among_hosts(local, caplog):
    seen = {}

    def answer(asked):
        seen[asked.path] = asked.headers.get("authorization")
        if asked.path == "/away":
            return Answer(302, headers={"Location": "https://elsewhere.example/"})
        if asked.path == "/round":
            return Answer(302, headers={"Location": "/round"})
        return Answer(302, headers={"Location": "/end"}) if asked.path == "/start" else Answer(body=b"end")

    caplog.set_level(logging.DEBUG)
    token = Credentials("127.0.0.1", "Bearer very-secret")
    with serve(answer) as url:
        local.send("GET", f"{url}/direct", credentials=token)
        assert local.send("GET", f"{url}/start", credentials=token).body == b"end"
        for path, code in (("/away", "host"), ("/round", "redirect")):
            with pytest.raises(OutgoingFailed) as failed:
                local.send("GET", url + path)
            assert failed.value.code == code
        with pytest.raises(OutgoingFailed, match="redirect"):
            local.send("POST", f"{url}/start", body=b"{}")
        with pytest.raises(OutgoingFailed, match="credentials"):
            local.send("GET", f"{url}/x", credentials=Credentials("api.example", "Bearer x"))
    assert seen["/end"] is None  # a redirect carries none
    assert seen["/direct"] == "Bearer very-secret"
    assert "/x" not in seen
    assert "secret" not in repr(token)
    assert "/start" not in caplog.text


def test_bodies_are_bounded_and_never_unpacked(local, monkeypatch):
    answers = {
        "/large": Answer(body=b"x" * 2000),
        "/packed": Answer(body=b"x", headers={"Content-Encoding": "gzip"}),
        "/cut": Answer(body=b"x" * 500, is_cut=True),
        "/missing": Answer(404, body=b"x" * 2000),
    }
    with serve(lambda asked: answers.get(asked.path)) as url:
        for path, code in (("/large", "too_large"), ("/packed", "encoding"), ("/cut", "network")):
            with pytest.raises(OutgoingFailed) as failed:
                local.send("GET", url + path, largest=1000)
            assert failed.value.code == code
        with pytest.raises(OutgoingFailed, match="network"):
            local.send("GET", f"{url}/closed")
        pieces = []
        assert local.download_in_pieces(f"{url}/missing", pieces.append, 1000) == 404
        assert pieces == []
        monkeypatch.setattr(outgoing, "TOTAL_SECONDS", -1.0)
        with pytest.raises(OutgoingFailed, match="timeout"):
            local.send("GET", f"{url}/large")


def test_a_secret_is_opened_by_its_installation_alone():
    old, new = SecretBox(["old key"]), SecretBox(["new key", "old key"])
    closed = old.close("jeton d’accès")
    assert "jeton" not in closed
    assert new.open(closed) == "jeton d’accès"
    assert old.open(new.close("x")) is None
    assert old.open("rubbish") is None


def test_no_other_module_asks_another_service_over_http():
    root = Path(outgoing.__file__).parents[2]
    pattern = r"^\s*(?:import|from) (?:httpx|requests|urllib3|urllib\.request|http\.client|aiohttp)\b"
    asking = {path.name for path in root.rglob("*.py") if re.search(pattern, path.read_text(), re.M)}
    assert asking == {"client.py"}
