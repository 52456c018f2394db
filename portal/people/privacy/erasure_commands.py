"""Ask for an erasure, decide on the texts that name the person, approve; the worker erases."""

from collections.abc import Sequence
from uuid import UUID

from portal.people.accounts.commands import queue_mail_to
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.privacy import erasure_queries as queries
from portal.people.privacy import policy
from portal.people.privacy.erasure_models import Erasure, ErasureStage, MentionDecision
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _

REQUESTED = audit.Action("erasure.asked")
WITHDRAWN = audit.Action("erasure.withdrawn")
DECIDED = audit.Action("erasure.decided")
APPROVED = audit.Action("erasure.approved")
REQUESTED_MAIL = "erasure-asked"


def ask_erasure(actor: Actor, person: Person) -> Erasure:
    """Ask for the erasure of oneself, or of a person who wrote to an administrator, who is told.

    Raises `RuleBroken` when one is under way or done.
    """
    require(policy.can_ask_erasure(actor, person))
    lock_row(Person, person.id)
    if person.is_erased:
        raise RuleBroken(None, _("Ce compte est déjà effacé."))
    if queries.find_open_erasure(person.id) is not None:
        raise RuleBroken(None, _("L’effacement est déjà demandé."))
    row = Erasure(person_id=person.id, asked_by_id=actor.person_id)
    db.session.add(row)
    db.session.flush()
    facts = {"person_id": person.id, "path": f"/erasures/{row.id}"}
    audit.record(actor, REQUESTED, row, scope_id=None, facts=facts)
    if actor.person_id != person.id:
        by, contact = (
            read_person_names([actor.person_id])[actor.person_id],
            get_service(Settings).contact_email,
        )
        queue_mail_to(person, REQUESTED_MAIL, name=person.name, by=by, contact=contact)
    outbox.wake_sender_after_commit()
    return row


def withdraw_erasure(actor: Actor, erasure: Erasure) -> None:
    """Take the request back. Raises `Overtaken` when somebody else did, `RuleBroken` once an
    administrator approved it."""
    require(policy.can_withdraw_erasure(actor, erasure))
    _lock_and_refresh_erasure(erasure)
    if erasure.stage is ErasureStage.WITHDRAWN:
        raise Overtaken(_("Cette demande est déjà retirée : le compte reste tel qu’il est."))
    if erasure.stage is ErasureStage.ERASED:
        raise Overtaken(_("Ce compte est déjà effacé."))
    if erasure.stage not in (ErasureStage.REQUESTED, ErasureStage.LISTED):
        raise RuleBroken(None, _("L’effacement est en cours : il ne peut plus être retiré."))
    erasure.stage, erasure.ended_at, erasure.words_alone = ErasureStage.WITHDRAWN, clock.now(), []
    audit.record(actor, WITHDRAWN, erasure, scope_id=None, facts={"person_id": erasure.person_id})


def decide_mentions(
    actor: Actor, erasure: Erasure, mention_ids: Sequence[UUID], decision: MentionDecision, reason: str
) -> None:
    """Redact texts at the erasure, or keep them with a reason. Raises `RuleBroken`."""
    person = queries.get_person_of_erasure(erasure)
    require(policy.can_erase(actor, person), _("Un autre administrateur en décide."))
    _lock_and_refresh_erasure(erasure)
    if erasure.stage is not ErasureStage.LISTED:
        raise RuleBroken(None, _("Cette liste est close."))
    if not mention_ids:
        raise RuleBroken("texts", _("Cochez au moins un texte."))
    if decision is MentionDecision.KEEP and not reason:
        raise RuleBroken("reason", _("Dites pourquoi ces textes gardent le nom."))
    for mention in queries.list_mentions(erasure, mention_ids):
        mention.decision, mention.reason = decision, reason if decision is MentionDecision.KEEP else ""
        mention.decided_by_id, mention.decided_at = actor.person_id, clock.now()
        facts = {"decision": decision, "table": mention.table_name, "row": mention.row_key}
        audit.record(actor, DECIDED, erasure, scope_id=None, facts=facts)


def approve_erasure(actor: Actor, erasure: Erasure) -> None:
    """Have the worker erase. Raises `RuleBroken` while a text is undecided or a role would be empty."""
    person = queries.get_person_of_erasure(erasure)
    require(
        policy.can_erase(actor, person),
        _("On n’efface pas son propre compte : un autre administrateur le fait."),
    )
    _lock_and_refresh_erasure(erasure)
    if obstacle := find_approval_obstacle(erasure, person):
        raise RuleBroken(None, obstacle)
    erasure.stage, erasure.approved_by_id = ErasureStage.APPROVED, actor.person_id
    audit.record(actor, APPROVED, erasure, scope_id=None, facts={"person_id": person.id})
    outbox.wake_sender_after_commit()


def find_approval_obstacle(erasure: Erasure, person: Person) -> str:
    """Why an erasure cannot be approved yet, "" where it can."""
    if erasure.stage is not ErasureStage.LISTED:
        return _("La liste des textes n’est pas prête, ou l’effacement est en cours.")
    if queries.count_undecided_mentions(erasure):
        return _("Décidez d’abord de chaque texte qui nomme cette personne.")
    if queries.list_sole_holder_roles(person):
        return _("Cette personne est la dernière dans un rôle : confiez-le d’abord à quelqu’un.")
    return ""


def _lock_and_refresh_erasure(erasure: Erasure) -> None:
    lock_row(Erasure, erasure.id)
    reload_row(erasure)
