"""Rewriting of pictures without metadata.

Metadata (place, time and author of a photograph) and hidden data would reach everybody who
downloads a picture. Kept are pixels, ICC profile, transparency, orientation, and the frames and
durations of an animation.
"""

import struct
from threading import Semaphore
from typing import IO, Any

from PIL import GifImagePlugin, Image, ImageOps

from portal.platform.storage.refusals import UnfitFile

PIXELS_MAX = 50_000_000  # of all frames together: about 400 MB of memory
FRAMES_MAX = 1000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}

_ORIENTATION = 0x0112  # EXIF tag
_UPRIGHT = 1
_DEFAULT_QUALITY = 90  # where the original's quality is unknown
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError)
_UNREADABLE = (*_BROKEN, AttributeError, struct.error)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_MEMORY_LOCK = Semaphore(1)  # one picture at a time per process limits memory

Image.MAX_IMAGE_PIXELS = PIXELS_MAX  # Pillow checks each frame again
# A GIF frame keeps its own palette.
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY


def rewrite_picture(media_type: str, source: IO[bytes], into: IO[bytes]) -> None:
    """Write a picture again. Raises `UnfitFile` when it is broken or too large."""
    source.seek(0)
    with _MEMORY_LOCK:
        try:
            with Image.open(source, formats=[FORMATS[media_type]]) as picture:
                _rewrite_opened_picture(picture, FORMATS[media_type], source, into)
        except _TOO_LARGE:
            raise _build_too_large_refusal() from None
        except _UNREADABLE:
            raise UnfitFile("picture_broken") from None


def _rewrite_opened_picture(picture: Any, format_: str, source: IO[bytes], into: IO[bytes]) -> None:
    frames = _count_allowed_frames(picture)
    turned = _read_exif_orientation(picture)
    profile = picture.info.get("icc_profile")
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if format_ == "JPEG":
        _save_jpeg(picture, turned, options, into)
        return
    if format_ == "WEBP":
        options |= {"lossless": True} if _is_lossless(source) else {"quality": _DEFAULT_QUALITY}
        options |= {"duration": _frame_durations(picture, frames), "loop": picture.info.get("loop", 0)}
    if format_ == "GIF":
        options["comment"] = b""
    if frames > 1:
        picture.save(into, format_, save_all=True, **options)
        return
    options.pop("duration", None)
    picture.load()
    if turned != _UPRIGHT:
        ImageOps.exif_transpose(picture, in_place=True)
    for key in ("exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"):
        picture.info.pop(key, None)
    picture.save(into, format_, **options)


def _count_allowed_frames(picture: Any) -> int:
    points = picture.width * picture.height
    if points > PIXELS_MAX:
        raise _build_too_large_refusal()
    frames = int(getattr(picture, "n_frames", 1)) if picture.format != "MPO" else 1
    if frames > FRAMES_MAX or frames * points > PIXELS_MAX:
        raise UnfitFile("animation_large", megapixels=PIXELS_MAX // 10**6)
    return frames


def _build_too_large_refusal() -> UnfitFile:
    return UnfitFile("picture_large", megapixels=PIXELS_MAX // 10**6)


def _read_exif_orientation(picture: Any) -> int:
    """The EXIF orientation, 1 to 8 (EXIF 2.32); 1 (upright) without a valid one."""
    try:
        orientation = picture.getexif().get(_ORIENTATION, _UPRIGHT)
    except _UNREADABLE:
        return _UPRIGHT
    return orientation if orientation in range(1, 9) else _UPRIGHT


def _save_jpeg(picture: Any, turned: int, options: dict[str, Any], into: IO[bytes]) -> None:
    """Save with the same quality and the orientation tag: the pixels are not rotated."""
    # Of an MPO (several pictures, from telephones) the first, which viewers show.
    quality = "keep" if picture.format == "JPEG" else _DEFAULT_QUALITY
    if turned != _UPRIGHT:
        exif = Image.Exif()
        exif[_ORIENTATION] = turned
        options["exif"] = exif
    progressive = bool(picture.info.get("progressive"))
    picture.save(into, "JPEG", quality=quality, progressive=progressive, comment=b"", **options)


def _frame_durations(picture: Any, frames: int) -> list[int]:
    """The duration of each frame of an animation, in milliseconds."""
    durations = []
    for n in range(frames):
        picture.seek(n)
        picture.load()
        durations.append(int(picture.info.get("duration", 0)))
    picture.seek(0)
    return durations


def _is_lossless(source: IO[bytes]) -> bool:
    """Whether the first frame of a WebP is lossless (RFC 9649, 2.3 to 2.7)."""
    at, end = 12, source.seek(0, 2)
    while at + 8 <= end:
        source.seek(at)
        kind, size = struct.unpack("<4sL", source.read(8))
        if kind in {b"VP8L", b"VP8 "}:
            return bool(kind == b"VP8L")
        at += 8 + (16 if kind == b"ANMF" else size + size % 2)
    return False
