from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import UndefinedError

from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.mail import letters
from tests.people.accounts.test_letters import FACTS as FACTS_OF_ACCOUNTS

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "platform/mail/letters"
ID = str(new_id())

# For each kind of letter, facts as its command gives them: a new letter fails until it has a row.
FACTS: dict[str, dict[str, object]] = {
    "invitation": {
        "id": ID,
        "inviter": "Camille Roux",
        "place_fr": "AMI IA 2018",
        "place_en": "AI call 2018",
        "role": "Coach",
        "expires_at": "2026-12-08T10:00:00+00:00",
    },
    "accounts-joined": {"name": "Nour Haddad", "email": "nour@demo.example"},
    "webhook-paused": {"name": "Nour Haddad", "webhook": "forge", "id": ID, "reason": "closed"},
    "reply-refused": {"name": "Nour Haddad", "reason": "empty", "fact_id": ID},
} | FACTS_OF_ACCOUNTS
AT = "http://127.0.0.1:8000/inbox"
SAID = {"sentence": "Camille Roux vous mentionne", "url": f"{AT}/1"}
WAYS_OUT = {"name": "Nour Haddad", "stop": f"{AT}/stop", "choose": f"{AT}/choose", "inbox": AT}
# Of what is found out when the letter is written.
TOLD: dict[str, dict[str, object]] = {
    "notice": WAYS_OUT
    | {"lines": [SAID, SAID], "place": "DGAL", "kind": "Quelqu’un me mentionne", "can_reply": True},
    "digest": WAYS_OUT
    | {"count": 42, "places": [("DGAL", [SAID]), ("", [SAID])], "more": 40, "names": "DGAL"}
    | {"to_decide": 2, "to_decide_url": "http://127.0.0.1:8000/to-decide"}
    | {"sections": [("Alertes", [SAID])]},
}


def row(kind: str = "invitation", **given: object) -> OutboxMessage:
    usual = {
        "address": "nour@demo.example",
        "locale": "fr",
        "facts": (FACTS | TOLD)[kind],
        "message_key": "0199c0ffee",
        "created_at": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    }
    return OutboxMessage(kind=kind, **usual | given)


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def kinds() -> set[str]:
    return {path.stem for path in TEMPLATES.iterdir()} - {"layout"}


def test_every_letter_has_its_two_templates_and_its_facts_here():
    both = {path.name for path in TEMPLATES.iterdir()}
    assert both == {f"{kind}.{suffix}" for kind in kinds() | {"layout"} for suffix in ("txt", "html")}
    assert kinds() == FACTS.keys() | TOLD.keys()


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(FACTS | TOLD))
def test_every_letter_reads_in_both_languages(app: Flask, kind: str, locale: str):
    letter = letters.build_letter_with_content(
        row(kind, locale=locale), letters.LetterContent((FACTS | TOLD)[kind])
    )
    assert letter["Subject"]
    assert letter["Content-Language"] == locale
    text, page = part(letter, "plain"), BeautifulSoup(part(letter, "html"), "html.parser")
    assert page.html["lang"] == locale
    assert page.title.text == page.h1.text == letter["Subject"]
    name = (FACTS | TOLD)[kind].get("name")  # an invitation does not know it yet
    greeting = {"fr": "Bonjour", "en": "Hello"}[locale] + (f" {name}," if name else ",")
    assert greeting in text
    assert greeting in page.text
    links = {link["href"] for link in page.select("a")}
    assert all(link.startswith("http://127.0.0.1:8000") for link in links)
    assert all(link in text for link in links)
    assert not page.select("img, style, script, [style]"), "nothing to fetch, nothing inline"
    assert "\n\n\n" not in text.strip()


def test_what_every_mail_program_is_told(app):
    letter = letters.build_letter_message(row())
    assert letter["From"] == "Portail des lauréats <portail@localhost.example>"
    assert letter["To"] == "nour@demo.example"
    assert letter["Subject"] == "Invitation à rejoindre AMI IA 2018"
    assert letter["Date"] == "Tue, 24 Nov 2026 09:30:00 +0000"
    assert letter["Message-ID"] == "<0199c0ffee@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["MIME-Version"] == "1.0"
    assert letter.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter.as_bytes() == letter.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert max(len(line) for line in letter.as_bytes().splitlines()) <= 998  # RFC 5322, 2.1.1


@pytest.mark.parametrize("header", ["List-Unsubscribe", "In-Reply-To", "References"])
def test_what_machines_read_is_whole_however_long(app, header):
    """Mail programs do not decode encoded words in these headers (unsubscribe, threads)."""
    value = f"<{'a' * 60}@{'portail.' * 6}gouv.fr>"
    told = letters.LetterContent(FACTS["invitation"], headers={header: value})
    assert f"\r\n{header}: {value}\r\n".encode() in letters.build_letter_with_content(row(), told).as_bytes()
    with pytest.raises(ValueError, match="linefeed"):
        letters.build_letter_with_content(
            row(), letters.LetterContent(told.facts, headers={header: "a\nBcc: b@c.fr"})
        )


def test_dates_are_those_of_the_reader(app):
    assert "8 décembre 2026" in part(letters.build_letter_message(row()), "plain")
    assert "8 December 2026" in part(letters.build_letter_message(row(locale="en")), "plain")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x00\n"])
def test_no_fact_makes_a_header(app, end):
    facts = FACTS["invitation"] | {"place_fr": f"AMI{end}Bcc: victim@demo.example{end}{end}Body"}
    letter = letters.build_letter_message(row(facts=facts))
    assert letter["Bcc"] is None
    lines = letter.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert not [line for line in lines if line.lower().startswith(b"bcc")]


@pytest.mark.parametrize(
    "address", ["a@demo.example\r\nBcc: b@demo.example", "a@demo.example, b@demo.example", "", "a"]
)
def test_no_address_is_two_or_none(app, address):
    with pytest.raises(letters.WRITING_ERRORS):
        letters.build_letter_message(row(address=address))


def test_what_people_typed_is_text_in_the_page(app):
    facts = FACTS["invitation"] | {"inviter": "<script>alert(1)</script>"}
    letter = letters.build_letter_message(row(facts=facts))
    assert "<script>" not in part(letter, "html")
    assert "<script>alert(1)</script>" in part(letter, "plain")


def test_a_long_subject_is_cut(app):
    facts = FACTS["invitation"] | {"place_fr": "é" * 500}
    assert len(letters.build_letter_message(row(facts=facts))["Subject"]) == letters.SUBJECT_MAX


def test_a_missing_fact_is_a_fault_not_a_blank(app):
    with pytest.raises(UndefinedError):
        letters.build_letter_message(row(facts={"id": ID}))


def test_a_subject_is_read_alone_or_the_kind_instead(app):
    assert letters.render_subject_or_kind(row(locale="en")) == "Invitation to join AI call 2018"
    assert letters.render_subject_or_kind(row(facts={})) == "invitation"
    assert letters.render_subject_or_kind(row(kind="invitation")) != "invitation"
    gone = OutboxMessage(kind="gone", locale="fr", facts={})
    assert letters.render_subject_or_kind(gone) == "gone"


def test_links_are_absolute_and_sealed_for_their_purpose(make_app):
    app = make_app(PUBLIC_BASE_URL="https://portail.example.gouv.fr/lauréats/")
    with app.app_context():
        base = "https://portail.example.gouv.fr/lauréats"
        assert letters.page_url("letters.index", state="sent") == f"{base}/letters?state=sent"
        link = letters.sealed_url("invitations.show_invitation", "invitation", ID)
        assert link.startswith(f"{base}/invitations/")
        token = link.rpartition("/")[2]
        assert str(get_service(TokenSealer, app).open("invitation", token)) == ID
        assert get_service(TokenSealer, app).open("another", token) is None
        with app.test_request_context(base_url="https://evil.example"):
            assert letters.page_url("pages.legal") == f"{base}/legal"


def test_iso_text_becomes_a_day_or_an_aware_moment():
    assert letters.parse_iso_day_or_moment("2026-11-24").isoformat() == "2026-11-24"
    assert letters.parse_iso_day_or_moment("2026-11-24T10:00:00+00:00") == datetime(
        2026, 11, 24, 10, tzinfo=UTC
    )
    with pytest.raises(ValueError, match="time zone"):
        letters.parse_iso_day_or_moment("2026-11-24T10:00:00")
