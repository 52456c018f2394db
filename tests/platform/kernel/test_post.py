import pytest

from portal.platform.kernel.mail_settings import MailSender, SmtpSecurity, parse_mail_from, parse_mail_url


@pytest.mark.parametrize("url", ["", "folder"])
def test_without_a_server_letters_go_to_a_folder(url):
    assert parse_mail_url(url) is None


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example", SmtpSecurity.NONE, 25),
        ("smtp://mail.example?starttls=1", SmtpSecurity.STARTTLS, 587),
        ("smtp://mail.example?starttls=0", SmtpSecurity.NONE, 25),
        ("smtp://mail.example:2525/?starttls=1", SmtpSecurity.STARTTLS, 2525),
        ("smtps://mail.example", SmtpSecurity.TLS, 465),
    ],
)
def test_a_server_is_read_from_its_address(url, security, port):
    server = parse_mail_url(url)
    assert server is not None
    assert (server.host, server.port, server.security) == ("mail.example", port, security)
    assert (server.user, server.password) == ("", "")


def test_a_password_may_hold_anything_and_is_never_shown():
    server = parse_mail_url("smtps://portal%40site:p%40ss%2Fword@mail.example")
    assert server is not None
    assert (server.user, server.password) == ("portal@site", "p@ss/word")
    assert "p@ss/word" not in repr(server)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.example", "folder, smtp://"),
        ("http://mail.example", "folder, smtp://"),
        ("smtp://", "folder, smtp://"),
        ("smtp://mail.example/path", "folder, smtp://"),
        ("smtp://mail.example:port", "an address such as"),
        ("smtp://mail.example:70000", "an address such as"),
        ("smtp://mail.example?tls", "an address such as"),
        ("smtp://mail.example?tls=1", "one option"),
        ("smtp://mail.example?starttls=yes", "one option"),
        ("smtps://mail.example?starttls=1", "not both"),
        ("smtp://user:password@mail.example", "asks for starttls=1"),
    ],
)
def test_a_wrong_address_is_one_sentence(url, says):
    with pytest.raises(ValueError, match=says):
        parse_mail_url(url)


def test_a_password_may_go_in_the_clear_to_this_machine_alone():
    assert parse_mail_url("smtp://user:password@127.0.0.1:2525") is not None


def test_a_sender_is_an_address_with_or_without_a_name():
    assert parse_mail_from("a@demo.example") == MailSender(address="a@demo.example")
    assert parse_mail_from("Le portail <a@demo.example>") == MailSender(
        address="a@demo.example", name="Le portail"
    )
    for wrong in ("portail", "", "a@demo.example\r\nBcc: b@demo.example", "a@", "<a@b@c>"):
        with pytest.raises(ValueError, match="an address such as"):
            parse_mail_from(wrong)
