"""The session cookie."""


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
