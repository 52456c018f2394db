"""Plans of hostile requests, determined by a seed.

In each plan every field and parameter gets some of the values; all plans together try every value
in every field. A short plan sends several values per request, `whole` one value per request.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote_from_bytes
from uuid import UUID
from zlib import crc32

from portal.app.application.features import ATTACH_ENDPOINTS, UPLOAD_ENDPOINTS
from tests.support import nasty
from tests.support.nasty import BODIES, HEADERS, METHODS, PATHS, VALUES, Nasty
from tests.support.stage import Shot
from tests.support.targets import Target
from tests.support.turns import THOROUGH, turn_of

OF_PEOPLE = ("account_joins.", "directory.", "erasures.", "factor_resets.")
OTHER_TEAM = "other_team"  # whose rows are `theirs`
REFUSED = frozenset(range(300, 500))
# Shared code reads these fields everywhere, so their values are distributed over endpoints.
PLUMBING = ("form_key", "?page", "?comment", "/")
FEW = 5  # endpoints among which one round of the values is shared
ACCENTS = 50  # characters of more than one byte, as limits count characters
EVERY_NTH_OUTSIDE = 5  # one shot in five is sent by a person without permission
NAMES = [*VALUES, *nasty.MADE]
_HTMX = {"HX-Request": "true"}


@dataclass
class Plan:
    """Part `share` of `shares` of all shots; `theirs` are rows of another team."""

    targets: Sequence[Target]
    theirs: Mapping[str, str]
    seed: int
    share: int = 0
    shares: int = 1
    whole: bool = False

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # equal on every engine, so that shares are disjoint
        self.tried: set[tuple[str, str, str]] = set()
        self.turn = 0
        self.sharers: dict[str, list[str]] = {}
        for target in self.targets:
            for name in target.places:
                self.sharers.setdefault(name if _is_plumbing(name) else "", []).append(target.row)

    def shots(self) -> Iterator[Shot]:
        for target in self.targets:
            for make in (self._texts, self._fields, self._queries, self._paths, self._around):
                yield from make(target)

    def expected(self) -> set[tuple[str, str, str]]:
        """Return what all shares together must try: (endpoint, field or parameter, value)."""
        return {
            _place(target.row, name, value)
            for target in self.targets
            for name in target.places
            for value in (PATHS if name.startswith("/") else NAMES)
        }

    def _mine(self, target: Target, number: int, names: Iterable[str]) -> bool:
        """Tell whether a step belongs to this plan, and shared fields to this endpoint."""
        if self.whole:
            return True
        first = next(iter(names))
        if all(map(_is_plumbing, names)):
            rows = self.sharers[first]
            among = min(len(rows), FEW)
            if number % among != rows.index(target.row) % among:
                return False
            number //= among
        return self._falls_here(target, number)

    def _falls_here(self, target: Target, number: int) -> bool:
        """Tell whether a step belongs to this share.

        Endpoints begin at different shares: there are more shares than values, so that otherwise
        all steps would fall to the first shares.
        """
        begins = crc32(target.row.encode())
        return self.whole or (begins + number) % self.shares == self.share

    def _is_of_this_half(self, target: Target) -> bool:
        """Tell whether this engine's plan sends what does not depend on the engine."""
        half = crc32(target.row.encode()) % 2
        return self.whole or self.shares == 1 or 2 * self.share // self.shares == half

    def _people(self, target: Target) -> Iterator[str]:
        """Return who sends the next shots: mostly people with permission, in turn."""
        while True:
            self.turn += 1
            outside = self.turn % EVERY_NTH_OUTSIDE == 0 and target.outside
            among = outside or target.inside or ["stranger"]
            yield among[self.turn % len(among)]

    def _texts(self, target: Target) -> Iterator[Shot]:
        """Yield shots with hostile free texts and valid other fields, which reach the database."""
        if not target.texts:
            return
        people = self._people(target)
        for number, value in enumerate(nasty.TEXTS):
            sent = dict.fromkeys(sorted(target.texts), value)
            role = next(people)
            if self._falls_here(target, number):
                yield self.post(target, role, sent)

    def _fields(self, target: Target) -> Iterator[Shot]:
        names = sorted(target.fields)
        people = self._people(target)
        for number, sent in enumerate(self._turns(names)):
            role = next(people)
            if self._mine(target, number, sent):
                self._note(target, sent)
                yield self.post(target, role, sent)
        if names:
            value = self.random.choice(NAMES)  # one value, so that no other refusal hides it
            yield self.post(target, target.inside[0], {self.random.choice(names): value})

    def _queries(self, target: Target) -> Iterator[Shot]:
        people = self._people(target)
        for number, sent in enumerate(self._turns([f"?{name}" for name in sorted(target.query)])):
            role = next(people)
            if self._mine(target, number, sent):
                self._note(target, sent)
                bare = {name.removeprefix("?"): value for name, value in sent.items()}
                query = self._encode(target, {}, bare)[:6000]
                yield Shot(target.row, role, _told(sent), "GET", target.path(), query)

    def _turns(self, names: Sequence[str]) -> list[dict[str, str]]:
        """Return each name with each value, in as few steps as there are values."""
        if not names:
            return []
        if self.whole:
            return [{name: value} for name in names for value in NAMES]
        first, step = self.random.randrange(len(NAMES)), self.random.randrange(1, len(NAMES))
        if all(map(_is_plumbing, names)):
            first, step = 0, 7  # equal for all shares
        return [
            {name: NAMES[(first + n + at * step) % len(NAMES)] for at, name in enumerate(names)}
            for n in range(len(NAMES))
        ]

    def _paths(self, target: Target) -> Iterator[Shot]:
        people = self._people(target)
        for name, usual in target.arguments.items():
            for number, (value, bytes_) in enumerate(PATHS.items()):
                role = next(people)
                if self._mine(target, number, [f"/{name}"]):
                    self._note(target, {f"/{name}": value})
                    yield self._with_path(target, role, name, value, bytes_)
            if _is_id(usual):
                theirs = self._theirs(name).encode()
                # Administrators see all people, so that no person is another team's there.
                due = None if target.row.startswith(OF_PEOPLE) else REFUSED
                role = next(role for role in people if role != OTHER_TEAM)  # to that team it is its own
                yield self._with_path(target, role, name, "theirs", theirs, due=due)

    def _with_path(
        self, target: Target, role: str, name: str, value: str, bytes_: bytes, **given: object
    ) -> Shot:
        path, body = target.path(**{name: bytes_}), self._encode(target, target.fields, {})
        return self._shot(target, role, f"/{name}={value}", path=path, body=body, **given)

    def _theirs(self, name: str) -> str:
        """Return another team's row of the model that a name refers to, else any of their rows."""
        kinds = [id_ for kind, id_ in self.theirs.items() if kind in name]
        return kinds[0] if kinds else next(iter(self.theirs.values()))

    def _around(self, target: Target) -> Iterator[Shot]:
        """Yield shots with hostile headers, methods and bodies, each tried at some endpoint.

        Shared code reads them, so that a short plan tries one of the three kinds at an endpoint.
        """
        people = self._people(target)
        kinds: list[tuple[Iterable[str], Callable[[Target, str, str], Shot]]] = [
            (HEADERS, self._with_header),
            (METHODS, self._with_method),
        ]
        if target.method == "POST":
            kinds.append((BODIES, self._with_body))
        for some, make in kinds if self.whole or THOROUGH else [turn_of(target.row, kinds)]:
            names = list(some)
            for number, name in enumerate(names):
                role = next(people)
                falls_here = (self.turn + number) % len(names) == self.share % len(names)
                if self.whole or (falls_here and self._is_of_this_half(target)):
                    yield make(target, role, name)

    def _with_header(self, target: Target, role: str, name: str) -> Shot:
        body = self._encode(target, target.fields, {})
        return self._shot(target, role, f"header {name}", body=body, headers=HEADERS[name])

    def _with_method(self, target: Target, role: str, name: str) -> Shot:
        return Shot(target.row, role, "method", name, target.path())

    def _with_body(self, target: Target, role: str, name: str) -> Shot:
        kind, body, due = BODIES[name]
        due = due | {303, 401} if due and role == "stranger" else due  # to the sign-in page, with the text
        if name == "file" and target.row.split()[0] in {
            *UPLOAD_ENDPOINTS,
            *ATTACH_ENDPOINTS,
        }:  # let in, and then it is no sample
            due = due | {422}
        return self._shot(target, role, f"body {name}", body=body, kind=kind, due=due)

    def post(self, target: Target, role: str, sent: dict[str, str]) -> Shot:
        body = self._encode(target, target.fields, sent)
        headers = _HTMX if self.turn % 2 else {}
        return self._shot(target, role, _told(sent), body=body, headers=headers)

    def _shot(self, target: Target, role: str, what: str, path: str = "", **given: object) -> Shot:
        if target.method == "GET":
            given.pop("body", None)
        path = path or target.path()
        return Shot(target.row, role, what, target.method, path, **given)  # type: ignore[arg-type]

    def _encode(self, target: Target, honest: dict[str, str], sent: dict[str, str]) -> bytes:
        pairs = [(name.encode(), value.encode()) for name, value in honest.items() if name not in sent]
        for name, value in sent.items():
            made = self._value(target, name, value)
            pairs += [((name + made.suffix).encode(), one) for one in made.sent]
        return "&".join(f"{_quote(k)}={_quote(v)}" for k, v in pairs).encode()

    def _value(self, target: Target, name: str, value: str) -> Nasty:
        limit = target.limits.get(name, nasty.UNLIMITED)
        made = {
            "at_limit": ("fuzz" + "é" * ACCENTS).ljust(limit, "f")[:limit],
            "past_limit": ("fuzz" + "é" * ACCENTS).ljust(limit + 1, "f")[: limit + 1],
            "theirs": self._theirs(name),
        }
        if value in nasty.TEXTS:
            text = VALUES[value].sent[0].decode()[:limit]
            return Nasty((text.encode("utf-8"),))
        return VALUES[value] if value in VALUES else Nasty((made[value].encode(),))

    def _note(self, target: Target, sent: dict[str, str]) -> None:
        self.tried |= {_place(target.row, name, value) for name, value in sent.items()}


def _quote(value: bytes) -> str:
    """Percent-encode only what must be: thousands of brackets parse faster unencoded."""
    return quote_from_bytes(value, safe="<>[]*`!'\"()/:;,?@$^{}|~")


def _told(sent: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in sent.items())


def _is_plumbing(name: str) -> bool:
    return name.endswith(PLUMBING[0]) or name.startswith(PLUMBING[1:])


def _place(row: str, name: str, value: str) -> tuple[str, str, str]:
    """Return where a value is tried; any endpoint for shared fields."""
    return (
        ("", "form_key" if name.endswith("form_key") else name, value)
        if _is_plumbing(name)
        else (row, name, value)
    )


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
