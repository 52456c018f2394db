"""Replies by mail: parsed, then published as comments or refused with a reason."""

import io
import json
import time
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import COMMENT_MAX, Comment, Thread
from portal.collaboration.discussions.thread_queries import count_unread_of_scope
from portal.communication.inbound_mail.mail_documents import UnreadableMail, parse_mail
from portal.communication.notifications.models import Notification
from portal.communication.notifications.reply_address_queries import find_replied_notification, reply_address
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer
from tests.communication.notifications.conftest import team as team  # noqa: PLC0414  a fixture
from tests.communication.notifications.conftest import told
from tests.support import factories as make

DOMAIN = "reponses.example.fr"
WROTE = "2026 à 10:02, Portail <p@example.fr> a écrit :\n"
QUOTES = {
    "Gmail": f"Le mar. 24 nov. {WROTE}\n> Bonjour",
    "Thunderbird": "Le 24/11/2026 à 10:02, Portail a écrit :\n> Bonjour Nour,\n>\n> Léa vous mentionne",
    "Gmail, folded": "Le mar. 24 nov. 2026 à 10:02, Portail des lauréats du programme\n"
    "<portail@portail.example.fr> a écrit :\n\n> Bonjour",
    "Gmail, folded, English": "On Tue, Nov 24, 2026 at 10:02 AM Portail des lauréats <\n"
    "p@example.fr> wrote:\n\n> Hello",
    "Zimbra": '----- Mail original -----\nDe: "Portail" <p@example.fr>\nObjet: CNAF\n\nBonjour',
    "Outlook, older": "-----Message d'origine-----\nDe : Portail\n\nBonjour Nour,",
    "English": "On Tue, 24 Nov 2026 at 10:02, Portail <p@example.fr> wrote:\n\n> Hello Nour,",
    "Outlook": (
        "________________________________\nDe : Portail <p@example.fr>\nEnvoyé : mardi 24 novembre"
        "\nÀ : nour@demo.example\nObjet : CNAF : Léa vous mentionne\n\nBonjour Nour,"
    ),
    "signature": "-- \nNour Haddad\nCnaf, bureau 12",
    "iPhone": f"Envoyé de mon iPhone\n\nLe 24 nov. {WROTE}> Bonjour",
}


def mail(sender="nour@demo.example", to=f"r-x@{DOMAIN}", text="D’accord.", **headers):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = f"Nour <{sender}>", to
    message["Message-ID"] = "<1@demo.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.mark.parametrize("client", QUOTES)
def test_quotes_and_signatures_are_cut(client):
    words = "D’accord, on le fait jeudi.\n\nQui appelle l’hébergeur ?"
    assert parse_mail(mail(text=f"{words}\n\n{QUOTES[client]}").as_bytes()).text == words


def test_who_writes_below_a_quote_or_quotes_in_words_is_read():
    quote, words = QUOTES["Thunderbird"], "Le 3 décembre convient : Léa a écrit oui."
    assert parse_mail(mail(text=f"{quote}\n\n{words}\n").as_bytes()).text == words
    began = time.monotonic()
    parse_mail(mail(text="Le 1 a\n" * 7000).as_bytes())
    assert time.monotonic() - began < 2


def test_a_page_is_read_as_words_and_nothing_breaks_the_reading():
    page = mail()
    page.set_content(
        "<style>p{}</style><p>Oui,<br>jeudi.</p><blockquote>Bonjour</blockquote>", subtype="html"
    )
    assert parse_mail(page.as_bytes()).text == "Oui,\njeudi."
    for raw in (b"", b"\xff\xfe\0", b"Content-Type: text/plain; charset=klingon\n\nqapla", b"\n" * 9):
        assert isinstance(parse_mail(raw).text, str)


def test_lists_and_long_paragraphs_of_a_reply_are_kept():
    words = "Deux choses :\n- jeudi\n- l’hébergeur\n\n" + "On le fait. " * 60 + "\n\nMerci !"
    assert parse_mail(mail(text=f"{words}\n\n{QUOTES['Gmail']}").as_bytes()).text == words


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("", "On 1 " + "x" * 300_000),
        ("", "On " * 13_000),
        ("", ("On 1 " + "x" * 290 + "\n") * 130),
        ("Content-Type: text/html", "<!--" * 40_000),
        ("Content-Type: text/html", "<a href='" * 18_000),
        ("To: " + "a," * 20_000, "Oui"),
        ("To: a" + "(" * 3000, "Oui"),
        ("Content-Type: text/plain; " + "a=b; " * 50_000, "Oui"),
        ("Content-Type: multipart/mixed; boundary=x", "--x\n\na\n" * 60_000),
        ("Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 3000, "Oui"),
    ],
    ids=range(10),
)
def test_no_mail_however_it_is_built_keeps_its_reader_busy(headers, body):
    began = time.process_time()
    try:
        assert isinstance(parse_mail(f"{headers.strip()}\n\n{body}".encode()).text, str)
    except UnreadableMail as broken:
        assert str(broken)  # noqa: PT017  parsed or refused
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Return_Path": "<>"}, True),
        ({"Precedence": "bulk"}, True),
        ({"List_Id": "<a.example>"}, True),
    ],
)
def test_what_a_machine_sent_is_told_apart(headers, automatic):
    assert parse_mail(mail(**headers).as_bytes()).is_automatic is automatic


@pytest.fixture
def cited(app, team, monkeypatch):
    """Léa mentions Nour; returns the reply address in Nour's mail."""
    settings = replace(get_service(Settings, app), reply_domain=DOMAIN)
    monkeypatch.setitem(app.extensions, Settings, settings)
    team.nour.email = "nour@demo.example"
    discussions.start_thread(make.actor(team.lea), team.project.discussion_id, "@nour un avis ?")
    db.session.commit()
    row = db.session.query(Notification).filter_by(kind="mentioned").one()
    address = reply_address(get_service(TokenSealer, app), row, DOMAIN)
    db.session.commit()
    return address


def take_in(app, message):
    """Deliver a mail with the command; returns its exit code."""
    given = message if isinstance(message, bytes) else message.as_bytes()
    result = app.test_cli_runner().invoke(args=["mail", "receive"], input=io.BytesIO(given))
    return result.exit_code


def texts():
    db.session.rollback()
    return db.session.scalars(sa.select(Comment.body).order_by(Comment.id)).all()


def refusals():
    db.session.rollback()
    found = sa.select(OutboxMessage).where(OutboxMessage.kind == "reply-refused")
    return [(each.address, each.facts["reason"]) for each in db.session.scalars(found)]


def test_a_reply_becomes_a_comment_once(app, team, cited):
    shouted = mail(to=cited.upper().replace(DOMAIN.upper(), DOMAIN))  # a server changed the case
    assert [take_in(app, shouted), take_in(app, shouted)] == [0, 0]
    assert texts() == ["@nour un avis ?", "D’accord."]
    author = db.session.scalars(sa.select(Comment).order_by(Comment.id.desc())).first()
    assert read_person_names([author.author_id])[author.author_id] == "Nour"
    assert told()["Léa"] == ["replied"]
    assert refusals() == []


def test_a_reply_reads_its_thread_as_far_as_the_mail_showed_it(app, team, cited):
    thread, nour, project_id = db.session.query(Thread).one(), make.actor(team.nour), team.project.id
    discussions.reply_to_thread(make.actor(team.lea), thread, "Et ceci ?")
    db.session.commit()
    assert take_in(app, mail(to=cited)) == 0
    db.session.rollback()
    assert count_unread_of_scope(nour, project_id) == 1


@pytest.mark.parametrize(
    ("why", "reason"),
    [("another sender", "other_sender"), ("left", "no_access"), ("empty", "empty"), ("long", "too_long")],
)
def test_what_is_refused_says_why_to_whom_it_was_made_for(app, team, cited, why, reason):
    given = {"to": cited}
    if why == "another sender":
        given["sender"] = "someone@evil.example"
    elif why == "left":
        db.session.execute(sa.text("DELETE FROM role_assignment WHERE role = 'team_member'"))
        db.session.commit()
    else:
        given["text"] = "> Bonjour" if why == "empty" else "mot " * COMMENT_MAX
    assert take_in(app, mail(**given)) == 0
    assert refusals() == [("nour@demo.example", reason)]
    assert len(texts()) == 1


@pytest.mark.parametrize("why", ["machine", "closed account", "forged", "another domain", "old"])
def test_nobody_is_answered_where_nobody_wrote_or_nothing_is_known(app, team, cited, why):
    message = mail(to=cited)
    if why == "machine":
        message = mail(to=cited, Auto_Submitted="auto-replied")
    elif why == "closed account":
        team.nour.disabled_at = clock.now()
    elif why == "forged":
        swapped = "b" if cited[40] == "a" else "a"
        message = mail(to=cited[:40] + swapped + cited[41:])
    elif why == "another domain":
        message = mail(to=cited.replace(DOMAIN, "autre.example"))
    else:
        db.session.execute(sa.delete(Notification))
    db.session.commit()
    known = why in {"machine", "closed account"}
    assert take_in(app, message) == (0 if known else 67)
    assert (refusals(), len(texts())) == ([], 1)


def test_an_address_is_for_one_person_and_short_enough(app, team, cited):
    local_part = cited.partition("@")[0]
    assert len(local_part) <= 64
    sealer = get_service(TokenSealer, app)
    found = find_replied_notification(sealer, local_part)
    assert found is not None
    assert found.person_id == team.nour.id
    other = replace_person(found, team.coach.id)
    assert reply_address(sealer, other, DOMAIN) != cited
    assert json.dumps(local_part).isascii()


def replace_person(row, person_id):
    return Notification(fact_id=row.fact_id, person_id=person_id)
