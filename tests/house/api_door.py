"""A row of the access table of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.house.door import EVERYBODY


@dataclass(frozen=True)
class ApiDoor:
    """`path` and `body` may name rows of the scene in braces. `status`: where access is granted."""

    path: str
    inside: set[str]
    refused: set[str] = field(default_factory=set)
    body: Mapping[str, Any] | None = None
    version: str = ""  # for `If-Match`
    status: int = 0  # 0: any success
    file: tuple[str, bytes] | None = None  # name and content


def read(path: str, inside: set[str], refused: set[str] | None = None) -> ApiDoor:
    return ApiDoor(path, inside, (refused or set()) - inside)


def shut(path: str, body: Mapping[str, Any] | None = None, version: str = "") -> ApiDoor:
    """Refused to every token, whoever holds it (`asks_again`)."""
    return ApiDoor(path, set(), set(EVERYBODY), body, version)


def write(
    path: str,
    body: Mapping[str, Any] | None,
    inside: set[str],
    refused: set[str] | None = None,
    **options: Any,
) -> ApiDoor:
    return ApiDoor(path, inside, (refused or set()) - inside, body, **options)
