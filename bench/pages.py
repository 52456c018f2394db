"""What is measured: each page as its reader asks for it, and the floor's counterpart."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, sessions
from werkzeug.test import TestResponse

from bench import load
from bench.data import Cast, Seat
from bench.load import Requests
from bench.serving import Base
from portal.app.application.factory import create_app
from portal.platform.kernel import settings
from portal.platform.kernel.identifiers import new_id

SECRET = "0123456789abcdef0123456789abcdef01234567"  # of the forms; kept since the first page
BODY = "Le second réglage tient mieux.\n\n- reste à voir les **cachets**\n- et les ratures"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"|"X-CSRFToken": "([^"]+)"')
_TALK = re.compile(r'action="(/discussions/[0-9a-f-]{36}/threads)')


@dataclass(frozen=True)
class Page:
    """A page, or a deed: what its clients ask of the portal and of the floor."""

    name: str
    status: str
    portal: Requests
    floor: Requests


class Visitor:
    """Asks the portal in this process, on the same database: for tokens, sizes and counts."""

    def __init__(self, base: Base, **variables: str) -> None:
        self.app: Flask = create_app(settings.load_settings(base.env | {"LOG_LEVEL": "error"} | variables))

    def cookie(self, seat: Seat) -> str:
        """What the browser of somebody who signed in holds."""
        return self.cookie_of(seat.token)

    def cookie_of(self, token: str) -> str:
        """The same for the token of an open session."""
        made = sessions.SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert made is not None
        held = made.dumps({"_user_id": token, "csrf_token": SECRET})
        return f"{self.app.config['SESSION_COOKIE_NAME']}={held}"

    def ask(self, cookie: str, path: str) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        return client.get(path, headers={"Cookie": cookie, "Host": "127.0.0.1", "Sec-Fetch-Site": "none"})

    def read(self, seat: Seat, path: str) -> tuple[str, str]:
        """A page's text, and the cookie that goes with the tokens in it."""
        client = self.app.test_client(use_cookies=False)
        answer = client.get(path, headers={"Cookie": self.cookie(seat), "Host": "127.0.0.1"})
        assert answer.status_code == 200, (path, answer.status_code)
        name = f"{self.app.config['SESSION_COOKIE_NAME']}="
        renewed = (one.split(";")[0] for one in answer.headers.getlist("Set-Cookie"))
        return answer.text, next(filter(lambda one: one.startswith(name), renewed), self.cookie(seat))


def all_of(visitor: Visitor, cast: Cast) -> Sequence[Page]:
    """The portfolio for its leads; the pages of their projects for members of many teams."""
    leads = [visitor.cookie(seat) for seat in cast.leads]
    members = [(seat, visitor.cookie(seat)) for seat in cast.members]
    busy = [(seat, visitor.cookie(seat)) for seat in cast.busy]
    return (
        Page(
            "portfolio",
            "200",
            load.in_turn([load.get("/portfolio", cookie) for cookie in leads]),
            load.in_turn([load.get("/portfolio")]),
        ),
        Page(
            "to_decide",
            "200",
            load.in_turn([load.get("/to-decide", cookie) for cookie in leads]),
            load.in_turn([load.get("/to-decide")]),
        ),
        Page(
            "project",
            "200",
            load.in_turn([load.get(seat.project, cookie) for seat, cookie in members]),
            load.in_turn([load.get(seat.project) for seat, _ in members]),
        ),
        Page(
            "sprint",
            "200",
            load.in_turn([load.get(seat.sprint, cookie) for seat, cookie in members]),
            load.in_turn([load.get(seat.sprint) for seat, _ in members]),
        ),
        *(
            Page(
                name,
                "200",
                load.in_turn([load.get(getattr(seat, name), cookie) for seat, cookie in busy]),
                load.in_turn([load.get(getattr(seat, name)) for seat, _ in busy]),
            )
            for name in ("board", "figures")
        ),
        Page(
            "comment",
            "303",
            load.one_after_another(comments(visitor, cast)),
            load.one_after_another(bare_comments(visitor, cast)),
        ),
    )


@dataclass(frozen=True)
class Place:
    """Where somebody may write: the form's address, and what goes with it."""

    path: str
    cookie: str
    form_token: str


def comments(visitor: Visitor, cast: Cast) -> Iterator[bytes]:
    """New threads, spread over the sprints of many teams so that no page grows out of its size."""
    for place in itertools.cycle(_places(visitor, cast)):
        typed = f"thread-form_key={new_id().hex}&thread-body={quote(BODY)}"
        yield load.post(place.path, f"csrf_token={place.form_token}&{typed}", place.cookie)


def bare_comments(visitor: Visitor, cast: Cast) -> Iterator[bytes]:
    """The same at the floor, with the same cookies and tokens: it signs with the same key."""
    for place in itertools.cycle(_places(visitor, cast)):
        typed = f"key={new_id().hex}&body={quote(BODY)}"
        path = f"/comments/{place.path.split('/')[2]}"
        yield load.post(path, f"csrf_token={place.form_token}&{typed}", place.cookie)


def _places(visitor: Visitor, cast: Cast) -> list[Place]:
    places = []
    for seat in cast.members:
        for number in range(1, min(seat.sprints, 4)):
            text, cookie = visitor.read(seat, f"{seat.project}/sprints/{number}")
            token = next(filter(None, _TOKEN.search(text).groups()))  # type: ignore[union-attr]
            path = _TALK.search(text)[1]  # type: ignore[index]
            places.append(Place(path, cookie, token))
    return places
