"""The application under the fuzz test: sends hostile requests, checks responses, rolls back."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.tokens import token_hash
from tests.support.cookies import session_cookie
from tests.support.nasty import EVIL, SUM
from tests.support.pagereader import PageReader

WRITTEN = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
SECONDS = 3.0  # of CPU time per response, on a slow machine
MAY_BE_DOWN = {"health.ready GET"}
OURS = "the token of our forms"
_SEALED = re.compile(r"(?<=portal=)[^;]*")  # random text that may contain a marker by chance
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Shot:
    """One request; `what` describes its hostile part, `due` are the expected statuses."""

    row: str
    role: str
    what: str
    method: str
    path: str
    query: bytes = b""
    body: bytes = b""
    kind: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    due: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return f"{self.row} as {self.role}, {self.what}"


class Stage:
    """An application whose transactions are all part of one that is rolled back at the end."""

    def __init__(self, app: Flask, people: Mapping[str, Person]) -> None:
        self.app = app
        self.shots = 0
        self.accepted = 0
        self.worst = 0
        self.cookies = {name: self._sign_in(person) for name, person in people.items()}
        self.keeping = False
        db.session.commit()

    def _sign_in(self, person: Person) -> str:
        """Return the cookie of a person's session with a form token."""
        return "=".join(session_cookie(self.app, person, csrf_token=token_hash(OURS)))

    def form_token(self, whose: str = OURS) -> str:
        """Return the token that a form contains; only `OURS` is valid."""
        serializer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
        return str(serializer.dumps(token_hash(whose)))

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        """Serve everything on one connection without commit until the end of the block."""
        db.session.remove()
        engine = db.engines[None]
        with engine.connect() as connection:
            whole = connection.begin()
            db.engines[None] = connection  # type: ignore[assignment]  serves as an engine does
            serving: Any = connection
            serving.connect = lambda: nullcontext(connection)
            serving.raw_connection, serving.url = engine.raw_connection, engine.url
            try:
                yield self
            finally:
                db.session.remove()
                db.engines[None] = engine
                whole.rollback()

    @contextmanager
    def keep(self) -> Iterator[None]:
        """Keep the effects of shots for later ones until the end of the block."""
        connection: Any = db.engines[None]
        savepoint = connection.begin_nested()
        self.keeping = True
        try:
            yield
        finally:
            self.keeping = False
            savepoint.rollback()

    def shoot(self, shot: Shot) -> Response:
        """Return the response. The request is sent as bytes, so that no client sanitises it."""
        with self.answered(shot) as answer:
            return answer

    @contextmanager
    def answered(self, shot: Shot) -> Iterator[Response]:
        """Yield the response while the effects of the shot are still in the database."""
        connection: Any = db.engines[None]
        savepoint = connection.begin_nested()
        try:
            yield self._send(shot)
        finally:
            db.session.remove()
            if self.keeping:
                savepoint.commit()
            else:
                savepoint.rollback()

    def try_out(self, shot: Shot, before: Mapping[str, object]) -> tuple[Response, bool]:
        """Return the response, and whether any row differs from `before`."""
        connection: Any = db.engines[None]
        savepoint = connection.begin_nested()
        try:
            written = self._count_written()
            answer = self._send(shot)
            wrote = self._count_written() != written  # a write may have restored the old value
            return answer, wrote and self.fingerprint() != before
        finally:
            savepoint.rollback()

    def _count_written(self) -> int:
        """Return the number of rows written by the whole transaction so far."""
        connection: Any = db.engines[None]
        if connection.dialect.name == "postgresql":
            return int(connection.exec_driver_sql(WRITTEN).scalar_one())
        return int(connection.connection.driver_connection.total_changes)

    def _send(self, shot: Shot) -> Response:
        with self.app.app_context():
            answer = Response(*run_wsgi_app(self.app.wsgi_app, self._environ(shot), buffered=True))
        self.shots += 1
        self.accepted += shot.method == "POST" and answer.status_code == 303
        self.worst += answer.status_code >= 500
        return answer

    def _environ(self, shot: Shot) -> dict[str, Any]:
        builder = EnvironBuilder(shot.path, base_url="http://localhost/", method=shot.method)
        environ = builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}
        environ["PATH_INFO"] = unquote_to_bytes(shot.path).decode("latin-1")
        builder.close()
        environ["QUERY_STRING"] = shot.query.decode("latin-1")
        if shot.body or shot.method == "POST":
            environ["wsgi.input"].write(shot.body)
            environ["wsgi.input"].seek(0)
            environ |= {"CONTENT_LENGTH": str(len(shot.body)), "CONTENT_TYPE": shot.kind}
        cookie = self.cookies.get(shot.role)
        headers = ({"Cookie": cookie} if cookie else {}) | dict(shot.headers)
        for name, value in headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ

    def faults(self, shot: Shot) -> Iterator[str]:
        """Yield a sentence for each fault of the response to a shot."""
        began = time.process_time()
        try:
            answer = self.shoot(shot)
        except Exception as fault:  # noqa: BLE001  not even an error page came of it
            self.worst += 1
            yield f"{shot}: the application itself failed, {type(fault).__name__}: {fault}"
            return
        took = time.process_time() - began
        for fault in judge(shot, answer):
            yield f"{shot}: {fault}"
        if took > SECONDS:
            yield f"{shot}: took {took:.1f} s"

    def fingerprint(self) -> dict[str, Any]:
        """Return every row of every table."""
        connection: Any = db.engines[None]
        names = Base.metadata.tables.keys() - {"attempt_count"}  # refused attempts are counted
        if connection.dialect.name == "postgresql":  # in one statement, to save round trips
            each = (f"SELECT '{name}', t::text FROM \"{name}\" t" for name in names)
            return {"all": sorted(map(tuple, connection.exec_driver_sql(" UNION ALL ".join(each))))}
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()))
            for name in names
        }


def judge(shot: Shot, answer: Response) -> Iterator[str]:
    status = answer.status_code
    if status >= 500 and not (status == 503 and shot.row in MAY_BE_DOWN):
        yield f"answered {status}"
    if shot.due and status not in shot.due:
        yield f"answered {status}, not {sorted(shot.due)}"
    for name in ("Location", "HX-Redirect"):
        target = answer.headers.get(name, "/")
        if not _stays(target):
            yield f"{name} leads to {target[:60]!r}"
    if "fuzz" in _SEALED.sub("", answer.headers.get("Set-Cookie", "")):
        yield "sets a cookie of ours to what was sent"
    text = text_of(answer)
    if answer.mimetype == "text/html" and "fuzz" in text:
        yield from (f"makes {intruder}" for intruder in PageReader(text).intruders)
    if SUM in text:
        yield "calculates what was sent"
    if EVIL in shot.headers.get("Host", "") and EVIL in text:
        yield "believes the host that was sent"
    if "Traceback (most" in text:
        yield "shows a trace"


def text_of(answer: Response) -> str:
    """Return the text of a response, and of a binary file what can be decoded."""
    return answer.get_data().decode("utf-8", "replace")


def _stays(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return plain and not parts.netloc and not any(ord(char) < 0x20 for char in target)
