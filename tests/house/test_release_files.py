"""The image, the composition and the bill of materials of a release are what they claim to be."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from portal.platform.kernel.settings import load_settings
from tests.support.skips import COMPOSE as HOW_TO_COMPOSE
from tools import bill_of_materials
from tools.vendor import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
VARIABLES = {
    "VERSION": "0.1.0",
    "PORTAL_NAME": "portail.example.gouv.fr",
    "DATABASE_PASSWORD": "database",
    "FILES_PASSWORD": "files",
}


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    """The composition with its variables filled in."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    filled = re.sub(r"(?<!\$)\$\{(\w+):\?[^}]*\}", lambda found: VARIABLES[found[1]], text)
    read: dict[str, Any] = yaml.safe_load(filled)
    return read


def test_the_composition_has_every_part(composition):
    services = composition["services"]
    assert {"proxy", "web-1", "web-2", "worker", "database", "queue", "files"} <= services.keys()
    for service in services.values():
        for other in service.get("depends_on", {}):
            assert other in services
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in composition["volumes"]
        assert set(service["networks"]) <= composition["networks"].keys()
        assert set(service.get("secrets", ())) <= composition["secrets"].keys()


def test_the_portals_parts_are_read_only_and_may_do_nothing_more(composition):
    own = [each for each in composition["services"].values() if each["image"].startswith("portail-")]
    assert len(own) == 5
    for service in own:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    for name, service in composition["services"].items():
        assert ("ports" in service) == (name == "proxy")


def test_the_portal_takes_the_settings_of_the_composition(composition):
    given = composition["services"]["web-1"]["environment"]
    production = {
        "SECRET_KEY": "a" * 48,
        "PUBLIC_BASE_URL": "https://portail.example.gouv.fr",
        "TRUSTED_HOSTS": "portail.example.gouv.fr",
        "CONTACT_EMAIL": "a@demo.example",
        "PUBLISHER": "Un service",
        "PUBLICATION_DIRECTOR": "Une personne",
        "HOSTING_PROVIDER": "Un hébergeur",
        "MAIL_URL": "smtps://relay.demo.example",
        "MAIL_FROM": "portail@demo.example",
    }
    settings = load_settings(production | given)
    assert not settings.is_sqlite
    assert settings.bucket
    assert settings.bucket.endpoint == "https://files:8333"
    assert settings.queue_url.startswith("redis://queue")


def test_the_proxy_knows_both_web_servers(composition, tmp_path):
    """The command of the proxy, up to nginx, on the shipped configuration."""
    command = composition["services"]["proxy"]["command"][-1].partition("&&")[0].replace("$$", "$")
    command = command.replace("/opt/portal/hosting", str(ROOT / "hosting"))
    written = tmp_path / "portal.conf"
    command = command.replace("/etc/nginx/conf.d/portal.conf", str(written))
    environment = os.environ | {"PORTAL_NAME": "portail.autre.gouv.fr"}
    subprocess.run(["sh", "-c", command], check=True, env=environment)
    text = written.read_text()
    assert re.findall(r"^ +server (\S+) ", text, re.MULTILINE) == ["web-1:8000", "web-2:8000"]
    assert "127.0.0.1:8000" not in text
    assert "portail.example.gouv.fr" not in text
    assert text.count("server_name portail.autre.gouv.fr") == 2


def test_docker_compose_takes_the_composition(tmp_path):
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip(HOW_TO_COMPOSE)
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    (tmp_path / "portal.env").touch()
    words = [program, "-f", str(tmp_path / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(words, env=os.environ | VARIABLES, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    del VARIABLES["VERSION"]
    done = subprocess.run(words, env=os.environ | VARIABLES, capture_output=True, text=True, check=False)
    assert done.returncode != 0, "a version must be said"
    VARIABLES["VERSION"] = "0.1.0"


def list_images() -> Iterator[str]:
    yield from re.findall(r"^ARG BASE=(\S+)", CONTAINERFILE, re.MULTILINE)
    yield from re.findall(r"^ +image: ([^\s$]+)", (ROOT / "compose.yaml").read_text(), re.MULTILINE)


def test_images_have_no_host_in_their_name_and_a_version():
    names = list(list_images())
    assert len(names) == 6
    for name in names:
        assert "." not in name.partition("/")[0].partition(":")[0], "a host"
        assert re.search(r":[\d$]", name.replace("portail-laureats:", "portail-laureats:$")), name


def test_the_image_runs_the_lock_as_nobody_in_particular():
    final = CONTAINERFILE.split("\nFROM ")[-1]
    assert "--require-hashes --only-binary :all: -r requirements-image.txt" in CONTAINERFILE
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert final.index("USER ") > final.index("RUN ")
    assert "HEALTHCHECK" in final
    assert "/health/live" in final
    for label in ("title", "version", "revision", "licenses"):
        assert f"org.opencontainers.image.{label}=" in final
    lock = (ROOT / "requirements-image.txt").read_text()
    for package in ("redis==", "boto3==", "gunicorn=="):
        assert f"\n{package}" in lock
    common = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)
    assert set(common.findall((ROOT / "requirements.txt").read_text())) <= set(common.findall(lock))


def test_the_bill_of_materials_names_what_is_locked_and_what_is_vendored(tmp_path):
    file = tmp_path / "sbom.cdx.json"
    bill_of_materials.write_bill(ROOT, file)
    text = file.read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    listed = {each["purl"] for each in json.loads(text)["components"]}
    locked = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements-image.txt").read_text(), re.MULTILINE)
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked} <= listed
    assert {
        name for name in PACKAGES if f"pkg:npm/{name.replace('@', '%40')}@{PACKAGES[name][0]}" in listed
    } == (PACKAGES.keys() - bill_of_materials.TESTS_ONLY)
