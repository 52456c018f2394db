"""Bytes kept in a bucket of an S3-compatible service. Needs boto3, which is an extra (`s3`)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import IO, Any, cast

from portal.files.storage import Missing, StorageAway, StorageRefused, Stored, is_key
from portal.kernel.stores import Bucket

CONNECT = 3  # seconds
ANSWER = 10  # seconds for each answer
ATTEMPTS = 2
_ABSENT = {"404", "NoSuchKey", "NotFound", "NoSuchBucket"}
_PASSING = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout"}


class S3:
    """The client is made at the first use: never before a fork."""

    def __init__(self, chosen: Bucket) -> None:
        self._chosen = chosen

    @cached_property
    def _client(self) -> Any:
        config = import_module("botocore.config").Config(
            connect_timeout=CONNECT,
            read_timeout=ANSWER,
            retries={"max_attempts": ATTEMPTS, "mode": "standard"},
            s3={"addressing_style": "path"},
            # What services other than Amazon's do not all know.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        session = import_module("boto3.session").Session()
        return session.client(
            "s3",
            endpoint_url=self._chosen.endpoint,
            region_name=self._chosen.region,
            aws_access_key_id=self._chosen.access_key,
            aws_secret_access_key=self._chosen.secret_key,
            config=config,
        )

    def put(self, key: str, source: IO[bytes], size: int) -> None:
        source.seek(0)
        self._ask("put_object", Key=self._name(key), Body=source, ContentLength=size)

    def open(self, key: str) -> IO[bytes]:
        return cast(IO[bytes], self._ask("get_object", Key=self._name(key))["Body"])

    def delete(self, key: str) -> None:
        self._ask("delete_object", Key=self._name(key))

    def stored(self) -> Iterator[Stored]:
        more: dict[str, str] = {}
        while True:
            page = self._ask("list_objects_v2", Prefix=self._chosen.prefix, **more)
            for each in page.get("Contents", ()):
                key = each["Key"].removeprefix(self._chosen.prefix)
                if is_key(key):
                    yield Stored(key, each["Size"], each["LastModified"])
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def clear_partial(self, before: datetime) -> int:  # noqa: ARG002  an object is whole or absent
        return 0

    def check(self) -> None:
        try:
            self._ask("head_bucket")
        except Missing:
            raise StorageRefused(f"there is no bucket {self._chosen.name}") from None

    def _name(self, key: str) -> str:
        if not is_key(key):
            raise ValueError("a key is made by new_key")
        return f"{self._chosen.prefix}{key}"

    def _ask(self, verb: str, **given: Any) -> Any:
        faults = import_module("botocore.exceptions")
        try:
            return getattr(self._client, verb)(Bucket=self._chosen.name, **given)
        except faults.ClientError as refused:
            code = refused.response.get("Error", {}).get("Code", "")
            if code in _ABSENT:
                raise Missing from None
            refusal = StorageAway if code in _PASSING or code.startswith("5") else StorageRefused
            raise refusal(code) from None
        except faults.BotoCoreError as away:
            raise StorageAway(type(away).__name__) from None
