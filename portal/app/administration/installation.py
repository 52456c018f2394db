"""The state of the installation as each process knows it: read again every few seconds.

So a banner, a setting or maintenance holds everywhere within `REFRESH_AFTER`, and costs no
statement a request.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, request

from portal.app.administration.models import StoredInstallationState
from portal.platform.kernel.early_reads import fetch_before_transaction
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import in_reader_language

REFRESH_AFTER = 5.0  # seconds
# Settings that a page may change, by their variable: the rest is read once, at the start.
CHANGEABLE = {
    "CONTACT_EMAIL": "contact_email",
    "PUBLISHER": "publisher",
    "PUBLICATION_DIRECTOR": "publication_director",
    "HOSTING_PROVIDER": "hosting_provider",
    "IDLE_MINUTES": "idle_minutes",
    "IDLE_MINUTES_DEMANDED": "idle_minutes_demanded",
}
# Answered without the database, or by machines.
_WITHOUT_DATABASE = frozenset({"pages.legal", "pages.accessibility"})

_STATE = PreparedStatement(
    sa.select(
        StoredInstallationState.overrides,
        StoredInstallationState.banner_fr,
        StoredInstallationState.banner_en,
        StoredInstallationState.maintenance_since,
    )
)


@dataclass(frozen=True)
class InstallationNotice:
    """What all readers are told, in two languages; `maintenance_since` is None while all may enter."""

    banner_fr: str = ""
    banner_en: str = ""
    maintenance_since: datetime | None = None

    @property
    def banner(self) -> str:
        return in_reader_language(self.banner_fr, self.banner_en)


@dataclass
class InstallationStateCache:
    """A service: the state as this process last read it, and the settings of the environment."""

    from_environment: Settings
    refresh_after: float = REFRESH_AFTER
    notice: InstallationNotice = field(default_factory=InstallationNotice)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    _read_at: float | None = None

    def forget_state(self) -> None:
        """Read again at the next request."""
        self._read_at = None

    def refresh(self, app: Flask) -> None:
        """Read the state if it is older than `refresh_after`, and provide the settings in force."""
        now = time.monotonic()
        if self._read_at is not None and now - self._read_at < self.refresh_after:
            return
        rows = fetch_before_transaction(_STATE, {})
        overrides, *notice = rows[0] if rows else ({}, "", "", None)
        self.notice, self._read_at = InstallationNotice(*notice), now
        if overrides != self.overrides:
            self.overrides = overrides
            provide_service(app, settings_in_force(self.from_environment, overrides))


def settings_in_force(settings: Settings, overrides: Mapping[str, Any]) -> Settings:
    """The settings of the environment with those that a page replaced."""
    return replace(
        settings, **{CHANGEABLE[name]: value for name, value in overrides.items() if name in CHANGEABLE}
    )


def init_app(app: Flask, settings: Settings, machine_endpoints: frozenset[str]) -> None:
    """Read the state before each request but those of machines. Before anybody is identified."""
    provide_service(app, InstallationStateCache(settings))

    @app.before_request
    def refresh() -> None:
        if request.endpoint not in machine_endpoints | _WITHOUT_DATABASE:
            get_installation_state_cache().refresh(app)


def get_installation_state_cache() -> InstallationStateCache:
    return get_service(InstallationStateCache, current_app)
