"""What a programme set for its funding, or the defaults."""

from uuid import UUID

from portal.funding.agreements.models import FundingTerms
from portal.platform.kernel.database import db

RECOVERY_DAYS = 15
RECOVERY_DAYS_MAX = 180


def find_funding_terms(programme_id: UUID) -> FundingTerms | None:
    """What a programme set; None while the defaults hold."""
    return db.session.get(FundingTerms, programme_id)


def read_recovery_days(programme_id: UUID) -> int:
    """The days that a team has to answer before a recovery is noted."""
    terms = find_funding_terms(programme_id)
    return RECOVERY_DAYS if terms is None else terms.recovery_days
