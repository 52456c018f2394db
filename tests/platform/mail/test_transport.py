import ssl
import time

import pytest

from portal.platform.kernel.mail_settings import parse_mail_url
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import letters, sending, transport
from portal.platform.mail.transport import (
    FolderTransport,
    LetterDeferred,
    LetterRefused,
    MailServerUnavailable,
    SmtpTransport,
    choose_transport,
)
from tests.platform.mail.test_letters import row
from tests.support import smtp
from tests.support.ports import free_port
from tests.support.smtp import PASSWORD, USER

SECRET = "portal:p%40ss%2Fword"


@pytest.fixture(params=["sqlite"])
def house(request, make_app):
    """These tests need no database."""
    return make_app(), None


@pytest.fixture
def letter(house):
    with house[0].app_context():
        yield letters.build_letter_message(row())


def post(url: str, timeout: float = 5, whole: float = 30) -> SmtpTransport:
    server = parse_mail_url(url)
    assert server is not None
    return SmtpTransport(server, "portail@demo.example", "portail.demo.example", timeout, whole)


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate that this machine trusts, for the server."""
    paths = smtp.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    return shown(paths)


def shown(paths) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    return context


def test_a_server_gets_the_letter_as_it_was_written(letter, office):
    post(office.url).send(letter)
    (received,) = office.received
    assert received["Message-ID"] == letter["Message-ID"]
    assert received["Subject"] == "Invitation à rejoindre AMI IA 2018"
    for kind in ("plain", "html"):
        sent = letter.get_body((kind,)).get_content()
        assert received.get_body((kind,)).get_content().splitlines() == sent.splitlines()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("450 busy", LetterDeferred),
        ("421 closing", LetterDeferred),
        ("550 5.1.1 unknown", LetterRefused),
        ("552 full", LetterRefused),
    ],
)
def test_an_answer_about_the_reader_is_for_now_or_for_ever(letter, office, answer, kind):
    office.answers["nour@demo.example"] = [answer]
    with pytest.raises(LetterRefused) as refused:
        post(office.url).send(letter)
    assert type(refused.value) is kind
    assert refused.value.problem == answer
    assert office.received == []


@pytest.mark.parametrize(("answer", "kind"), [("451 later", LetterDeferred), ("554 spam", LetterRefused)])
def test_an_answer_about_the_letter_is_for_now_or_for_ever(letter, office, answer, kind):
    office.to_data = [answer]
    with pytest.raises(LetterRefused) as refused:
        post(office.url).send(letter)
    assert type(refused.value) is kind


def test_tls_from_the_start_and_a_password(letter, trusted):
    options = {"ssl_context": trusted, "authenticator": smtp.knows_us, "auth_require_tls": False}
    with smtp.post_office(**options) as office:
        url = office.url.replace("smtp://", f"smtps://{SECRET}@")
        post(url).send(letter)
        assert len(office.received) == 1


def test_tls_on_the_way_and_a_password(letter, trusted):
    options = {"tls_context": trusted, "require_starttls": True, "authenticator": smtp.knows_us}
    with smtp.post_office(**options, auth_required=True) as office:
        url = office.url.replace("smtp://", f"smtp://{SECRET}@") + "?starttls=1"
        post(url).send(letter)
        assert len(office.received) == 1
        wrong = url.replace(SECRET, f"{USER}:{PASSWORD[:3]}")
        with pytest.raises(MailServerUnavailable, match="535"):
            post(wrong).send(letter)


def test_a_certificate_that_nobody_vouches_for_ends_it(letter, tmp_path):
    context = shown(smtp.certificate(tmp_path))
    with smtp.post_office(tls_context=context) as office:
        with pytest.raises(MailServerUnavailable, match="SSLCertVerificationError"):
            post(f"{office.url}?starttls=1").send(letter)
        assert office.received == []


@pytest.mark.parametrize("way", ["smtp://localhost:{}?starttls=1", "smtps://localhost:{}"])
def test_a_certificate_of_another_name_ends_it(letter, trusted, way):
    """A certificate for 127.0.0.1 does not cover localhost."""
    wrapped = {"ssl_context": trusted} if way.startswith("smtps") else {"tls_context": trusted}
    with smtp.post_office(**wrapped) as office:
        port = office.url.rpartition(":")[2]
        with pytest.raises(MailServerUnavailable, match="SSLCertVerificationError"):
            post(way.format(port)).send(letter)
        assert office.received == []


def test_a_server_without_tls_gets_nothing_when_it_was_asked_for(letter, office):
    with pytest.raises(MailServerUnavailable, match="SMTPNotSupportedError"):
        post(f"{office.url}?starttls=1").send(letter)
    assert office.received == []


def test_a_silent_server_is_left_in_time(letter):
    with smtp.black_hole() as url:
        began = time.monotonic()
        with pytest.raises(MailServerUnavailable, match="TimeoutError"):
            post(url, timeout=0.3).send(letter)
        assert time.monotonic() - began < 2


def test_a_server_that_trickles_is_left_in_time_though_it_is_never_silent(letter):
    with smtp.trickle(0.05) as url:
        began = time.monotonic()
        with pytest.raises(MailServerUnavailable, match="SMTPServerDisconnected"):
            post(url, timeout=0.3, whole=0.5).send(letter)
        assert 0.4 < time.monotonic() - began < 2


def test_a_letter_is_given_less_time_than_its_lease_lasts():
    assert transport.TOTAL_TIMEOUT < sending.SENDING_TIME_MAX.total_seconds() < sending.LEASE.total_seconds()


def test_nobody_waits_longer_than_ten_seconds_for_an_answer():
    assert transport.TIMEOUT <= 10


def test_a_server_that_is_not_there_is_closed(letter):
    with pytest.raises(MailServerUnavailable, match="ConnectionRefusedError"):
        post(f"smtp://127.0.0.1:{free_port()}").send(letter)


def test_without_a_server_letters_are_files_that_only_we_read(letter, make_app, tmp_path):
    app = make_app(DATA_DIR=str(tmp_path))
    folder = choose_transport(get_service(Settings, app))
    assert isinstance(folder, FolderTransport)
    folder.send(letter)
    folder.send(letter)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "0199c0ffee.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert "Votre rôle" in str(folder.find_text("0199c0ffee"))
    assert folder.find_text("unknown") is None


def test_a_folder_that_cannot_be_written_is_closed(letter, tmp_path):
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(MailServerUnavailable):
        FolderTransport(tmp_path / "mail").send(letter)
