"""Files of change requests: for those who read amounts."""

from portal.funding.agreements.attachment_queries import FundingAttachmentKind
from portal.funding.agreements.policy import can_handle, is_on_team
from portal.funding.change_requests.models import ChangeState, FundingChange
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.path_rules import row_path


def _explain_closed_files(row: FundingChange) -> str:
    is_open = row.state in {ChangeState.FILED, ChangeState.EXAMINED}
    return "" if is_open else _("Cette demande est décidée : ses pièces ne changent plus.")


CHANGE_FILES = FundingAttachmentKind(
    FundingChange,
    _l("Demande %(n)s"),
    row_path,
    lambda row: int(row.number),
    _explain_closed_files,
    lambda actor, project: is_on_team(actor, project) or can_handle(actor, project),
)
