"""Change requests in search, with their messages and reasons: for readers of amounts alone, like
their pages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, union_all

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import join_texts
from portal.funding.agreements import policy
from portal.funding.change_requests.labels import STATE_KINDS, STATES
from portal.funding.change_requests.models import ChangeDecision, ChangeMessage, ChangeState, FundingChange
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source


def _read_messages_and_reasons_by_change(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = union_all(
        *(
            select(model.change_id, text, model.created_at).where(model.change_id.in_(ids))
            for model, text in ((ChangeMessage, ChangeMessage.body), (ChangeDecision, ChangeDecision.reasons))
        )
    ).order_by("created_at")
    texts: dict[UUID, list[str]] = defaultdict(list)
    for change_id, text, _at in db.session.execute(rows):
        texts[change_id].append(text)
    return {change_id: join_texts(*parts) for change_id, parts in texts.items()}


SEARCH = (
    build_project_rows_search_source(
        FundingChange,
        _l("Demandes de modification"),
        "reason",
        "purpose",
        "learnings",
        beside=_read_messages_and_reasons_by_change,
        state=lambda row: (STATES[row.state], STATE_KINDS.get(row.state)),
        reach=TextAudience.FUNDING,
        visible=policy.funding_amounts_visible_condition,
        where=(FundingChange.state != ChangeState.WITHDRAWN,),
        called=(_l("Demande de modification"), "modification modifications amendment amendments"),
    ),
)
