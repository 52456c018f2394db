"""The shipped nginx configuration in front of a portal or an echo server."""

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from portal.app.application.features import ATTACH_ENDPOINTS, UPLOAD_ENDPOINTS, map_upload_endpoints
from portal.platform.kernel.environment import MEGABYTE
from portal.platform.kernel.settings import load_settings
from portal.platform.kernel.tokens import new_token
from portal.platform.web.request_checks import UPLOAD_FORM_OVERHEAD
from tests.support import nginx, server
from tests.support.hosting import PRODUCTION
from tests.support.nginx import NAME, Front
from tests.support.ports import free_port

pytestmark = pytest.mark.skipif(nginx.program() is None, reason=nginx.HOW_TO)

HSTS = "max-age=31536000; includeSubDomains"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A portal with two threads behind nginx."""
    folder = tmp_path_factory.mktemp("front")
    env = server.variables(folder, **PRODUCTION)
    server.flask(env, "db", "upgrade")
    with server.serve(env), nginx.serve(folder, int(env["PORT"])) as served:
        yield served


def shown(answer: httpx.Response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    assert found
    return found[1].strip()


def test_http_leads_to_https(front):
    answer = httpx.get(f"http://127.0.0.1:{front.http}/legal?a=1", headers={"Host": NAME})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{NAME}/legal?a=1"
    refused = httpx.get(f"http://127.0.0.1:{front.http}/api/v1/projects", headers={"Host": NAME})
    assert (refused.status_code, refused.is_redirect) == (403, False)


def test_another_name_learns_nothing(front):
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{front.http}/", headers={"Host": "other.example"})
    with pytest.raises(httpx.TransportError):
        httpx.get(f"https://127.0.0.1:{front.https}/", verify=False)


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/metrics", "/portal-pages/page.css"])
def test_https_is_asked_for_once_on_every_answer(front, path):
    with front.client() as client:
        assert client.get(path).headers.get_list("Strict-Transport-Security") == [HSTS]


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/portal-pages/unavailable.html"])
def test_every_page_names_its_type_and_is_for_this_site_alone(front, path):
    with front.client() as client:
        headers = client.get(path).headers
    assert headers["Content-Type"].startswith("text/html")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert not [name for name in headers if name.startswith("access-control")]


def test_old_protocols_are_refused(front):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", front.https), 5) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(raw, server_hostname=NAME)


def test_cookies_are_for_this_host_and_https_alone(front):
    with front.client() as client:
        page = client.get("/sign-in")
        data = {"locale": "en", "csrf_token": re.search(r'name="csrf_token" value="([^"]+)', page.text)[1]}
        chosen = client.post("/language", data=data, headers={"Referer": f"https://{NAME}/"})
    cookies = [*page.headers.get_list("Set-Cookie"), *chosen.headers.get_list("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-portal", "__Host-locale"}
    for cookie in cookies:
        assert "Domain" not in cookie
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_assets_and_our_own_pages_arrive_compressed(front):
    with front.client() as client:
        asked = {"Accept-Encoding": "gzip, br"}
        page = client.get("/sign-in", headers=asked | {"Sec-Fetch-Site": "cross-site"})
        assert "Content-Encoding" not in page.headers
        page = client.get("/sign-in", headers=asked | {"Sec-Fetch-Site": "none"})
        assert page.headers["Content-Encoding"] == "br"
        sheet = re.findall(r'href="(/static/[^"]+\.css)"', page.text)[0]
        for encoding in ("br", "gzip"):
            answer = client.get(sheet, headers={"Accept-Encoding": encoding})
            assert answer.headers["Content-Encoding"] == encoding
            assert "immutable" in answer.headers["Cache-Control"]


def test_a_body_of_ten_megabytes_is_refused_with_our_page(front):
    with front.client() as client:
        answer = client.post("/sign-in", content=b"a" * 10_000_000)
    assert (answer.status_code, shown(answer)) == (413, "Envoi trop volumineux")


def test_sizes_agree_with_the_portals_own():
    shipped = (server.ROOT / "hosting/nginx/portal.conf").read_text()
    assert re.search(r"client_max_body_size 1m;", shipped)
    assert load_settings({}).request_max_bytes == 1024 * 1024


def test_the_doors_for_files_are_wide_enough():
    shipped = (server.ROOT / "hosting/nginx/portal.conf").read_text()
    door = re.search(r"location ~ (\^/projects\S+) {\s+client_max_body_size (\d+)m;", shipped)
    assert door
    paths = {
        "api.stage_item_import": "/api/v1/projects/heron/item-imports",
        "api.stage_result_import": "/api/v1/projects/heron/rounds/1/result-imports",
        "api.upload_import_file": "/api/v1/programmes/ami/calls/1/import-file",
        "application_files.upload": "/programmes/ami/calls/1/imports/file",
        "data_sources.note_sample": "/projects/heron/file/data/1/sample",
        "imports.upload": "/projects/heron/backlog/import",
        "invitation_lists.check": "/administration/invitations/check",
        "questionnaire_editions.check": "/administration/questionnaires/check",
        "result_imports.upload": "/projects/heron/tests/1/import",
        "review_imports.import_answers": "/projects/heron/reviews/1/import",
        "team_imports.check": "/programmes/ami/projects/import",
    }
    assert UPLOAD_ENDPOINTS.keys() == paths.keys()
    for endpoint, path in paths.items():
        assert re.match(door[1], path)
        assert int(door[2]) * MEGABYTE > UPLOAD_ENDPOINTS[endpoint].bytes_max + UPLOAD_FORM_OVERHEAD
    other = re.search(r"location ~ (\S*files/of\S+) {\s+client_max_body_size (\d+)m;", shipped)
    assert other
    attaching = {
        "agreements.replace_signed_document": "/projects/heron/funding/agreement/document",
        "agreements.sign": "/projects/heron/funding/agreement/sign",
        "files.attach": "/files/of/x/1",
    }
    assert attaching.keys() == ATTACH_ENDPOINTS
    assert all(re.match(other[1], path) for path in (*attaching.values(), "/api/v1/subjects/x/1/files"))
    widest = map_upload_endpoints(load_settings({}))["files.attach"].bytes_max + UPLOAD_FORM_OVERHEAD
    assert int(other[2]) * MEGABYTE > widest


def asked_raw(front: Front, head: str) -> str:
    """Return the status line of the response to a malformed request head."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", front.https), 5) as raw,
        trust.wrap_socket(raw, server_hostname=NAME) as connection,
    ):
        connection.sendall(head.replace("\n", "\r\n").encode())
        return connection.recv(4096).decode().splitlines()[0]


@pytest.mark.parametrize(
    ("lengths", "status"),
    [
        ("Content-Length: 4\nTransfer-Encoding: chunked", "400"),
        ("Content-Length: 4\nContent-Length: 5", "400"),
        ("Transfer-Encoding: chunked, identity", "501"),
    ],
    ids=["both", "two", "unknown"],
)
def test_a_request_of_two_lengths_is_refused(front, lengths, status):
    head = f"POST /sign-in HTTP/1.1\nHost: {NAME}\n{lengths}\n\n0\n\n"
    assert asked_raw(front, head).split()[1] == status


def test_trace_is_refused(front):
    assert asked_raw(front, f"TRACE / HTTP/1.1\nHost: {NAME}\n\n").split()[1] == "405"


@pytest.mark.parametrize("path", ["/portal-pages/", "/static/", "/.git/HEAD", "/ui"])
def test_no_folder_is_listed_and_no_file_of_the_code_is_served(front, path):
    with front.client() as client:
        assert client.get(path).status_code in {403, 404}


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/health/ready"])
def test_what_is_for_machines_is_not_open_to_the_world(front, path):
    with front.client() as client:
        assert client.get(path).status_code == 404


def test_slow_clients_do_not_keep_others_waiting(front):
    """Forty unfinished headers and forty missing bodies do not block two threads."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 5000\r\n"
    slow = []
    for n in range(80):
        raw = socket.create_connection(("127.0.0.1", front.https), 5)
        connection = trust.wrap_socket(raw, server_hostname=NAME)
        connection.sendall((head + ("\r\nemail=a" if n % 2 else "X-Slow: ")).encode())
        slow.append(connection)
    try:
        with front.client() as client:
            began = time.monotonic()
            for _ in range(10):
                assert client.get("/legal").status_code == 200
            assert time.monotonic() - began < 5
    finally:
        for connection in slow:
            connection.close()


def test_a_key_in_a_link_is_in_no_log(front):
    token = new_token()
    with front.client() as client:
        client.get(f"/invitations/{token}?token={token}")
        client.get("/legal?asked=secret-words")
    time.sleep(0.2)
    logged = front.logged()
    assert token not in logged
    assert "secret-words" not in logged
    lines = [json.loads(line) for line in (front.logs / "portal.log").read_text().splitlines()]
    assert "/invitations/***" in {line["path"] for line in lines}
    assert all(line["from"] == "127.0.0.1" for line in lines)


def test_too_many_sign_ins_are_refused_with_our_page(front):
    with front.client() as client:
        answers = [client.post("/sign-in", data={"email": "a"}) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert shown(refused[0]) == "Trop de tentatives"


def test_a_portal_that_is_down_is_told_with_our_page_and_no_key(tmp_path):
    token = new_token()
    with nginx.serve(tmp_path, free_port()) as front, front.client() as client:
        answer = client.get(f"/invitations/{token}")
        assert answer.status_code == 502
        assert shown(answer) == "Le portail est momentanément indisponible"
        assert answer.headers.get_list("Strict-Transport-Security") == [HSTS]
        style = re.findall(r'href="([^"]+\.css)"', answer.text)[0]
        assert client.get(style).headers["Content-Type"].startswith("text/css")
        time.sleep(0.2)
        assert token not in front.logged()


class Echo(BaseHTTPRequestHandler):
    """Responds with the headers of the request."""

    def do_GET(self) -> None:
        body = json.dumps(list(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Suppress the request log."""


def test_what_a_client_says_of_its_address_is_overwritten(tmp_path):
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "other.example",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "Proxy": "http://203.0.113.9",
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as echo:
        Thread(target=echo.serve_forever, daemon=True).start()
        with nginx.serve(tmp_path, echo.server_port) as front, front.client() as client:
            heard = client.get("/", headers=forged).json()
        echo.shutdown()
    told = {name.lower(): value for name, value in heard}
    assert len(told) == len(heard), "a header came twice"
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["x-forwarded-host"] == told["host"] == NAME
    assert not {"forwarded", "x-real-ip", "proxy"} & told.keys()
