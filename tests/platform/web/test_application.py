"""The session cookie, and the hosts that a request may name."""

import pytest


def test_a_cookie_of_an_earlier_key_is_read_and_the_next_one_signed_anew(app):
    sessions = app.session_interface
    earlier, keys = app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"]
    signed = sessions.get_signing_serializer(app).dumps({"a": 1})
    app.config |= {"SECRET_KEY": "b" * 40, "SECRET_KEY_FALLBACKS": [earlier]}
    try:
        signer = sessions.get_signing_serializer(app)
        assert signer.loads(signed) == {"a": 1}
        again = signer.dumps({"a": 1})
        app.config["SECRET_KEY_FALLBACKS"] = []
        assert sessions.get_signing_serializer(app).loads(again) == {"a": 1}
    finally:
        app.config |= {"SECRET_KEY": earlier, "SECRET_KEY_FALLBACKS": keys}


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_addresses_are_trusted_hosts(app, host):
    assert app.test_client().get("/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["[::1", "[::2]:8000", "[::1].example", "::1", "[::1]:x", "[", ""])
def test_other_hosts_are_refused(app, host):
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 400
