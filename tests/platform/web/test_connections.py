"""Connections to gunicorn: whether a response says that its connection is closed."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.support import server
from tests.support.databases import migrate

LIMIT = 1024 * 1024  # bytes: REQUEST_MAX_BYTES


@pytest.fixture
def connection(make_app, tmp_path) -> Iterator[HTTPConnection]:
    env = server.variables(tmp_path, WEB_CONCURRENCY="1")
    migrate(make_app(DATA_DIR=str(tmp_path)))
    with server.run(env) as gunicorn:
        connection = HTTPConnection("127.0.0.1", int(env["PORT"]), timeout=10)
        yield connection
        connection.close()
        assert not gunicorn.faults


def post(connection: HTTPConnection, length: int, **headers: str) -> tuple[int, str | None]:
    """Status and `Connection` header of a request whose body is announced and only begun."""
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", str(length))
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(b"email=" + b"a" * min(length - 6, 1000))
    response = connection.getresponse()
    response.read()
    return response.status, response.headers["Connection"]


def test_a_refused_body_closes_the_connection_and_says_so(connection):
    assert post(connection, 10 * LIMIT) == (413, "close")
    assert connection.sock is None  # closed by `http.client` because the header says so
    assert post(connection, LIMIT // 2, Sec_Fetch_Site="cross-site") == (403, "close")


def test_a_body_that_is_read_keeps_the_connection(connection):
    for _ in range(2):
        assert post(connection, 500) == (403, "keep-alive")
    assert connection.sock is not None
