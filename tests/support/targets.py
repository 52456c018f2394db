"""Targets of the fuzz test: every endpoint with its path, query and form fields.

Fields are read from the pages, so that new ones are tried without being listed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.house.doors import EVERYBODY, OPEN, STRANGER, Door
from tests.support.pagereader import PageReader
from tests.support.stage import Shot, Stage, text_of

CRAWLERS = 2  # people with permission who read each page for its forms
_ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


@dataclass
class Target:
    """An endpoint and method; `fields` is a valid form."""

    row: str
    method: str
    rule: str
    arguments: Mapping[str, str]
    inside: list[str]
    fields: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    limits: dict[str, int] = field(default_factory=dict)
    query: set[str] = field(default_factory=set)

    def path(self, **replaced: bytes) -> str:
        """Return the path, percent-encoded, with some arguments replaced."""

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            return replaced[name].decode() if name in replaced else str(self.arguments[name])

        return _ARGUMENT.sub(fill, self.rule)

    @property
    def places(self) -> list[str]:
        """Return everything that takes a value: fields, `?parameters` and `/arguments`."""
        return [*self.fields, *(f"?{name}" for name in self.query), *(f"/{n}" for n in self.arguments)]

    @property
    def outside(self) -> list[str]:
        return [*sorted(EVERYBODY - set(self.inside)), STRANGER]


class Asked(ImmutableMultiDict[str, Any]):
    """A query string or form that records the names that a view reads."""

    names: ClassVar[set[tuple[str, str]]] = set()

    def get(self, key: str, *given: Any, **named: Any) -> Any:
        self.names.add((f"{request.endpoint} {request.method}", key))
        return super().get(key, *given, **named)

    def __contains__(self, key: object) -> bool:
        self.names.add((f"{request.endpoint} {request.method}", str(key)))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.names.add((f"{request.endpoint} {request.method}", key))
        return super().__getitem__(key)


def collect(stage: Stage, doors: Mapping[str, Door], fill: Mapping[str, str]) -> list[Target]:
    """Return a target for each row of the access table; `fill` has the ids of the scene."""
    targets = {row: _target(stage.app, row, door, fill) for row, door in doors.items()}
    for row, name in _crawl(stage, targets):
        if row in targets and targets[row].method == "GET":
            targets[row].query |= {name, "page"}  # most lists are paginated
    for row, door in doors.items():
        typed = (door.typed or {}).items()
        targets[row].fields |= {k.format(**fill): str(v).format(**fill) for k, v in typed}
    # What nobody may do in this scene has no valid form; access is tested in `test_access.py`.
    entered = [target for target in targets.values() if target.inside]
    for target in entered:
        if not _takes(stage, target, target.texts):  # some require a number or an e-mail address
            target.texts = {name for name in target.texts if _takes(stage, target, {name})}
    return entered


def _crawl(stage: Stage, targets: Mapping[str, Target]) -> set[tuple[str, str]]:
    """Read the forms of pages; return (endpoint, name) of the query parameters that views read."""
    Asked.names.clear()
    usual, stage.app.request_class = stage.app.request_class, _listening(stage.app)
    try:
        for target in targets.values():
            for role in target.inside[:CRAWLERS] if target.method == "GET" else ():
                answer = stage.shoot(Shot(target.row, role, "crawl", "GET", target.path()))
                for row, given in _read(stage.app, target.path(), text_of(answer)):
                    if row in targets:
                        _learn(targets[row], given)
    finally:
        stage.app.request_class = usual
    return set(Asked.names)


def _takes(stage: Stage, target: Target, names: set[str]) -> bool:
    """Tell whether fields accept any text."""
    body = urlencode(target.fields | dict.fromkeys(names, "fuzz a")).encode()
    shot = Shot(target.row, target.inside[0], "probe", target.method, target.path(), body=body)
    return not names or stage.shoot(shot).status_code == 303


def _listening(app: Flask) -> type[Any]:
    return type("Listening", (app.request_class,), {"parameter_storage_class": Asked})


def _target(app: Flask, row: str, door: Door, fill: Mapping[str, str]) -> Target:
    path = door.path.format(**fill)
    rule, arguments = app.url_map.bind("localhost").match(path, method=door.method, return_rule=True)
    assert isinstance(rule, Rule)
    kept = {name: str(value) for name, value in arguments.items()}
    inside = [*([STRANGER] if row in OPEN else []), *sorted(door.inside)]
    return Target(row, door.method, rule.rule, kept, inside)


def _read(app: Flask, path: str, html: str) -> Iterator[tuple[str, Any]]:
    """Yield the forms and the links with a query of a page, by their endpoint."""
    page, map_ = PageReader(html), app.url_map.bind("localhost")
    found: list[tuple[str, str, Any]] = [
        (address or path, form.method, form) for form in page.forms for address in [form.action, *form.also]
    ]
    found += [(link, "GET", None) for link in page.links if "?" in link]
    for address, method, form in found:
        parts = urlsplit(address)
        try:
            endpoint, _ = map_.match(parts.path, method=method)
        except HTTPException:  # an example link of the component gallery
            continue
        yield f"{endpoint} {method}", form or dict(parse_qsl(parts.query, keep_blank_values=True))


def _learn(target: Target, given: Any) -> None:
    if isinstance(given, dict) or target.method == "GET":
        target.query |= set(given if isinstance(given, dict) else given.sent)
        return
    for name, value in given.sent.items():
        if name != "csrf_token" and not target.fields.get(name):
            target.fields[name] = value
    target.texts |= given.texts
    target.limits |= given.limits
