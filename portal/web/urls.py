"""Paths that come from outside, and whether they lead somewhere of ours."""

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_PATH_MAX = 1000


def is_ours(path: str) -> bool:
    """A plain path that a page of this portal answers with GET; nothing a browser could twist."""
    if not path.startswith("/") or path.startswith("//") or len(path) > _PATH_MAX:
        return False
    if "\\" in path or any(ord(char) < 0x20 or ord(char) == 0x7F for char in path):
        return False
    parts = urlsplit(path)
    if parts.scheme or parts.netloc:
        return False
    try:
        current_app.url_map.bind("").match(parts.path, method="GET")
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True


def own_or(path: str | None, otherwise: str) -> str:
    """The path if it is ours, else the other."""
    return path if path and is_ours(path) else otherwise
