import brotli
import pytest


@pytest.mark.parametrize(("asked", "encoding"), [("br, gzip", "br"), ("gzip", "gzip")])
def test_a_page_travels_compressed_as_the_browser_asks(app, asked, encoding):
    answer = app.test_client().get("/legal", headers={"Accept-Encoding": asked})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_says_the_same(app):
    client = app.test_client()
    plain = client.get("/legal", headers={"Accept-Encoding": "identity"})
    packed = client.get("/legal", headers={"Accept-Encoding": "br"})
    assert len(packed.data) < len(plain.data) / 2
    assert b"<h1" in plain.data
    assert b"<h1" in brotli.decompress(packed.data)
