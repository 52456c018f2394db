"""Settings of an installation, from environment variables: read once, validated, immutable.

`.env.example` explains each variable.
"""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from marshmallow import ValidationError

from portal.platform.kernel.access import Role
from portal.platform.kernel.environment import (
    DEVELOPMENT_KEY,
    FORMER_NAMES,
    NO_ROLE,
    Environment,
    rename_settings,
)
from portal.platform.kernel.mail_settings import MailSender, SmtpServer, parse_mail_from, parse_mail_url
from portal.platform.kernel.storage_settings import Bucket, Clamd, parse_clamd_url, parse_files_url

__all__ = ["DEVELOPMENT_KEY", "Settings", "SettingsInvalid", "load_settings", "load_settings_or_exit"]

CODE = Path(__file__).resolve().parents[3]
DATABASE_FILE = "portal.db"
FILES_FOLDER = "files"
WRITES_PER_HOUR = 1200  # twenty a minute: somebody fast, for an hour
SECOND_FACTOR_ROLES = (Role.ADMINISTRATOR, Role.PROGRAMME_LEAD, Role.OPERATOR, Role.JUROR)
DEVELOPMENT_SENDER = "portail@localhost.example"

API_PREFIX = "/api/v1"  # below which the operations of the API stand


@dataclass(frozen=True, kw_only=True)
class ProConnect:
    """A client of ProConnect; `url` is the issuer."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    algorithm: str  # of its signatures, chosen at the registration
    acr_values: tuple[str, ...]  # accepted
    mfa_acr_values: tuple[str, ...]  # of these, with two factors


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of an installation. Sizes in bytes, memory in KiB."""

    environment: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    data_dir: Path
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    bind: str
    port: int
    web_workers: int
    web_threads: int  # per worker
    proxy_hops: int
    brand: str
    log_level: str
    request_max_bytes: int
    password_memory_kib: int
    mail_server: SmtpServer | None  # None: mails go to `mail_folder`
    mail_from: MailSender
    reply_domain: str  # empty: replies by mail are off
    queue_url: str
    bucket: Bucket | None  # None: files go to `files_folder`
    file_max_bytes: int
    project_files_bytes: int
    clamd: Clamd | None  # None: no virus scan
    demarches_url: str
    demarches_page: int  # applications a request
    outgoing_hosts: tuple[str, ...]  # that may be asked, the host of `demarches_url` included
    plain_hosts: tuple[str, ...]  # other machines that production may reach without TLS
    outgoing_loopback: bool  # in development: this machine may be asked, without TLS
    api_origins: tuple[str, ...]  # of pages that may call the API from a browser
    proconnect: ProConnect | None  # None: no sign-in by ProConnect
    writes_per_hour: int  # of an account, in all of its browsers; 0: any number
    second_factor_roles: tuple[str, ...]  # whose holders must have a second factor
    idle_minutes: int  # without use, before a session ends
    idle_minutes_demanded: int  # the same for holders of these roles
    backup_days: int  # that copies stay beside newer ones; 0: for ever
    backup_recipient: str  # of encrypted copies; empty: none are made
    metrics_token: str
    contact_email: str
    publisher: str
    publication_director: str
    hosting_provider: str
    variables_set: frozenset[str] = frozenset()  # the variables that were set, the others have their default
    warnings: Mapping[str, str] = field(default_factory=dict)  # by the earlier name of a setting in use

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        return self.public_base_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        """Where mails are written without a mail server."""
        return self.data_dir / "mail"

    @property
    def files_folder(self) -> Path:
        """Where attached files are stored without a bucket."""
        return self.data_dir / FILES_FOLDER

    @property
    def incoming_folder(self) -> Path:
        """Where uploads are spooled, as unnamed temporary files."""
        return self.data_dir / "incoming"

    @property
    def data_location_variables(self) -> tuple[str, ...]:
        """Variables that a command needs to find this installation's data; no secret."""
        own = self.data_dir / DATABASE_FILE
        if self.database_url != f"sqlite:///{own}":
            return ("DATABASE_URL=…",)
        usual = self.data_dir == CODE / "data"
        return () if usual else (f"DATA_DIR={shlex.quote(str(self.data_dir))}",)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class SettingsInvalid(Exception):
    """The environment variables are invalid; `sentences` has one sentence per fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _split_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _build_settings(variables: Mapping[str, Any]) -> Settings:
    data_dir = Path(variables["DATA_DIR"]).absolute()
    base = variables["PUBLIC_BASE_URL"].rstrip("/") or f"http://127.0.0.1:{variables['PORT']}"
    host = urlsplit(base).hostname or ""
    url = variables["DATABASE_URL"] or f"sqlite:///{data_dir / DATABASE_FILE}"
    return Settings(
        environment=variables["PORTAL_ENV"],
        secret_key=variables["SECRET_KEY"],
        secret_key_fallbacks=_split_words(variables["SECRET_KEY_FALLBACKS"]),
        database_url=url.replace("postgresql://", "postgresql+psycopg://", 1),
        data_dir=data_dir,
        public_base_url=base,
        trusted_hosts=_split_words(variables["TRUSTED_HOSTS"])
        or tuple(dict.fromkeys((host, "localhost", "127.0.0.1", "[::1]"))),
        bind=variables["BIND"],
        port=variables["PORT"],
        web_workers=variables["WEB_CONCURRENCY"],
        web_threads=variables["WEB_THREADS"],
        proxy_hops=variables["PROXY_HOPS"],
        brand=variables["BRAND"] or _choose_brand(host),
        log_level=variables["LOG_LEVEL"],
        request_max_bytes=variables["REQUEST_MAX_BYTES"],
        password_memory_kib=variables["PASSWORD_MEMORY_KIB"],
        mail_server=parse_mail_url(variables["MAIL_URL"]),
        mail_from=parse_mail_from(variables["MAIL_FROM"] or DEVELOPMENT_SENDER),
        reply_domain=variables["REPLY_DOMAIN"],
        queue_url=variables["QUEUE_URL"],
        bucket=parse_files_url(variables["FILES_URL"]),
        file_max_bytes=variables["FILE_MAX_BYTES"],
        project_files_bytes=variables["PROJECT_FILES_BYTES"],
        clamd=parse_clamd_url(variables["CLAMD_URL"]),
        demarches_url=variables["DEMARCHES_URL"],
        demarches_page=variables["DEMARCHES_PAGE"],
        outgoing_hosts=(
            *_split_words(variables["OUTGOING_HOSTS"]),
            urlsplit(variables["DEMARCHES_URL"]).hostname or "",
            urlsplit(variables["PROCONNECT_URL"]).hostname or "",
        ),
        plain_hosts=tuple(variables["PLAIN_HOSTS"].split()),
        outgoing_loopback=variables["OUTGOING_LOOPBACK"] == "1",
        api_origins=_split_words(variables["API_ORIGINS"]),
        proconnect=_read_proconnect(variables),
        writes_per_hour=_read_hourly_write_limit(variables),
        second_factor_roles=_read_second_factor_roles(variables),
        idle_minutes=variables["IDLE_MINUTES"],
        idle_minutes_demanded=variables["IDLE_MINUTES_DEMANDED"],
        backup_days=variables["BACKUP_DAYS"],
        backup_recipient=variables["BACKUP_RECIPIENT"],
        metrics_token=variables["METRICS_TOKEN"],
        contact_email=variables["CONTACT_EMAIL"],
        publisher=variables["PUBLISHER"],
        publication_director=variables["PUBLICATION_DIRECTOR"],
        hosting_provider=variables["HOSTING_PROVIDER"],
    )


def _read_proconnect(variables: Mapping[str, Any]) -> ProConnect | None:
    if not variables["PROCONNECT_URL"]:
        return None
    return ProConnect(
        url=variables["PROCONNECT_URL"].rstrip("/"),
        client_id=variables["PROCONNECT_CLIENT_ID"],
        client_secret=variables["PROCONNECT_CLIENT_SECRET"],
        algorithm=variables["PROCONNECT_ALGORITHM"],
        acr_values=_split_words(variables["PROCONNECT_ACR"]),
        mfa_acr_values=_split_words(variables["PROCONNECT_MFA_ACR"]),
    )


def _read_hourly_write_limit(variables: Mapping[str, Any]) -> int:
    """How often an account may write in an hour; by default 1,200 in production, else any number."""
    limit: int | None = variables["WRITES_PER_HOUR"]
    if limit is None:
        return WRITES_PER_HOUR if variables["PORTAL_ENV"] == "production" else 0
    return limit


def _read_second_factor_roles(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles that demand a second factor; by default the usual ones in production, else none."""
    if not variables["SECOND_FACTOR_ROLES"]:
        return SECOND_FACTOR_ROLES if variables["PORTAL_ENV"] == "production" else ()
    return tuple(word for word in _split_words(variables["SECOND_FACTOR_ROLES"]) if word != NO_ROLE)


def _choose_brand(host: str) -> str:
    """The State's brand on the State's domains and on localhost, else the neutral one."""
    is_state = host.endswith(".gouv.fr") or host in {"127.0.0.1", "localhost", "::1"}
    return "state" if is_state else "neutral"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment. Raises `SettingsInvalid` with one sentence per fault."""
    variables, warnings = rename_settings({name: value for name, value in environ.items() if value != ""})
    try:
        built = _build_settings(Environment().load(variables))
        variables_set = frozenset(variables) & Environment().fields.keys()
        return replace(built, variables_set=variables_set, warnings=warnings)
    except ValidationError as invalid:
        faults = cast(dict[str, list[str]], invalid.messages)
        set_as = {
            FORMER_NAMES[old].current: old for old in warnings if FORMER_NAMES[old].current not in environ
        }
        raise SettingsInvalid(
            [f"{set_as.get(name, name)} {sentence}" for name, all_ in faults.items() for sentence in all_]
        ) from None


def load_settings_or_exit(environ: Mapping[str, str]) -> Settings:
    """The same for the start of a process: exits with the sentences."""
    try:
        return load_settings(environ)
    except SettingsInvalid as invalid:
        fault_list = "\n".join(f"- {sentence}" for sentence in invalid.sentences)
        sys.exit(f"The configuration does not hold:\n{fault_list}")
