"""Type in and change applications, judge whether they are eligible, write in their thread."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.company_numbers import clean_company_number
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import fold
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications import labels, policy, queries
from portal.selection.applications.models import (
    MEMBERS_MAX,
    NUMBER_MAX,
    Application,
    ApplicationMember,
    ApplicationMessage,
    ApplicationState,
)
from portal.selection.applications.queries import LoadedApplication
from portal.selection.applications.rules import NamedMember
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call
from portal.selection.calls.rules import RECEIVING_STATES

# Without sentences and without a scope: no feed, no list of notifications and no other trail but
# the application's own timeline shows them.
RECEIVED = audit.Action("application.received")
CHANGED = audit.Action("application.changed")
JUDGED = audit.Action("application.judged")
WITHDRAWN = audit.Action("application.withdrawn")
WITHDRAWAL_UNDONE = audit.Action("application.withdrawal_undone")
WROTE = audit.Action("application.wrote")
EXPORTED = audit.Action("call.exported", _l("a exporté les candidatures de l’appel %(number)s"))


@dataclass(frozen=True, kw_only=True)
class ApplicationFacts:
    """What an application says; `members` are those that it names."""

    organisation: str
    title: str
    received_on: date
    company_number: str = ""
    summary: str = ""
    problem: str = ""
    benefits: str = ""
    data_sources: str = ""
    target_groups: str = ""
    ethical_risks: str = ""
    contact_name: str = ""
    contact_email: str = ""
    members: Sequence[NamedMember] = ()


def enter_application_by_hand(actor: Actor, call: Call, facts: ApplicationFacts) -> Application:
    """Type in an application. Raises `RuleBroken` on `company_number` or `members`; `TooLate`."""
    calls.lock_call(actor, call)
    _require_receiving_state(call)
    number = queries.next_application_number(call)
    if number > NUMBER_MAX:
        raise RuleBroken(None, _("Cet appel a atteint %(n)s candidatures.", n=NUMBER_MAX))
    return create_application(actor, call, number, facts)


def create_application(
    actor: Actor | None,
    call: Call,
    number: int,
    facts: ApplicationFacts,
    act_facts: Mapping[str, Any] | None = None,
    **source: Any,
) -> Application:
    """Add an application to a call that the caller locked; `source` is its `origin` and
    `external_id` where it was imported, `act_facts` what its history says of that import. Raises
    `RuleBroken` as above."""
    application = Application(call_id=call.id, number=number, **_columns_of_facts(facts), **source)
    db.session.add(application)
    db.session.flush()
    _write_members(application, facts.members)
    record_application_act(actor, RECEIVED, application, **(act_facts or {}))
    return application


def change_application(
    actor: Actor, loaded: LoadedApplication, facts: ApplicationFacts, version: int
) -> None:
    """Change what it says, until the jury examines it. Raises `Conflict`, `TooLate`."""
    application = loaded.application
    lock_application(actor, loaded, version)
    require_may_change_answers(loaded)
    write_application_facts(actor, application, facts)


def write_application_facts(
    actor: Actor | None, application: Application, facts: ApplicationFacts, **act_facts: Any
) -> None:
    """Write what an application says, and record which fields changed, with `act_facts`. Raises
    `RuleBroken`."""
    for name, value in _columns_of_facts(facts).items():
        setattr(application, name, value)
    fields = sorted(audit.changes_of(application, leave_out=frozenset({"organisation_fold"})))
    old_members = [(m.name, m.email, m.function) for m in queries.list_members(application)]
    if old_members != [(m.name, m.email, m.function) for m in facts.members]:
        _write_members(application, facts.members)
        fields.append("members")
        application.version += 1
    if fields:
        record_application_act(actor, CHANGED, application, fields=fields, **act_facts)


def _columns_of_facts(facts: ApplicationFacts) -> dict[str, Any]:
    values = asdict(facts)
    values.pop("members")
    values["company_number"] = clean_company_number(facts.company_number)
    if values["company_number"] and len(values["company_number"]) not in {9, 14}:
        sentence = _("Un numéro SIREN a 9 chiffres, un numéro SIRET 14.")
        raise RuleBroken("company_number", sentence)
    if len(facts.members) > MEMBERS_MAX:
        raise RuleBroken("members", _("Nommez au plus %(n)s personnes.", n=MEMBERS_MAX))
    values["organisation_fold"] = fold(f"{facts.organisation} {facts.title}")[:400]
    return values


def _write_members(application: Application, members: Sequence[NamedMember]) -> None:
    db.session.execute(delete(ApplicationMember).where(ApplicationMember.application_id == application.id))
    for position, member in enumerate(members):
        db.session.add(ApplicationMember(application_id=application.id, position=position, **asdict(member)))


def judge_eligibility(
    actor: Actor,
    loaded: LoadedApplication,
    conditions_met: Collection[int],
    reason: str,
    *,
    is_eligible: bool,
    version: int,
) -> None:
    """Say whether it is eligible, by the conditions of the call that it meets.

    Raises `RuleBroken` on `reason` where a judgement against the conditions, or a refusal, has
    none; `Conflict`, `TooLate`.
    """
    application, call = loaded.application, loaded.call
    lock_application(actor, loaded, version)
    if not policy.can_judge_eligibility(loaded.rights, call, application):
        raise TooLate(_("L’éligibilité de cette candidature ne change plus."), application_path(loaded))
    meets_all = set(conditions_met) >= set(range(len(call.conditions)))
    if not reason and not is_eligible:
        raise RuleBroken("reason", _("Dites pourquoi elle n’est pas éligible : la lettre le reprendra."))
    if not reason and not meets_all:
        raise RuleBroken("reason", _("Une condition n’est pas remplie : dites pourquoi elle est éligible."))
    application.conditions_met = sorted(set(conditions_met))
    application.state = ApplicationState.ELIGIBLE if is_eligible else ApplicationState.NOT_ELIGIBLE
    application.state_reason = reason
    record_application_act(actor, JUDGED, application, state=application.state)


def withdraw_application(actor: Actor, loaded: LoadedApplication, reason: str, version: int) -> None:
    """Note that the applicant withdrew it. Raises `Conflict`, `TooLate`."""
    application = loaded.application
    lock_application(actor, loaded, version)
    if not policy.can_withdraw(loaded.rights, loaded.call, application):
        raise TooLate(_("Cette candidature ne peut plus être retirée."), application_path(loaded))
    application.state_before, application.reason_before = application.state, application.state_reason
    application.withdrawn_by_id = actor.person_id
    application.state, application.state_reason = ApplicationState.WITHDRAWN, reason
    record_application_act(actor, WITHDRAWN, application)


def undo_withdrawal(actor: Actor, loaded: LoadedApplication, version: int) -> None:
    """Take back the withdrawal that one noted, while the call is open: the application is what it was.
    Raises `Conflict`, and `Overtaken`, which says why."""
    application = loaded.application
    lock_application(actor, loaded, version)
    if not policy.can_undo_withdrawal(actor, loaded.rights, loaded.call, application):
        raise Overtaken(labels.explain_final_withdrawal(application, loaded.call), application_path(loaded))
    application.state = application.state_before or ApplicationState.RECEIVED
    application.state_reason = application.reason_before or ""
    application.state_before = application.reason_before = application.withdrawn_by_id = None
    record_application_act(actor, WITHDRAWAL_UNDONE, application)


def write_message(actor: Actor, loaded: LoadedApplication, body: str) -> ApplicationMessage:
    """Write in its thread: its leads and its jurors."""
    require(loaded.rights.reads_whole)
    message = ApplicationMessage(
        application_id=loaded.application.id,
        author_id=actor.person_id,
        is_from_jury=not loaded.rights.is_lead,
        body=body,
    )
    db.session.add(message)
    record_application_act(actor, WROTE, loaded.application)
    return message


def require_may_receive_applications(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed`, or `TooLate` for a call that takes no application."""
    calls.require_lead(actor, call)
    _require_receiving_state(call)


def _require_receiving_state(call: Call) -> None:
    if call.state not in RECEIVING_STATES:
        sentence = _("Cet appel ne reçoit pas de candidature : il n’est pas ouvert, ou le jury l’examine.")
        raise TooLate(sentence, calls.call_path(call))


def require_may_change_answers(loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, or `TooLate` once the jury examines it."""
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    if not policy.can_write_answers(loaded.rights, loaded.call, loaded.application):
        raise TooLate(_("Le jury examine cette candidature : elle ne change plus."), application_path(loaded))


def lock_application(actor: Actor, loaded: LoadedApplication, version: int | None = None) -> None:
    """Lock an application for its leads, and read it again.

    Raises `NotAllowed`, and `Conflict` where somebody else changed it, or the actor's rights.
    """
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    lock_row(Call, loaded.call.id)
    lock_row(Application, loaded.application.id)
    reload_row(loaded.call)
    reload_row(loaded.application)
    if queries.get_known_application_by_id(actor, loaded.application.id).rights != loaded.rights:
        raise Conflict
    if version is not None:
        check_version(loaded.application, version)


def application_path(loaded: LoadedApplication) -> str:
    """The path of an application's page."""
    return application_path_in_call(loaded.programme, loaded.call, loaded.application)


def application_path_in_call(programme: Programme, call: Call, application: Application) -> str:
    return f"/programmes/{programme.slug}/calls/{call.number}/applications/{application.number}"


def record_application_act(
    actor: Actor | None, action: audit.Action, application: Application, **facts: Any
) -> None:
    """Record an act on an application, out of every feed, without any text of it."""
    audit.record(actor, action, application, scope_id=None, facts=facts)


def record_export(actor: Actor, call: Call, extension: str) -> None:
    """Record that the list of a call was exported. Raises `NotAllowed`."""
    calls.require_lead(actor, call)
    facts = calls.call_audit_facts(call) | {"name": extension}
    audit.record(actor, EXPORTED, call, scope_id=call.programme_id, facts=facts)
