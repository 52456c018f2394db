"""The state of the installation, as it is stored."""

from uuid import UUID

from portal.app.administration.models import StoredInstallationState, TrailVerification
from portal.people.programmes.models import INSTALLATION, Scope
from portal.platform.kernel.database import db


def find_installation_state() -> StoredInstallationState | None:
    """The stored state, read again; None while the environment alone holds."""
    return db.session.get(StoredInstallationState, INSTALLATION, populate_existing=True)


def find_installation_scope() -> Scope | None:
    """The scope of the installation, to which lines of the trail refer; None in an empty database."""
    return db.session.get(Scope, INSTALLATION)


def lock_trail_verification(verification_id: UUID) -> TrailVerification:
    """A verification, locked; for the worker, which does it."""
    return db.session.get_one(TrailVerification, verification_id, with_for_update=True)
