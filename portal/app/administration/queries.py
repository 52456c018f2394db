"""The state of the installation, as it is stored."""

from portal.app.administration.models import InstallationState
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.database import db


def find_state() -> InstallationState | None:
    """The stored state, read again; None while the environment alone holds."""
    return db.session.get(InstallationState, INSTALLATION, populate_existing=True)
