"""An S3 server over HTTP for tests, with a bucket that is not the portal's alone."""

from collections.abc import Iterator

import boto3  # type: ignore[import-untyped]
import httpx
from moto.server import ThreadedMotoServer

from portal.platform.kernel.storage_settings import parse_files_url
from portal.platform.storage.bucket import BucketStorage

NAME = "attached"


class BucketServer:
    """A server with a bucket. What it holds outlives a stop, as a disk would."""

    def __init__(self) -> None:
        self._port = 0
        self.start()
        httpx.post(
            f"http://127.0.0.1:{self._port}/moto-api/reset"
        )  # servers of one process share what they hold
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "se/cret"}
        address = f"http://127.0.0.1:{self._port}"
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)
        client.create_bucket(Bucket=NAME)
        client.put_object(Bucket=NAME, Key="portal/of-somebody-else", Body=b"a")
        client.close()

    @property
    def url(self) -> str:
        """The address, as FILES_URL has it, without the bucket."""
        return f"s3+http://key:se%2Fcret@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve, on the same port as before."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()
        _host, self._port = self._server.get_host_and_port()

    def stop(self) -> None:
        """Refuse connections."""
        self._server.stop()
        assert self._server._server is not None  # moto leaves its socket open
        self._server._server.server_close()


def serve_bucket() -> Iterator[str]:
    """Yield the address of a server with a bucket, as FILES_URL has it, without the bucket: for a fixture."""
    server = BucketServer()
    yield server.url
    server.stop()


def bucket_at(url: str) -> BucketStorage:
    """The storage that a FILES_URL names."""
    bucket = parse_files_url(url)
    assert bucket is not None
    return BucketStorage(bucket)
