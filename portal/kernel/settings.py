"""Configuration, from the environment alone: read once, checked, frozen.

`.env.example` explains each variable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from portal.kernel.post import FOLDER, Sender, SmtpServer, read_sender, read_server

DEVELOPMENT_KEY = "development only: never serve anyone with this key"
DEVELOPMENT_SENDER = "portail@localhost.example"
SECRET_MIN = 32
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation chose. Sizes in bytes, memory in KiB."""

    environment: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    data_dir: Path
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    proxy_hops: int
    brand: str
    log_level: str
    max_request_bytes: int
    password_memory_kib: int
    mail_server: SmtpServer | None  # None: letters are kept in a folder
    mail_from: Sender
    queue_url: str
    metrics_token: str
    contact_email: str
    publisher: str
    publication_director: str
    hosting_provider: str

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        return self.public_base_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        """Where letters are kept when no server takes them."""
        return self.data_dir / "mail"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class SettingsInvalid(Exception):
    """The environment does not make a configuration; `sentences` says why, one per fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


class _Environment(Schema):
    """The variables, their defaults and their limits."""

    class Meta:
        unknown = EXCLUDE  # the environment holds much that is not ours

    PORTAL_ENV = fields.String(
        load_default="development",
        validate=validate.OneOf(
            ["development", "production"], error="is development or production"
        ),
    )
    SECRET_KEY = fields.String(load_default=DEVELOPMENT_KEY)
    SECRET_KEY_FALLBACKS = fields.String(load_default="")
    DATABASE_URL = fields.String(load_default="")
    DATA_DIR = fields.String(load_default="data")
    PORT = fields.Integer(load_default=8000, validate=validate.Range(1, 65535))
    PUBLIC_BASE_URL = fields.String(load_default="")
    TRUSTED_HOSTS = fields.String(load_default="")
    PROXY_HOPS = fields.Integer(load_default=0, validate=validate.Range(0, 5))
    BRAND = fields.String(
        load_default="",
        validate=validate.OneOf(["", "state", "neutral"], error="is state or neutral"),
    )
    LOG_LEVEL = fields.String(
        load_default="info",
        validate=validate.OneOf(
            ["debug", "info", "warning", "error"], error="is debug, info, warning or error"
        ),
    )
    MAX_REQUEST_BYTES = fields.Integer(
        load_default=MEGABYTE, validate=validate.Range(64 * 1024, 512 * MEGABYTE)
    )
    PASSWORD_MEMORY_KIB = fields.Integer(
        load_default=65536, validate=validate.Range(8, 4 * MEGABYTE)
    )
    MAIL_URL = fields.String(load_default="")
    MAIL_FROM = fields.String(load_default="")
    QUEUE_URL = fields.String(load_default="")
    METRICS_TOKEN = fields.String(
        load_default="", validate=validate.Length(min=16, error="has at least 16 characters")
    )
    CONTACT_EMAIL = fields.String(load_default="")
    PUBLISHER = fields.String(load_default="")
    PUBLICATION_DIRECTOR = fields.String(load_default="")
    HOSTING_PROVIDER = fields.String(load_default="")

    @validates_schema
    def check(self, given: dict[str, Any], **_: Any) -> None:
        faults: dict[str, list[str]] = {}
        url = given["DATABASE_URL"]
        if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            faults["DATABASE_URL"] = [
                "starts with sqlite:///, postgresql:// or postgresql+psycopg://"
            ]
        if url.startswith("postgresql") and not urlsplit(url).path.strip("/"):
            faults["DATABASE_URL"] = ["names a database, as in postgresql://user@host/portal"]
        if given["CONTACT_EMAIL"] and "@" not in given["CONTACT_EMAIL"]:
            faults["CONTACT_EMAIL"] = ["is an e-mail address"]
        base = urlsplit(given["PUBLIC_BASE_URL"])
        if given["PUBLIC_BASE_URL"] and (base.scheme not in {"http", "https"} or not base.hostname):
            faults["PUBLIC_BASE_URL"] = ["is an address such as https://portail.example.gouv.fr"]
        faults |= _mail_faults(given) | _queue_faults(given["QUEUE_URL"])
        if given["PORTAL_ENV"] == "production":
            faults |= _production_faults(given)
        if faults:
            raise ValidationError(faults)

    @post_load
    def to_settings(self, given: dict[str, Any], **_: Any) -> Settings:
        data_dir = Path(given["DATA_DIR"]).absolute()
        base = given["PUBLIC_BASE_URL"].rstrip("/") or f"http://127.0.0.1:{given['PORT']}"
        host = urlsplit(base).hostname or ""
        url = given["DATABASE_URL"] or f"sqlite:///{data_dir / 'portal.db'}"
        return Settings(
            environment=given["PORTAL_ENV"],
            secret_key=given["SECRET_KEY"],
            secret_key_fallbacks=_words(given["SECRET_KEY_FALLBACKS"]),
            database_url=url.replace("postgresql://", "postgresql+psycopg://", 1),
            data_dir=data_dir,
            public_base_url=base,
            trusted_hosts=_words(given["TRUSTED_HOSTS"])
            or (host, "localhost", "127.0.0.1", "[::1]"),
            proxy_hops=given["PROXY_HOPS"],
            brand=given["BRAND"] or _usual_brand(host),
            log_level=given["LOG_LEVEL"],
            max_request_bytes=given["MAX_REQUEST_BYTES"],
            password_memory_kib=given["PASSWORD_MEMORY_KIB"],
            mail_server=read_server(given["MAIL_URL"]),
            mail_from=read_sender(given["MAIL_FROM"] or DEVELOPMENT_SENDER),
            queue_url=given["QUEUE_URL"],
            metrics_token=given["METRICS_TOKEN"],
            contact_email=given["CONTACT_EMAIL"],
            publisher=given["PUBLISHER"],
            publication_director=given["PUBLICATION_DIRECTOR"],
            hosting_provider=given["HOSTING_PROVIDER"],
        )


def _mail_faults(given: dict[str, Any]) -> dict[str, list[str]]:
    faults = {}
    try:
        server = read_server(given["MAIL_URL"])
        if given["PORTAL_ENV"] == "production" and server is None:
            faults["MAIL_URL"] = ["names the server that sends letters, in production"]
    except ValueError as wrong:
        faults["MAIL_URL"] = [str(wrong)]
    try:
        if given["MAIL_FROM"]:
            read_sender(given["MAIL_FROM"])
        elif given["MAIL_URL"] not in {"", FOLDER} or given["PORTAL_ENV"] == "production":
            faults["MAIL_FROM"] = ["says from which address letters are sent"]
    except ValueError as wrong:
        faults["MAIL_FROM"] = [str(wrong)]
    return faults


def _queue_faults(url: str) -> dict[str, list[str]]:
    if url and not url.startswith(("postgresql://", "redis://", "rediss://")):
        return {"QUEUE_URL": ["is empty, or starts with postgresql://, redis:// or rediss://"]}
    if url.startswith("redis") and find_spec("redis") is None:
        return {"QUEUE_URL": ["needs the package redis: pip install redis"]}
    return {}


def _production_faults(given: dict[str, Any]) -> dict[str, list[str]]:
    faults = {}
    if given["SECRET_KEY"] == DEVELOPMENT_KEY or len(given["SECRET_KEY"]) < SECRET_MIN:
        faults["SECRET_KEY"] = [f"is a secret of at least {SECRET_MIN} characters in production"]
    if not given["PUBLIC_BASE_URL"].startswith("https://"):
        faults["PUBLIC_BASE_URL"] = ["starts with https:// in production"]
    if not given["TRUSTED_HOSTS"]:
        faults["TRUSTED_HOSTS"] = ["names the hosts that are served, in production"]
    if given["PASSWORD_MEMORY_KIB"] < 19456:  # OWASP's floor for argon2id
        faults["PASSWORD_MEMORY_KIB"] = ["is at least 19456 in production"]
    for name in ("CONTACT_EMAIL", "PUBLISHER", "PUBLICATION_DIRECTOR", "HOSTING_PROVIDER"):
        if not given[name]:
            faults[name] = ["is shown on the legal pages and may not be empty in production"]
    return faults


def _usual_brand(host: str) -> str:
    """The State's marks are for the State's sites, and for the machine where this is built."""
    of_the_state = host.endswith(".gouv.fr") or host in {"127.0.0.1", "localhost", "::1"}
    return "state" if of_the_state else "neutral"


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment, or `SettingsInvalid` with one sentence per fault."""
    given = {name: value for name, value in environ.items() if value != ""}
    try:
        settings: Settings = _Environment().load(given)
    except ValidationError as invalid:
        faults = cast(dict[str, list[str]], invalid.messages)
        raise SettingsInvalid(
            [f"{name} {sentence}" for name, all_ in faults.items() for sentence in all_]
        ) from None
    return settings
