"""nginx with the configuration of `docs/hosting/install.md`, on a test's ports and folders."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
NAME = "portail.example.gouv.fr"
HOW_TO = "install nginx and openssl (on Debian: apt-get install nginx openssl), then run the tests again"
_MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    types {{ text/html html; text/css css; }}
    {temporary}
    include {folder}/portal.conf;
}}
"""


def program() -> str | None:
    nginx_path = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return nginx_path if shutil.which("openssl") else None


@dataclass(frozen=True)
class Front:
    """A running nginx: its port, and the folder with its logs."""

    http: int
    https: int
    logs: Path

    def client(self) -> httpx.Client:
        """Return a client that resolves the portal's name locally and trusts the certificate."""

        def by_name(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = NAME

        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}",
            headers={"Host": NAME, "Origin": f"https://{NAME}", "Referer": f"https://{NAME}/"},
            verify=False,
            timeout=20,
            event_hooks={"request": [by_name]},
        )

    def logged(self) -> str:
        return "".join(path.read_text() for path in self.logs.glob("*.log"))


@contextmanager
def serve(folder: Path, *upstreams: int) -> Iterator[Front]:
    """Run nginx in front of one or two local ports until the end of the block."""
    front = Front(free_port(), free_port(), folder)
    _make_certificate(folder)
    (folder / "portal.conf").write_text(_rewritten(folder, front, upstreams))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, user=user, temporary=temporary))
    process = subprocess.Popen(
        [str(program()), "-c", str(main), "-e", f"{folder}/main.log"], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(front.https, process)
        yield front
    finally:
        process.terminate()
        process.wait(20)


def _rewritten(folder: Path, front: Front, upstreams: Sequence[int]) -> str:
    """Return the shipped file with other ports and paths; each machine has a line of its own."""
    text = (ROOT / "hosting/nginx/portal.conf").read_text()
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for shipped, here in {
        "listen 80": f"listen 127.0.0.1:{front.http}",
        "listen 443": f"listen 127.0.0.1:{front.https}",
        "127.0.0.1:8000": f"127.0.0.1:{upstreams[-1]}",
        "/opt/portal/": f"{ROOT}/",
        "/etc/ssl/portal/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }.items():
        assert shipped in text, f"{shipped} is not in portal.conf any more"
        text = text.replace(shipped, here)
    return text.replace(f"127.0.0.1:{upstreams[-1]}", f"127.0.0.1:{upstreams[0]}", 1)


def _make_certificate(folder: Path) -> None:
    key, chain = folder / "privkey.pem", folder / "fullchain.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    named = ["-subj", f"/CN={NAME}", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(["openssl", "req", "-x509", *kind, *named], check=True, capture_output=True)


def _wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while True:
        assert process.poll() is None, "nginx did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, "nginx does not answer"
            time.sleep(0.05)
