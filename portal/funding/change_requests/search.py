"""Change requests in search: for readers of amounts alone, like their pages."""

from portal.collaboration.search.policy import TextAudience
from portal.funding.agreements import policy
from portal.funding.change_requests.labels import STATE_KINDS, STATES
from portal.funding.change_requests.models import ChangeState, FundingChange
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_search_source

SEARCH = (
    build_project_search_source(
        FundingChange,
        _l("Demandes de modification"),
        "reason",
        "purpose",
        "learnings",
        state=lambda row: (STATES[row.state], STATE_KINDS.get(row.state)),
        reach=TextAudience.FUNDING,
        visible=policy.amounts_visible_to,
        where=(FundingChange.state != ChangeState.WITHDRAWN,),
        called=(_l("Demande de modification"), "modification modifications amendment amendments"),
    ),
)
