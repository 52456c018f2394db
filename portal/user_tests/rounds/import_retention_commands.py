"""How long uploaded results of tests are kept."""

from datetime import datetime

import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.retention import RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.rounds.import_models import ResultsImport


def _is_over(before: datetime) -> sa.ColumnElement[bool]:
    """Also one that nobody can open any more, where the term became longer since its upload."""
    return (ResultsImport.created_at < before) | (ResultsImport.expires_at <= clock.now())


UPLOADS = RetentionRule(
    key="results_imports",
    title=_l("Résultats de test déposés pour un import"),
    reason=_l("Vous montrer les séances qui en viendraient, et les écrire"),
    days=1,
    model=ResultsImport,
    is_over=_is_over,
)
