"""The actor and the reader of the current request, set by `portal.app.application.factory`."""

from dataclasses import dataclass
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import DEFAULT_ZONE

current_actor = cast(Actor, LocalProxy(lambda: g.actor))


def get_actor() -> Actor:
    """The actor itself, where the proxy `current_actor` would be dereferenced many times."""
    return cast(Actor, g.actor)


@dataclass(frozen=True)
class ReaderProfile:
    """Name, language (`fr`, `en`) and IANA time zone of the person: for pages, never for rules."""

    name: str
    locale: str
    time_zone: str


def find_actor() -> Actor | None:
    """The signed-in actor; None when nobody is signed in."""
    return cast("Actor | None", g.get("actor"))


def find_reader() -> ReaderProfile | None:
    return cast("ReaderProfile | None", g.get("reader"))


def reader_time_zone() -> str:
    """The time zone in which the reader's days begin."""
    reader = find_reader()
    return reader.time_zone if reader else DEFAULT_ZONE


def set_actor(actor: Actor, reader: ReaderProfile) -> None:
    """Set the actor and the reader of the current request."""
    g.actor = actor
    g.reader = reader


def mark_csrf_failure() -> None:
    """Note that the CSRF token is missing or wrong: the transaction must be rolled back."""
    g.csrf_failed = True


def has_csrf_failure() -> bool:
    return bool(g.get("csrf_failed", False))
