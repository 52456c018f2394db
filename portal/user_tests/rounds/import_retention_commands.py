"""How long uploaded results of tests are kept."""

from portal.platform.kernel.retention import RetentionGroup, RetentionRule, make_expired_uploads_condition
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.rounds.import_models import ResultsImport

UPLOADS = RetentionRule(
    key="results_imports",
    group=RetentionGroup.UPLOADS,
    title=_l("Résultats de test déposés pour un import"),
    reason=_l("Vous montrer les séances qui en viendraient, et les écrire"),
    days=1,
    model=ResultsImport,
    is_over=make_expired_uploads_condition(ResultsImport.created_at, ResultsImport.expires_at),
)
