"""Storage in a bucket of an S3-compatible service. Needs boto3 (extra `s3`)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import IO, Any, cast

from portal.platform.kernel.storage_settings import Bucket
from portal.platform.storage.storage import ObjectMissing, StorageAway, StorageRefused, StoredObject, is_key

CONNECT_TIMEOUT = 3  # seconds
READ_TIMEOUT = 10  # seconds for each answer
ATTEMPTS = 2
_ABSENT = {"404", "NoSuchKey", "NotFound", "NoSuchBucket"}
_TRANSIENT = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout"}


class BucketStorage:
    """A `Storage`; creates its client at the first use, never before a fork."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        config = import_module("botocore.config").Config(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"max_attempts": ATTEMPTS, "mode": "standard"},
            s3={"addressing_style": "path"},
            # Not supported by all S3-compatible services.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        session = import_module("boto3.session").Session()
        return session.client(
            "s3",
            endpoint_url=self._bucket.endpoint,
            region_name=self._bucket.region,
            aws_access_key_id=self._bucket.access_key,
            aws_secret_access_key=self._bucket.secret_key,
            config=config,
        )

    def put(self, key: str, source: IO[bytes], size: int) -> None:
        source.seek(0)
        self._call_bucket("put_object", Key=self._name(key), Body=source, ContentLength=size)

    def open(self, key: str) -> IO[bytes]:
        return cast(IO[bytes], self._call_bucket("get_object", Key=self._name(key))["Body"])

    def delete(self, key: str) -> None:
        self._call_bucket("delete_object", Key=self._name(key))

    def stored(self) -> Iterator[StoredObject]:
        more: dict[str, str] = {}
        while True:
            page = self._call_bucket("list_objects_v2", Prefix=self._bucket.prefix, **more)
            for entry in page.get("Contents", ()):
                key = entry["Key"].removeprefix(self._bucket.prefix)
                if is_key(key):
                    yield StoredObject(key, entry["Size"], entry["LastModified"])
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def delete_partial_files(self, before: datetime) -> int:  # noqa: ARG002  objects are never partial
        return 0

    def check(self) -> None:
        try:
            self._call_bucket("head_bucket")
        except ObjectMissing:
            raise StorageRefused(f"there is no bucket {self._bucket.name}") from None

    def _name(self, key: str) -> str:
        if not is_key(key):
            raise ValueError("a key is made by new_key")
        return f"{self._bucket.prefix}{key}"

    def _call_bucket(self, verb: str, **parameters: Any) -> Any:
        faults = import_module("botocore.exceptions")
        try:
            return getattr(self._client, verb)(Bucket=self._bucket.name, **parameters)
        except faults.ClientError as refused:
            code = refused.response.get("Error", {}).get("Code", "")
            if code in _ABSENT:
                raise ObjectMissing from None
            refusal = StorageAway if code in _TRANSIENT or code.startswith("5") else StorageRefused
            raise refusal(code) from None
        except faults.BotoCoreError as away:
            raise StorageAway(type(away).__name__) from None
