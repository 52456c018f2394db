"""Files that come in: given piece by piece to whatever the roof chose for that address.

Flask would put them in a temporary file first. A request to an address that the roof has opened
for files gets a meter in its place, which may keep nothing, or write down what it needs; anywhere
else a file is let fall, and refused by the intake.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import RawIOBase
from typing import IO, Any, Protocol, cast

from flask import Flask, Request, current_app

# Up to so many times the largest size, a file that is too large is read to say by how much. A
# sample is an extract of something larger, and measuring it costs no room.
READ_FACTOR, SAMPLE_READ_FACTOR = 2, 5


class UploadMeter(Protocol):
    """What takes a file; each feature brings its own. One that holds something is closed."""

    size: int

    def take(self, piece: bytes) -> None: ...


@dataclass(frozen=True)
class UploadEndpoint:
    """One endpoint takes one file of at most `largest` bytes, measured by a new `meter`."""

    bytes_max: int
    meter: Callable[[], UploadMeter]


class SmallUpload:
    """Holds a file of at most `largest` bytes as it comes in, and nothing of a larger one."""

    def __init__(self, largest: int) -> None:
        self.size = 0
        self.largest = largest
        self._pieces: list[bytes] = []

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.largest:
            self._pieces.clear()
        else:
            self._pieces.append(piece)

    @property
    def content(self) -> bytes | None:
        """None of one that is too large."""
        return b"".join(self._pieces) if self.size <= self.largest else None


class StreamedUpload(RawIOBase):
    """A file that can be written to and holds nothing but what its meter knows."""

    def __init__(self, meter: UploadMeter) -> None:
        self.meter: Any = meter

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        data = bytes(piece)
        self.meter.take(data)
        return len(data)

    def close(self) -> None:
        release = getattr(self.meter, "close", None)
        if release is not None:
            release()
        super().close()

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0


class _DiscardedUpload:
    size = 0

    def take(self, piece: bytes) -> None:
        self.size += len(piece)


class StreamingRequest(Request):
    """A request whose files never reach the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  werkzeug's own names
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        opening = find_upload_endpoint(self)
        return cast(IO[bytes], StreamedUpload(opening.meter() if opening else _DiscardedUpload()))


def init_app(app: Flask, openings: Mapping[str, UploadEndpoint]) -> None:
    app.request_class = StreamingRequest
    app.extensions["passing"] = openings


def find_upload_endpoint(request: Request) -> UploadEndpoint | None:
    """Whether this request may bring a file; only a POST can."""
    openings: Mapping[str, UploadEndpoint] = current_app.extensions["passing"]
    return openings.get(request.endpoint or "") if request.method == "POST" else None
