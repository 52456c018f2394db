"""Schema of the environment variables: defaults, limits, and one sentence per fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from portal.platform.kernel.access import Role
from portal.platform.kernel.mail_settings import FOLDER_URL, parse_mail_from, parse_mail_url
from portal.platform.kernel.storage_settings import parse_clamd_url, parse_files_url
from portal.platform.kernel.transport_settings import transport_faults

DEVELOPMENT_KEY = "development only: never serve anyone with this key"
SECRET_MIN = 32
MEGABYTE = 1024 * 1024
NO_ROLE = "none"

Faults = dict[str, list[str]]


@dataclass(frozen=True)
class FormerName:
    """An earlier name of a setting. The release `until` no longer reads it."""

    current: str
    until: str


# A renamed setting keeps its earlier name for one release beside the new one.
FORMER_NAMES: dict[str, FormerName] = {}


def rename_settings(
    variables: Mapping[str, str], former_names: Mapping[str, FormerName] = FORMER_NAMES
) -> tuple[dict[str, str], dict[str, str]]:
    """The variables under their current names, and the earlier names in use, each with a warning.

    `variables` has the values that are set. Where both names are set, the current one counts.
    """
    used = {old: former_names[old] for old in variables if old in former_names}
    current = {former.current: variables[old] for old, former in used.items()}
    others = {name: value for name, value in variables.items() if name not in used}
    warnings = {
        old: f"{old} is called {former.current} now: version {former.until} no longer reads the earlier name."
        for old, former in used.items()
    }
    return current | others, warnings


def _choice_field(*values: str, default: str) -> fields.String:
    *others, last = values
    sentence = f"is {', '.join(others)} or {last}"
    return fields.String(load_default=default, validate=validate.OneOf(values, error=sentence))


def _integer_field(least: int, most: int, *, default: int | None) -> fields.Integer:
    sentence = f"is a whole number from {least} to {most}"
    return fields.Integer(
        load_default=default,
        error_messages={"invalid": sentence, "too_large": sentence},
        validate=validate.Range(least, most, error=sentence),
    )


class Environment(Schema):
    class Meta:
        unknown = EXCLUDE  # the environment has other variables too

    PORTAL_ENV = _choice_field("development", "production", default="development")
    SECRET_KEY = fields.String(load_default=DEVELOPMENT_KEY)
    SECRET_KEY_FALLBACKS = fields.String(load_default="")
    DATABASE_URL = fields.String(load_default="")
    DATA_DIR = fields.String(load_default="data")
    BIND = fields.String(load_default="127.0.0.1")
    PORT = _integer_field(1, 65535, default=8000)
    WEB_CONCURRENCY = _integer_field(1, 64, default=2)
    WEB_THREADS = _integer_field(1, 64, default=4)
    PUBLIC_BASE_URL = fields.String(load_default="")
    TRUSTED_HOSTS = fields.String(load_default="")
    PROXY_HOPS = _integer_field(0, 5, default=0)
    BRAND = fields.String(
        load_default="", validate=validate.OneOf(["", "state", "neutral"], error="is state or neutral")
    )
    LOG_LEVEL = _choice_field("debug", "info", "warning", "error", default="info")
    REQUEST_MAX_BYTES = _integer_field(64 * 1024, 512 * MEGABYTE, default=MEGABYTE)
    PASSWORD_MEMORY_KIB = _integer_field(8, 4 * MEGABYTE, default=65536)
    MAIL_URL = fields.String(load_default="")
    MAIL_FROM = fields.String(load_default="")
    REPLY_DOMAIN = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^(?:[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)?$", error="is a domain, in lower case"
        ),
    )
    QUEUE_URL = fields.String(load_default="")
    FILES_URL = fields.String(load_default="")
    FILE_MAX_BYTES = _integer_field(64 * 1024, 512 * MEGABYTE, default=20 * MEGABYTE)
    PROJECT_FILES_BYTES = _integer_field(MEGABYTE, 1024 * 1024 * MEGABYTE, default=500 * MEGABYTE)
    CLAMD_URL = fields.String(load_default="")
    DEMARCHES_URL = fields.String(load_default="https://demarche.numerique.gouv.fr/api/v2/graphql")
    DEMARCHES_PAGE = _integer_field(1, 100, default=100)
    OUTGOING_HOSTS = fields.String(load_default="static.demarches-simplifiees.fr")
    OUTGOING_LOOPBACK = _choice_field("0", "1", default="0")
    PLAIN_HOSTS = fields.String(load_default="")
    API_ORIGINS = fields.String(load_default="")
    PROCONNECT_URL = fields.String(load_default="")
    PROCONNECT_CLIENT_ID = fields.String(load_default="")
    PROCONNECT_CLIENT_SECRET = fields.String(load_default="")
    PROCONNECT_ALGORITHM = _choice_field("RS256", "ES256", default="RS256")
    PROCONNECT_ACR = fields.String(load_default="eidas0 eidas0-mfa eidas1 eidas1-mfa eidas2 eidas3")
    PROCONNECT_MFA_ACR = fields.String(load_default="eidas0-mfa eidas1-mfa eidas2 eidas3")
    SECOND_FACTOR_ROLES = fields.String(load_default="")
    IDLE_MINUTES = _integer_field(15, 7 * 24 * 60, default=12 * 60)
    IDLE_MINUTES_DEMANDED = _integer_field(15, 7 * 24 * 60, default=60)
    WRITES_PER_HOUR = _integer_field(0, 100_000, default=None)
    BACKUP_DAYS = _integer_field(0, 3650, default=0)
    BACKUP_RECIPIENT = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^(?:age1[0-9a-z]{58}|(?:0x)?[0-9A-Fa-f]{16,40}|[^\s<>@-][^\s<>@]*@[^\s<>@]+)?$",
            error="is a key of age (age1…), or the fingerprint or address of a GnuPG key",
        ),
    )
    METRICS_TOKEN = fields.String(
        load_default="", validate=validate.Length(min=16, error="has at least 16 characters")
    )
    CONTACT_EMAIL = fields.String(load_default="")
    PUBLISHER = fields.String(load_default="")
    PUBLICATION_DIRECTOR = fields.String(load_default="")
    HOSTING_PROVIDER = fields.String(load_default="")

    @validates_schema(skip_on_field_errors=False)
    def check(self, variables: dict[str, Any], **_: Any) -> None:
        """Checks that involve several variables; an invalid variable hides no fault of another."""
        faults = _address_faults(variables) | _mail_faults(variables) | _queue_faults(variables["QUEUE_URL"])
        faults |= (
            _file_storage_faults(variables)
            | _outgoing_faults(variables)
            | _second_factor_role_faults(variables)
        )
        faults |= _proconnect_faults(variables)
        if variables.get("PORTAL_ENV") == "production":
            faults = transport_faults(variables) | faults | _production_faults(variables)
        if faults:
            raise ValidationError(faults)


def _address_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    url = variables["DATABASE_URL"]
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        faults["DATABASE_URL"] = ["starts with sqlite:///, postgresql:// or postgresql+psycopg://"]
    if url.startswith("postgresql") and not urlsplit(url).path.strip("/"):
        faults["DATABASE_URL"] = ["names a database, as in postgresql://user@host/portal"]
    if not _is_bindable(variables["BIND"]):
        faults["BIND"] = ["is an address of this machine, such as 127.0.0.1 or 0.0.0.0"]
    if variables["CONTACT_EMAIL"] and "@" not in variables["CONTACT_EMAIL"]:
        faults["CONTACT_EMAIL"] = ["is an e-mail address"]
    base = urlsplit(variables["PUBLIC_BASE_URL"])
    if variables["PUBLIC_BASE_URL"] and (base.scheme not in {"http", "https"} or not base.hostname):
        faults["PUBLIC_BASE_URL"] = ["is an address such as https://portail.example.gouv.fr"]
    return faults


def _is_bindable(host: str) -> bool:
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return host == "localhost"
    return True


def _mail_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    is_production = variables.get("PORTAL_ENV") == "production"
    try:
        if parse_mail_url(variables["MAIL_URL"]) is None and is_production:
            faults["MAIL_URL"] = ["names the server that sends letters, in production"]
    except ValueError as error:
        faults["MAIL_URL"] = [str(error)]
    try:
        if variables["MAIL_FROM"]:
            parse_mail_from(variables["MAIL_FROM"])
        elif variables["MAIL_URL"] not in {"", FOLDER_URL} or is_production:
            faults["MAIL_FROM"] = ["says from which address letters are sent"]
    except ValueError as error:
        faults["MAIL_FROM"] = [str(error)]
    return faults


def _queue_faults(url: str) -> Faults:
    if url and not url.startswith(("postgresql://", "redis://", "rediss://")):
        return {"QUEUE_URL": ["is empty, or starts with postgresql://, redis:// or rediss://"]}
    if url.startswith("redis") and find_spec("redis") is None:
        return {
            "QUEUE_URL": ["needs the package redis: pip install --require-hashes -r requirements-image.txt"]
        }
    return {}


def _file_storage_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    for name, parse in (("FILES_URL", parse_files_url), ("CLAMD_URL", parse_clamd_url)):
        try:
            parse(variables[name])
        except ValueError as error:
            faults[name] = [str(error)]
    if variables["FILES_URL"] and find_spec("boto3") is None:
        faults["FILES_URL"] = [
            "needs the package boto3: pip install --require-hashes -r requirements-image.txt"
        ]
    if variables.get("PROJECT_FILES_BYTES", MEGABYTE) < variables.get("FILE_MAX_BYTES", 0):
        faults["PROJECT_FILES_BYTES"] = ["is at least FILE_MAX_BYTES: a project holds one file"]
    return faults


def _outgoing_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    is_loopback = variables.get("OUTGOING_LOOPBACK") == "1"
    url = urlsplit(variables["DEMARCHES_URL"])
    if not url.hostname or url.scheme not in ({"http", "https"} if is_loopback else {"https"}):
        faults["DEMARCHES_URL"] = ["is an address that starts with https://"]
    if any("/" in host or ":" in host for host in variables["OUTGOING_HOSTS"].split()):
        faults["OUTGOING_HOSTS"] = ["names hosts, without https:// or a path"]
    for origin in variables["API_ORIGINS"].replace(",", " ").split():
        parts = urlsplit(origin)
        if f"{parts.scheme}://{parts.netloc}" != origin or parts.scheme not in {"http", "https"}:
            faults["API_ORIGINS"] = ["names origins such as https://tableau.example.gouv.fr, without a path"]
        elif parts.scheme == "http" and variables.get("PORTAL_ENV") == "production":
            faults["API_ORIGINS"] = ["names origins that start with https://, in production"]
    if is_loopback and variables.get("PORTAL_ENV") == "production":
        faults["OUTGOING_LOOPBACK"] = ["is 0 in production"]
    return faults


def _proconnect_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    url = urlsplit(variables["PROCONNECT_URL"])
    if not variables["PROCONNECT_URL"]:
        return faults
    schemes = {"http", "https"} if variables.get("OUTGOING_LOOPBACK") == "1" else {"https"}
    if not url.hostname or url.scheme not in schemes or url.query or url.fragment:
        faults["PROCONNECT_URL"] = ["is an address such as https://auth.agentconnect.gouv.fr/api/v2"]
    for name in ("PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET"):
        if not variables[name]:
            faults[name] = ["is needed with PROCONNECT_URL"]
    if not set(variables["PROCONNECT_MFA_ACR"].split()) <= set(variables["PROCONNECT_ACR"].split()):
        faults["PROCONNECT_MFA_ACR"] = ["names values of PROCONNECT_ACR"]
    return faults


def _second_factor_role_faults(variables: dict[str, Any]) -> Faults:
    words = variables["SECOND_FACTOR_ROLES"].replace(",", " ").split()
    if words == [NO_ROLE] or all(word in set(Role) for word in words):
        return {}
    return {"SECOND_FACTOR_ROLES": [f"is {NO_ROLE}, or names roles: {', '.join(Role)}"]}


def _production_faults(variables: dict[str, Any]) -> Faults:
    faults: Faults = {}
    if variables["SECRET_KEY"] == DEVELOPMENT_KEY or len(variables["SECRET_KEY"]) < SECRET_MIN:
        faults["SECRET_KEY"] = [f"is a secret of at least {SECRET_MIN} characters in production"]
    if not variables["PUBLIC_BASE_URL"].startswith("https://"):
        faults["PUBLIC_BASE_URL"] = ["starts with https:// in production"]
    if not variables["TRUSTED_HOSTS"]:
        faults["TRUSTED_HOSTS"] = ["names the hosts that are served, in production"]
    if variables.get("PASSWORD_MEMORY_KIB", MEGABYTE) < 19456:  # OWASP's minimum for argon2id
        faults["PASSWORD_MEMORY_KIB"] = ["is at least 19456 in production"]
    for name in ("CONTACT_EMAIL", "PUBLISHER", "PUBLICATION_DIRECTOR", "HOSTING_PROVIDER"):
        if not variables[name]:
            faults[name] = ["is shown on the legal pages and may not be empty in production"]
    return faults
