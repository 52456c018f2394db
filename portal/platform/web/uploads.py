"""Streaming of uploaded files to a meter of the endpoint, without Flask's temporary files.

`portal.app.application` names the upload endpoints and their meters. Files sent to other endpoints
are discarded while they are read, and refused by `request_checks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import RawIOBase
from typing import IO, Any, Protocol, cast

from flask import Flask, Request, current_app

# Up to so many times the largest size, a file that is too large is read to say by how much. A
# sample is an extract of something larger, and measuring it costs no room.
READ_FACTOR, SAMPLE_READ_FACTOR = 2, 5


class UploadReceiver(Protocol):
    """Receives the bytes of a file. Closed at the end of the request if it has `close`."""

    size: int

    def take(self, piece: bytes) -> None: ...


@dataclass(frozen=True)
class UploadEndpoint:
    """An endpoint that accepts one file of at most `bytes_max`, streamed to a new `meter`."""

    bytes_max: int
    meter: Callable[[], UploadReceiver]


class SmallUpload:
    """A meter that holds a file of at most `largest` bytes in memory."""

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
        """The bytes; None when the file is too large."""
        return b"".join(self._pieces) if self.size <= self.largest else None


class StreamedUpload(RawIOBase):
    """A writable stream that passes its bytes to a meter."""

    def __init__(self, meter: UploadReceiver) -> None:
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
    """A request that streams its files to meters instead of temporary files."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  werkzeug's names
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        endpoint = find_upload_endpoint(self)
        return cast(IO[bytes], StreamedUpload(endpoint.meter() if endpoint else _DiscardedUpload()))


def init_app(app: Flask, endpoints: Mapping[str, UploadEndpoint]) -> None:
    """Accept uploads at these endpoints, by name."""
    app.extensions["upload_endpoints"] = endpoints


def find_upload_endpoint(request: Request) -> UploadEndpoint | None:
    """The upload endpoint of a POST; None when the request may not carry a file."""
    endpoints: Mapping[str, UploadEndpoint] = current_app.extensions["upload_endpoints"]
    return endpoints.get(request.endpoint or "") if request.method == "POST" else None
