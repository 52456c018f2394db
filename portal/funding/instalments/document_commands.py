"""What a team hands in for an instalment: documents, and the statement of its expenses."""

from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from portal.collaboration.files.models import Attachment
from portal.funding.agreements import policy, queries
from portal.funding.agreements.commands import lock_agreement
from portal.funding.agreements.models import OVER, Instalment
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments.commands import withdraw_check_if_checked
from portal.funding.instalments.models import InstalmentVerb
from portal.funding.instalments.step_commands import add_step, record_instalment_event
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh, team_only_message

HANDED_IN = audit.Action("instalment.document", _l("a remis une pièce pour la tranche %(number)s"))
STATED = audit.Action("instalment.stated", _l("a préparé l’état des dépenses de la tranche %(number)s"))
CERTIFIED = audit.Action(
    "instalment.certified", _l("a certifié l’état des dépenses de la tranche %(number)s")
)


def require_team_member(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` unless the actor is on the team."""
    require(policy.is_on_team(actor, project), team_only_message())


def _lock_instalment_awaiting_documents(
    actor: Actor, loaded: LoadedInstalment, version: int | None = None
) -> None:
    project, agreement, row = loaded
    require_team_member(actor, project)
    lock_agreement(agreement)
    lock_fresh(row, version)
    if row.state in OVER or not agreement.is_open:
        raise Overtaken(_("Cette tranche n’attend plus de pièce."), row_path(project, row))


def hand_in_document(
    actor: Actor,
    loaded: LoadedInstalment,
    document_id: UUID,
    attachment_id: UUID,
    version: int,
) -> None:
    """Say which attached file is a document that an instalment needs; its fingerprint is kept. One
    that replaces another after the check takes the instalment back to asked.

    Raises `RuleBroken` on `file`, `Conflict`, `Overtaken`.
    """
    row = loaded.row
    _lock_instalment_awaiting_documents(actor, loaded, version)
    document = queries.get_needed_document(row, document_id)
    files = {file.id: file for file in queries.list_attachments(row.__tablename__, row.id)}
    if attachment_id not in files:
        raise RuleBroken("file", _("Choisissez un fichier joint à la tranche."))
    file = files[attachment_id]
    if document.sha256 != file.sha256:
        withdraw_check_if_checked(actor, loaded, document.name)
    document.attachment_id, document.sha256 = file.id, file.sha256
    document.handed_by_id, document.handed_on = actor.person_id, clock.today()
    flag_modified(row, "turn_since")  # another version: a check that is under way has not seen it
    record_instalment_event(actor, HANDED_IN, loaded)


def withdraw_check_before_removal(row: Instalment, actor: Actor, file: Attachment) -> None:
    """Take a checked instalment back to asked, before a file that it counts as a document is removed.

    Whoever may remove the file was checked by the caller. Raises `TooLate` once it is over.
    """
    loaded = queries.load_instalment_with_agreement(row)
    lock_agreement(loaded.agreement)
    lock_fresh(row)
    if row.state in OVER:
        raise TooLate(_("Cette tranche est close : ses pièces ne changent plus."))
    for document in queries.list_documents_by_instalment([row]).get(row.id, ()):
        if document.row.attachment_id == file.id:
            withdraw_check_if_checked(actor, loaded, document.row.name)
            flag_modified(row, "turn_since")


def prepare_expense_statement(actor: Actor, loaded: LoadedInstalment, amount: int, version: int) -> None:
    """Prepare the statement of expenses, in cents; it has to be certified again. Raises `Conflict`."""
    row = loaded.row
    _lock_instalment_awaiting_documents(actor, loaded, version)
    withdraw_check_if_checked(actor, loaded)
    row.statement_cents, row.statement_by_id, row.certified_by_id = amount, actor.person_id, None
    add_step(actor, row, InstalmentVerb.STATED, amount_cents=amount)
    record_instalment_event(actor, STATED, loaded)


def certify_expenses(actor: Actor, loaded: LoadedInstalment, version: int) -> None:
    """Certify the statement, by somebody else than who prepared it. Raises `RuleBroken`."""
    row = loaded.row
    _lock_instalment_awaiting_documents(actor, loaded, version)
    if row.statement_by_id is None:
        raise RuleBroken(None, _("L’état des dépenses n’est pas préparé."))
    if row.statement_by_id == actor.person_id:
        raise RuleBroken(None, _("Qui prépare l’état des dépenses ne le certifie pas."))
    row.certified_by_id = actor.person_id
    add_step(actor, row, InstalmentVerb.CERTIFIED, amount_cents=row.statement_cents)
    record_instalment_event(actor, CERTIFIED, loaded)
