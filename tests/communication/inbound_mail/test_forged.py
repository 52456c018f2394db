"""Replies that pretend: strictly one sender, nothing parsed for strangers, one letter a day."""

import time

import pytest

from portal.communication.inbound_mail import mail_documents
from portal.communication.inbound_mail.mail_documents import UnreadableMail, parse_mail
from tests.communication.inbound_mail.test_replies import cited as cited  # noqa: PLC0414  a fixture
from tests.communication.inbound_mail.test_replies import mail, refusals, take_in, texts
from tests.communication.notifications.conftest import team as team  # noqa: PLC0414  a fixture

VICTIM, EVIL = "nour@demo.example", "evil@evil.example"


def raw_mail(
    to: str, senders: list[str], body: str = "Bonjour.", kind: str = "text/plain", number: int = 1
) -> bytes:
    headers = [f"From: {sender}" for sender in senders]
    headers += [f"To: {to}", f"Message-ID: <{number}@x>", f"Content-Type: {kind}; charset=utf-8"]
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize(
    "senders",
    [
        [f"{VICTIM} <{EVIL}>"],
        [f'"{VICTIM}" <{EVIL}>'],
        [f"<{VICTIM}> <{EVIL}>"],
        [f"{VICTIM}, {EVIL}"],
        [f"{EVIL}, {VICTIM}"],
        [f"Group: {VICTIM};"],
        [f"Group: {VICTIM}, {EVIL};"],
        [VICTIM, EVIL],
        [EVIL, VICTIM],
        [f"{VICTIM} (comment) <{EVIL}>"],
        [f"Nour <{VICTIM}> {EVIL}"],
        [f"Nour <{VICTIM}>, <{EVIL}>"],
        [f"<@{EVIL}:{VICTIM}>"],
        ["undisclosed"],
        [],
    ],
)
def test_only_one_strict_sender_publishes(app, team, cited, senders):
    assert take_in(app, raw_mail(cited, senders)) == 0
    assert len(texts()) == 1, "nothing was published"
    assert refusals() == [(VICTIM, "other_sender")]


@pytest.mark.parametrize(
    "sender", [VICTIM, f"<{VICTIM}>", f"Nour Haddad <{VICTIM}>", f'"Haddad, Nour" <{VICTIM}>', VICTIM.upper()]
)
def test_the_ways_in_which_people_are_written_publish(app, team, cited, sender):
    assert take_in(app, raw_mail(cited, [sender])) == 0
    assert texts()[-1] == "Bonjour."


def test_forged_replies_write_to_the_victim_once_a_day(app, team, cited):
    for number in range(5):
        assert take_in(app, raw_mail(cited, [EVIL], number=number)) == 0
    assert refusals() == [(VICTIM, "other_sender")]


def test_nothing_of_a_strangers_mail_is_parsed(app, team, cited, monkeypatch):
    def parse(*_args: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("portal.app.command_line.mail.parse_mail", parse)
    assert take_in(app, mail(to="r-nobody@reponses.example.fr")) == 67


@pytest.mark.parametrize("tag", ["b", "div", "font", "blockquote", "table"])
def test_nested_tags_are_refused_in_no_time(app, team, cited, tag):
    """Regression: 160,000 characters of nested tags took 4 to 9 seconds."""
    body = f"<{tag}>" * (160_000 // (len(tag) + 2))
    began = time.process_time()
    assert take_in(app, raw_mail(cited, [VICTIM], body, "text/html")) == 65
    assert time.process_time() - began < 1
    assert len(texts()) == 1


def test_a_usual_page_is_read():
    paragraphs = "<div><p>Un<p>Deux<ul><li>a<li>b</ul></div>" * 500
    assert parse_mail(raw_mail("r@x.fr", [VICTIM], paragraphs, "text/html")).text.startswith("Un")


def test_headers_have_an_end():
    with pytest.raises(UnreadableMail, match="headers"):
        mail_documents.read_addresses(b"X: y\n" * 40_000 + b"\nbody")
