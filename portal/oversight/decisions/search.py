"""Decisions that teams await in search, those withdrawn left out."""

from portal.collaboration.search.policy import TextAudience
from portal.oversight.decisions import policy
from portal.oversight.decisions.labels import badge
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee, DecisionStage
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source


def _get_text_audience(decision: AwaitedDecision) -> TextAudience:
    is_put_to_operator = decision.addressee is DecisionAddressee.OPERATOR
    return TextAudience.OPERATORS if is_put_to_operator else TextAudience.PROJECT


SEARCH = (
    build_project_rows_search_source(
        AwaitedDecision,
        _l("Décisions"),
        "question",
        *("why", "answer"),
        state=badge,
        author="asked_by_id",
        reach=_get_text_audience,
        visible=policy.visible_to,
        where=(AwaitedDecision.stage != DecisionStage.WITHDRAWN,),
        called=(_l("Décision"), "decision decisions"),
    ),
)
