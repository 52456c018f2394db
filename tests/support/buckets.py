"""An S3 server over HTTP for tests, with a bucket that is not the portal's alone."""

from collections.abc import Iterator

import boto3  # type: ignore[import-untyped]
import httpx
from moto.server import ThreadedMotoServer

from portal.platform.kernel.storage_settings import parse_files_url
from portal.platform.storage.bucket import BucketStorage


def serve_bucket() -> Iterator[str]:
    """Yield the address of a server with a bucket, as FILES_URL has it, without the bucket: for a fixture."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.post(f"http://{host}:{port}/moto-api/reset")  # servers of one process share what they hold
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "se/cret"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys)
    client.create_bucket(Bucket="attached")
    client.put_object(Bucket="attached", Key="portal/of-somebody-else", Body=b"a")
    client.close()
    yield f"s3+http://key:se%2Fcret@127.0.0.1:{port}"
    server.stop()


def bucket_at(url: str) -> BucketStorage:
    """The storage that a FILES_URL names."""
    bucket = parse_files_url(url)
    assert bucket is not None
    return BucketStorage(bucket)
