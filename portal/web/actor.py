"""The person behind this request. `portal.app` decides how to find them."""

from dataclasses import dataclass
from typing import cast

from flask import g
from werkzeug.local import LocalProxy

from portal.kernel.access import Actor

current_actor = cast(Actor, LocalProxy(lambda: g.actor))


def the_actor() -> Actor:
    """The value itself, for whoever asks it much: a proxy costs at every look."""
    return cast(Actor, g.actor)


@dataclass(frozen=True)
class Reader:
    """How the person behind this request reads: for pages only, no rule depends on it."""

    name: str
    locale: str
    time_zone: str


def find_actor() -> Actor | None:
    """The signed-in person, or None for a stranger."""
    return cast("Actor | None", g.get("actor"))


def find_reader() -> Reader | None:
    return cast("Reader | None", g.get("reader"))


def be(actor: Actor, reader: Reader) -> None:
    """From here on, this request is theirs."""
    g.actor = actor
    g.reader = reader


def mark_forged() -> None:
    """The request did not carry its form's token: nothing it asks may be kept."""
    g.forged = True


def is_forged() -> bool:
    return bool(g.get("forged", False))
