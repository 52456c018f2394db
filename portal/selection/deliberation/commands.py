"""Hold the deliberation, decide, and publish at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db
from portal.platform.kernel.errors import Conflict, RuleBroken, SeveralRulesBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications import commands as applications
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation import policy, queries
from portal.selection.deliberation.models import (
    ApplicationDecision,
    CallPublication,
    DecisionKind,
    Deliberation,
)

MINUTES_WRITTEN = audit.Action("deliberation.written", _l("a écrit le procès-verbal de l’appel %(number)s"))
PUBLISHED = audit.Action("call.published", _l("a publié des résultats de l’appel %(number)s"))
DECIDED = audit.Action("decision.written")
NEEDS_REASON = _l("Motivez la décision sur ce critère.")
DECISION_PUBLISHED = audit.Action("decision.published")


@dataclass(frozen=True)
class MinutesFacts:
    """The meeting of a jury; `attendees` one a line."""

    held_on: date
    place: str = ""
    attendees: str = ""
    minutes: str = ""


@dataclass(frozen=True)
class ApplicationDecisionFacts:
    """What is decided of an application, with reasons by key of the criterion."""

    outcome: DecisionKind
    reasons: Mapping[str, str]
    letter_text: str = ""


def write_minutes(actor: Actor, call: Call, facts: MinutesFacts, version: int) -> Deliberation:
    """Write the minutes; `version` is 0 where there are none. Raises `Conflict`, `TooLate`."""
    calls.lock_call(actor, call)
    require_may_write_minutes(actor, call)
    row = queries.find_deliberation(call)
    if row is None:
        if version:
            raise Conflict
        row = Deliberation(call_id=call.id, held_on=facts.held_on)
        db.session.add(row)
    else:
        check_version(row, version)
    row.held_on, row.place = facts.held_on, facts.place
    row.attendees, row.minutes = facts.attendees, facts.minutes
    audit.record(actor, MINUTES_WRITTEN, row, scope_id=call.programme_id, facts=calls.call_audit_facts(call))
    return row


def require_may_write_minutes(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed`, or `TooLate` once results are published."""
    calls.require_lead(actor, call)
    if call.state is CallState.PUBLISHED:
        raise TooLate(_("Les résultats sont publiés : le procès-verbal ne change plus."))


def write_decision(
    actor: Actor, loaded: LoadedApplication, facts: ApplicationDecisionFacts, version: int
) -> ApplicationDecision:
    """Write a decision, until it is published; `version` is 0 where there is none.

    Raises `SeveralRulesBroken` beside each criterion without a reason, `RuleBroken` on `outcome` for an
    application that is not eligible; `Conflict`, `TooLate`.
    """
    applications.lock_application(actor, loaded)
    require_may_decide(loaded)
    _check_reasons(loaded, facts)
    keys = {criterion.key for criterion in list_criteria(loaded.call)}
    row = queries.find_decision(loaded)
    if row is None:
        if version:
            raise Conflict
        row = ApplicationDecision(application_id=loaded.application.id, author_id=actor.person_id)
        db.session.add(row)
    else:
        check_version(row, version)
    if row.publication_id is not None:
        raise TooLate(
            _("Cette décision est publiée : seul un recours la change."),
            applications.application_path(loaded),
        )
    row.reasons = {key: reason for key, reason in facts.reasons.items() if key in keys}
    row.outcome, row.letter_text = facts.outcome, facts.letter_text
    row.author_id = actor.person_id
    applications.record_application_act(actor, DECIDED, loaded.application)
    return row


def require_may_decide(loaded: LoadedApplication) -> None:
    """Raise `NotAllowed`, or `TooLate` where an application awaits no decision."""
    require(loaded.rights.is_lead, calls.leads_only_sentence())
    if not policy.can_decide(loaded):
        sentence = _("Une décision se prend une fois les notes ouvertes, et jusqu’à sa publication.")
        raise TooLate(sentence, applications.application_path(loaded))


def needs_reasons(loaded: LoadedApplication) -> bool:
    """Whether a decision gives a reason a criterion: not of what is not eligible."""
    return loaded.application.state is not ApplicationState.NOT_ELIGIBLE


def list_possible_outcomes(loaded: LoadedApplication) -> Sequence[DecisionKind]:
    """What may be decided of an application: what is not eligible is not selected."""
    return list(DecisionKind) if needs_reasons(loaded) else [DecisionKind.NOT_SELECTED]


def _check_reasons(loaded: LoadedApplication, facts: ApplicationDecisionFacts) -> None:
    if not needs_reasons(loaded):
        if facts.outcome not in list_possible_outcomes(loaded):
            raise RuleBroken("outcome", _("Une candidature non éligible ne peut pas être retenue."))
        return
    lacking = [each.key for each in list_criteria(loaded.call) if not facts.reasons.get(each.key)]
    if lacking:
        raise SeveralRulesBroken([(f"why_{key}", str(NEEDS_REASON)) for key in lacking])


def publish_decisions(actor: Actor, call: Call, version: int, *, knowingly: bool) -> CallPublication:
    """Publish all decisions that are not published yet, at once.

    Raises `RuleBroken` without decisions, on `knowingly` where applications that the actor leads
    are left for a second publication, and where the letters lack who signs or the ways of appeal.
    """
    calls.lock_call(actor, call, version)
    require_publishable(actor, call)
    if not (call.signatory_name and call.signatory_function and call.appeal_terms):
        raise RuleBroken(None, _("Il manque aux lettres leur signataire, ou les voies et délais de recours."))
    undecided = queries.list_undecided_applications(actor, call)
    if undecided and not knowingly:
        sentence = _("Il reste des candidatures sans décision : confirmez qu’elles seront publiées ensuite.")
        raise RuleBroken("knowingly", sentence)
    decisions = queries.list_unpublished_decisions(call)
    if not decisions:
        raise RuleBroken(None, _("Aucune décision n’est à publier."))
    publication = CallPublication(
        call_id=call.id,
        number=len(queries.list_publications(call)) + 1,
        published_by_id=actor.person_id,
        published_on=clock.today(),
        signatory_name=call.signatory_name,
        signatory_function=call.signatory_function,
        appeal_terms=call.appeal_terms,
        appeal_until=clock.today() + timedelta(days=call.appeal_days),
    )
    db.session.add(publication)
    db.session.flush()
    for application, decision in decisions:
        decision.publication_id = publication.id
        if application.state is not ApplicationState.NOT_ELIGIBLE:
            application.state = ApplicationState(decision.outcome.value)
        applications.record_application_act(actor, DECISION_PUBLISHED, application)
    call.state = CallState.PUBLISHED
    calls.record_call_change(actor, PUBLISHED, call)
    return publication


def require_publishable(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed`, or `TooLate` before the jury has deliberated."""
    calls.require_lead(actor, call)
    if not policy.can_publish(actor, call):
        sentence = _("Les résultats se publient une fois la délibération close.")
        raise TooLate(sentence, calls.call_path(call))
