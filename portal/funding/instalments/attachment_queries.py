"""Files of instalments: for those who read amounts; one that was checked is asked again without it."""

from portal.funding.agreements import policy
from portal.funding.agreements.attachment_queries import FundingAttachmentKind
from portal.funding.agreements.models import OVER, Instalment
from portal.funding.instalments.document_commands import withdraw_check_before_removal
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path


def _explain_closed_files(row: Instalment) -> str:
    return _("Cette tranche est close : ses pièces ne changent plus.") if row.state in OVER else ""


def _is_writer(actor: Actor, project: Project) -> bool:
    return policy.is_on_team(actor, project) or policy.can_operate(actor, project)


INSTALMENT_FILES = FundingAttachmentKind(
    Instalment,
    _l("Tranche %(n)s"),
    row_path,
    lambda row: int(row.number),
    _explain_closed_files,
    _is_writer,
    before_removal=withdraw_check_before_removal,
)
