"""The demonstration's accounts never serve in production: their password is published."""

import structlog
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError

from portal.app.demo.people import DOMAIN
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db, read_only_transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

log = structlog.get_logger("portal")

SENTENCE = (
    "The data hold open demonstration accounts, whose password is published:"
    " `flask --app wsgi demo close` closes them."
)
_OPEN_ACCOUNTS = select(Person).where(
    Person.email.endswith(f"@{DOMAIN}"), Person.disabled_at.is_(None), Person.password_hash.is_not(None)
)


def list_open_account_faults() -> list[str]:
    """Why a portal in production may not start: a sentence while an account of the demonstration is open.

    A database that is empty or not reached has none yet.
    """
    if not get_service(Settings).is_production:
        return []
    try:
        if not inspect(db.engine).has_table(Person.__tablename__):
            return []
        with read_only_transaction():
            return [SENTENCE] if db.session.scalar(_OPEN_ACCOUNTS.limit(1)) else []
    except OperationalError as away:
        log.warning("database not reached", kind=type(away.orig).__name__)
        return []


def disable_demonstration_accounts() -> int:
    """Disable the demonstration's accounts in the current transaction; return their number."""
    people = db.session.scalars(_OPEN_ACCOUNTS).all()
    for person in people:
        accounts.disable_account(None, person)
    return len(people)
