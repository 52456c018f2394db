"""Pictures are re-encoded: pixels stay, metadata is removed."""

import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence, PngImagePlugin

from portal.collaboration.files.models import Attachment
from portal.platform.kernel.database import db
from portal.platform.storage import pictures
from portal.platform.storage.refusals import UnfitFile
from tests.support import uploads
from tests.support.uploads import picture, send

# No database is needed.
on_one_engine = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

ANY = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
HIDDEN = b"Place Beauvau"


def redrawn(data: bytes, format_: str) -> tuple[bytes, Image.Image]:
    into = io.BytesIO()
    pictures.rewrite_picture(ANY[format_], io.BytesIO(data), into)
    return into.getvalue(), Image.open(io.BytesIO(into.getvalue()))


def noted(turned: int = 1) -> Image.Exif:
    """EXIF as a telephone writes it: position and orientation."""
    exif = Image.Exif()
    exif[0x010F] = HIDDEN.decode()
    exif[0x0112] = turned
    exif.get_ifd(0x8825)[2] = (48.0, 52.0, 18.0)
    return exif


def left_is_red(image: Image.Image) -> bool:
    red, green, _blue = image.convert("RGB").getpixel((1, 1))
    return red > 200 and green < 80


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_where_a_photograph_was_taken_is_not_kept(format_):
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", HIDDEN.decode())
    more = {"PNG": {"pnginfo": text}, "JPEG": {"comment": HIDDEN, "xmp": HIDDEN}}
    data = picture(format_, exif=noted(), **more.get(format_, {"xmp": HIDDEN}))
    assert HIDDEN in data
    kept, image = redrawn(data, format_)
    assert HIDDEN not in kept
    assert not image.getexif()
    assert (image.format, image.size) == (format_, (8, 6))
    assert left_is_red(image)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stays_turned_as_it_is_seen(format_):
    data = picture(format_, exif=noted(turned=6), size=(16, 8))
    _kept, image = redrawn(data, format_)
    if format_ == "JPEG":  # points as they are, one word of EXIF
        assert dict(image.getexif()) == {0x0112: 6}
    else:
        assert image.size == (8, 16)


def test_colours_keep_their_profile_and_transparency():
    whole = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(whole, "PNG", icc_profile=b"profile")
    _kept, image = redrawn(whole.getvalue(), "PNG")
    assert image.info["icc_profile"] == b"profile"
    assert image.getpixel((0, 0)) == (1, 2, 3, 0)


def test_points_of_a_jpeg_are_not_made_coarser():
    noise = Image.effect_noise((64, 64), 60).convert("RGB")
    whole = io.BytesIO()
    noise.save(whole, "JPEG", quality=55, exif=noted())
    before = Image.open(io.BytesIO(whole.getvalue())).convert("RGB").tobytes()
    kept, image = redrawn(whole.getvalue(), "JPEG")
    assert abs(len(kept) - len(whole.getvalue())) < 300
    after = image.convert("RGB").tobytes()
    assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) / len(before) < 1


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_an_animation_stays_one(format_):
    colours = [Image.new("RGB", (8, 6), colour) for colour in ("green", "blue")]
    given = {"duration": [100, 200, 300], "loop": 0}
    if format_ == "WEBP":
        given |= {"lossless": True}
    data = picture(format_, *colours, **given)
    kept, image = redrawn(data, format_)
    assert image.n_frames == 3
    seen = [frame.convert("RGB").getpixel((1, 1)) for frame in ImageSequence.Iterator(image)]
    assert [max(range(3), key=one.__getitem__) for one in seen] == [0, 1, 2]
    assert pictures._frame_durations(Image.open(io.BytesIO(kept)), 3) == [100, 200, 300]
    if format_ == "WEBP":
        assert pictures._is_lossless(io.BytesIO(kept))


def test_what_a_gif_says_beside_its_points_goes():
    kept, _image = redrawn(picture("GIF", comment=HIDDEN), "GIF")
    assert HIDDEN not in kept


def test_only_the_picture_that_is_seen_is_kept_of_several_in_one():
    data = picture("MPO", Image.new("RGB", (8, 6), "blue"))
    kept, image = redrawn(data, "JPEG")
    assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
    assert len(kept) < len(data)
    assert left_is_red(image)


def test_what_is_too_large_is_refused_before_it_fills_the_memory(monkeypatch):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    tracemalloc.start()
    with pytest.raises(UnfitFile, match="picture_large"):
        redrawn(bomb.getvalue(), "PNG")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    monkeypatch.setattr(pictures, "PIXELS_MAX", 100)
    with pytest.raises(UnfitFile, match="animation_large"):
        redrawn(picture("GIF", *[Image.new("RGB", (8, 6), c) for c in ("blue", "green")]), "GIF")


@on_one_engine
def test_what_is_cut_short_is_refused_with_a_sentence(app):
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 60).save(whole, "JPEG")
    with pytest.raises(UnfitFile) as refused:
        redrawn(whole.getvalue()[:1500], "JPEG")
    assert "incomplète ou abîmée" in refused.value.sentence


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of metadata it leaves out
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(ANY)), st.integers(0, 600), st.binary(min_size=1, max_size=6))
def test_whatever_the_bytes_a_picture_is_written_or_refused(format_, at, some):
    data = bytearray(picture(format_, exif=noted()) if format_ != "GIF" else picture("GIF"))
    at %= len(data)
    data[at : at + len(some)] = some
    with suppress(UnfitFile):
        redrawn(bytes(data), format_)


@on_one_engine
def test_what_is_given_back_is_what_was_kept(browser, source, kept):
    data = picture("JPEG", exif=noted())
    assert send(browser, f"/files/of/data_source/{source.id}", data, "écran.jpg").status_code == 303
    file = db.session.query(Attachment).one()
    got = browser.open(f"/files/{file.id}", method="GET")
    assert HIDDEN not in got.data
    assert (file.size, got.headers["Content-Length"]) == (len(got.data), str(len(got.data)))
    answer = send(browser, f"/files/of/data_source/{source.id}", data[:200], "b.jpg", form_key="b")
    assert answer.status_code == 422
    assert "incomplète ou abîmée" in answer.text
    assert kept() == 1


def test_what_is_hidden_behind_a_picture_is_gone():
    kept, _image = redrawn(uploads.JPEG + b"MZ" + HIDDEN, "JPEG")
    assert HIDDEN not in kept
