"""The HTTP client of the portal: imports, files of other services, webhooks, sign-in providers.

Only https, only hosts that the installation names (or, where the caller says so, any public one),
each checked after its resolution; the connection goes to the address that was checked. Bounded in
time and size, never compressed, no proxy of the environment. A GET may be redirected between
allowed hosts; credentials go to the host that they are for, and nowhere else. URLs are never
logged: those of files are signed.
"""

import logging
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import httpx

from portal.platform.kernel.settings import Settings
from portal.platform.outgoing.addresses import CheckedTarget, RefusedAddress, Resolve, check_url, resolve_host

CONNECT_SECONDS = 5.0
READ_SECONDS = 35.0  # the longest silence; Démarches simplifiées answers within 30 s
TOTAL_SECONDS = 120.0
ANSWER_MAX = 32 * 1024 * 1024  # bytes
REDIRECTS_MAX = 3
_PIECE = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}

for _name in ("httpx", "httpcore"):  # they log URLs
    logging.getLogger(_name).setLevel(logging.WARNING)


class OutgoingFailed(Exception):
    """Why a request has no answer.

    `code`: `host`, `insecure`, `port`, `private`, `url`, `unresolved` (refused addresses), `credentials`,
    `redirect`, `timeout`, `network`, `too_large`, `encoding`.
    """

    def __init__(self, code: str, host: str = "") -> None:
        super().__init__(f"{code}: {host}")
        self.code, self.host = code, host


@dataclass(frozen=True)
class Credentials:
    """An `Authorization` header, for one host alone."""

    host: str
    header: str = field(repr=False)


@dataclass(frozen=True)
class OutgoingAnswer:
    """A whole answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Exchange:
    """A request, and what becomes of its answer: `take` gets the body, at most `largest` bytes.

    `is_public`: any public host may be asked. `only_ok`: no body but that of a 200 is read. `seconds`
    is the longest silence.
    """

    method: str
    url: str
    take: Callable[[bytes], None]
    largest: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: Credentials | None = None
    is_public: bool = False
    only_ok: bool = False
    seconds: float = READ_SECONDS


class OutgoingClient:
    """Sends requests to `hosts`; `resolve` is for tests."""

    def __init__(
        self, hosts: Collection[str], *, allows_loopback: bool = False, resolve: Resolve = resolve_host
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._allows_loopback = allows_loopback
        self._resolve = resolve

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The certificates that are trusted, read once."""
        return httpx.create_ssl_context(trust_env=False)

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        credentials: Credentials | None = None,
        is_public: bool = False,
        largest: int = ANSWER_MAX,
        seconds: float = READ_SECONDS,
    ) -> OutgoingAnswer:
        """Send a request and read its answer whole. Raises `OutgoingFailed`.

        `seconds` is the longest silence.
        `is_public`: any public host may be asked, as a person's own webhook.
        """
        pieces: list[bytes] = []
        status, answer_headers = self._run_exchange(
            _Exchange(
                method=method,
                url=url,
                take=pieces.append,
                largest=largest,
                body=body,
                headers=headers or {},
                credentials=credentials,
                is_public=is_public,
                seconds=seconds,
            )
        )
        return OutgoingAnswer(status, answer_headers, b"".join(pieces))

    def download_in_pieces(self, url: str, take: Callable[[bytes], None], largest: int) -> int:
        """Pass the body of a GET to `take`, piece by piece; returns the status.

        Nothing but a 200 is passed on. Raises `OutgoingFailed`, `too_large` beyond `largest` bytes.
        """
        exchange = _Exchange(method="GET", url=url, take=take, largest=largest, only_ok=True)
        return self._run_exchange(exchange)[0]

    def _run_exchange(self, exchange: _Exchange) -> tuple[int, Mapping[str, str]]:
        ends = time.monotonic() + TOTAL_SECONDS
        url, credentials = exchange.url, exchange.credentials
        for _redirect in range(REDIRECTS_MAX + 1):
            target = self._check_target_url(url, is_public=exchange.is_public)
            headers = {**exchange.headers, **_authorization_header(target, credentials)}
            with self._open_answer(exchange, target, headers) as answer:
                if answer.status_code not in _REDIRECTS:
                    if answer.status_code == httpx.codes.OK or not exchange.only_ok:
                        _pass_body_within_limits(answer, exchange, ends, target.host)
                    return answer.status_code, dict(answer.headers)
                if exchange.method != "GET":
                    raise OutgoingFailed("redirect", target.host)
                base = httpx.URL(f"{target.scheme}://{target.authority}{target.path}")
                url = str(base.join(answer.headers.get("location", "")))
                credentials = None
        raise OutgoingFailed("redirect")

    def _check_target_url(self, url: str, *, is_public: bool) -> CheckedTarget:
        hosts = None if is_public else self._hosts
        try:
            return check_url(url, hosts, self._resolve, allows_loopback=self._allows_loopback)
        except RefusedAddress as refused:
            raise OutgoingFailed(refused.code, refused.host) from None

    @contextmanager
    def _open_answer(
        self, exchange: _Exchange, target: CheckedTarget, headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """An answer whose body is not read yet; errors of the network become `OutgoingFailed`."""
        address = f"[{target.address}]" if ":" in target.address else target.address
        timeout = httpx.Timeout(exchange.seconds, connect=CONNECT_SECONDS)
        usual = {"Host": target.authority, "Accept-Encoding": "identity", "User-Agent": "portail-laureats"}
        extensions = {"sni_hostname": target.host} if target.is_https else {}
        try:
            with (
                httpx.Client(verify=self._context, timeout=timeout, trust_env=False) as client,
                client.stream(
                    exchange.method,
                    f"{target.scheme}://{address}:{target.port}{target.path}",
                    content=exchange.body or None,
                    headers=usual | dict(headers),
                    extensions=extensions,
                ) as answer,
            ):
                yield answer
        except httpx.TimeoutException:
            raise OutgoingFailed("timeout", target.host) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise OutgoingFailed("network", target.host) from None


def _authorization_header(target: CheckedTarget, credentials: Credentials | None) -> Mapping[str, str]:
    if credentials is None:
        return {}
    if target.host != credentials.host:
        raise OutgoingFailed("credentials", target.host)
    return {"Authorization": credentials.header}


def _pass_body_within_limits(answer: httpx.Response, exchange: _Exchange, ends: float, host: str) -> None:
    """Read a body within its limits; a compressed one could unpack to anything."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise OutgoingFailed("encoding", host)
    size = 0
    for piece in answer.iter_raw(_PIECE):
        size += len(piece)
        if size > exchange.largest:
            raise OutgoingFailed("too_large", host)
        if time.monotonic() > ends:
            raise OutgoingFailed("timeout", host)
        exchange.take(piece)


def build_client(settings: Settings) -> OutgoingClient:
    """The client of an installation."""
    return OutgoingClient(settings.outgoing_hosts, allows_loopback=settings.outgoing_loopback)
