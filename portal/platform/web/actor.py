"""The person behind this request. `portal.app.application.factory` decides how to find them."""

from dataclasses import dataclass
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from portal.platform.kernel.access import Actor

current_actor = cast(Actor, LocalProxy(lambda: g.actor))


def get_actor() -> Actor:
    """The value itself, for whoever asks it much: a proxy costs at every look."""
    return cast(Actor, g.actor)


@dataclass(frozen=True)
class ReaderProfile:
    """How the person behind this request reads: for pages only, no rule depends on it."""

    name: str
    locale: str
    time_zone: str


def find_actor() -> Actor | None:
    """The signed-in person, or None for a stranger."""
    return cast("Actor | None", g.get("actor"))


def find_reader() -> ReaderProfile | None:
    return cast("ReaderProfile | None", g.get("reader"))


def set_actor(actor: Actor, reader: ReaderProfile) -> None:
    """From here on, this request is theirs."""
    g.actor = actor
    g.reader = reader


def mark_csrf_failure() -> None:
    """The request did not carry its form's token: nothing it asks may be kept."""
    g.forged = True


def has_csrf_failure() -> bool:
    return bool(g.get("forged", False))
