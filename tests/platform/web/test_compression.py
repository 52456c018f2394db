import brotli
import pytest

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(("asked", "encoding"), [("br, gzip", "br"), ("gzip", "gzip")])
def test_a_page_travels_compressed_as_the_browser_asks(app, asked, encoding):
    answer = app.test_client().get("/legal", headers=OWN | {"Accept-Encoding": asked})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_says_the_same(app):
    client = app.test_client()
    plain = client.get("/legal", headers=OWN | {"Accept-Encoding": "identity"})
    packed = client.get("/legal", headers=OWN | {"Accept-Encoding": "br"})
    assert len(packed.data) < len(plain.data) / 2
    assert b"<h1" in plain.data
    assert b"<h1" in brotli.decompress(packed.data)


@pytest.mark.parametrize("cause", ["cross-site", "same-site", None])
def test_what_another_site_caused_tells_nothing_by_its_length(app, cause):
    said = {"Sec-Fetch-Site": cause} if cause else {}
    answer = app.test_client().get("/legal", headers=said | {"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in answer.headers
