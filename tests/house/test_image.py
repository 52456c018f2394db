"""The image is built from the Containerfile and serves, where buildah and its base image are."""

import json
import os
import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.skips import BUILDAH as HOW_TO

ROOT = Path(__file__).resolve().parents[2]
BUILDAH = shutil.which("buildah")
BASE = re.findall(r"^ARG BASE=(\S+)", (ROOT / "Containerfile").read_text(), re.MULTILINE)[0]
NAME = "portail-laureats-tested"
# As root in a sandbox; harmless elsewhere.
ENVIRONMENT = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}
LIMITS = [
    f"--ulimit={name}={hard}:{hard}"
    for name, kind in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC))
    for hard in [resource.getrlimit(kind)[1]]
]
SERVE = """
set -e
flask --app wsgi db upgrade
gunicorn -c gunicorn.conf.py wsgi:app >/dev/null & SERVER=$!
ASK='import sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=5).read().decode())'
for TRY in $(seq 60); do
  python -c "$ASK" http://127.0.0.1:$PORT/health/started 2>/dev/null && break || sleep 1
done
python -c "$ASK" http://127.0.0.1:$PORT/health/ready
id -u
touch /opt/portal/changed 2>/dev/null && echo writable || echo read-only
python -c 'import boto3, redis'
age --version >/dev/null
kill $SERVER
wait $SERVER
"""


def buildah(*words: str) -> str:
    done = subprocess.run(
        [str(BUILDAH), *words], env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """A container of an image built now; the base image must be there already."""
    if BUILDAH is None or not buildah("images", "--quiet", "--filter", f"reference={BASE}").strip():
        pytest.skip(HOW_TO)
    words = ["--format=docker", "--pull=never", "--network=host", *LIMITS, "--build-arg=VERSION=0.0.1"]
    if Path("/etc/ssl/certs").is_dir():  # this machine's authorities, for its mirrors
        words.append("--volume=/etc/ssl/certs:/etc/ssl/certs:ro")
    buildah("build", *words, f"--tag={NAME}", str(ROOT))
    name = buildah("from", "--pull=never", "--network=host", *LIMITS, NAME).strip()
    yield name
    buildah("rm", name)
    buildah("rmi", NAME)


def test_the_image_serves_as_nobody_in_particular(container):
    variables = ["--env=PORTAL_ENV=development", "--env=BIND=127.0.0.1", f"--env=PORT={free_port()}"]
    said = buildah("run", "--network=host", *variables, container, "--", "sh", "-c", SERVE).splitlines()
    answers = [json.loads(line)["status"] for line in said if line.startswith("{")]
    assert answers == ["started", "ready"]
    assert said[-2:] == ["10001", "read-only"]


def test_the_image_says_what_it_is_and_how_it_is_asked(container):
    described = json.loads(buildah("inspect", container))["Docker"]["config"]
    assert described["User"] == "10001:10001"
    assert described["Labels"]["org.opencontainers.image.version"] == "0.0.1"
    assert "/health/live" in " ".join(described["Healthcheck"]["Test"])
    assert described["Cmd"] == ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
