"""Sentences of committees."""

from collections.abc import Mapping

from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.oversight.committees.models import Committee
from portal.oversight.committees.record_queries import CommitteeRecord, RecordedDecision
from portal.oversight.decisions.labels import outcome_label
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.labels import VERBS
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day


def meeting_time(row: Committee) -> str:
    """Day, hour and length."""
    return format_day_and_hour(row.held_on, row.hour, row.duration)


def title(row: Committee) -> str:
    return _("Comité du %(day)s", day=day(row.held_on))


def describe_record_state(row: Committee) -> str:
    """Where its record is."""
    if row.closed_at is not None:
        return _("relevé arrêté le %(day)s", day=day(clock.day_of(row.closed_at)))
    if not row.has_begun:
        return _("à venir")
    return _("relevé à arrêter")


def describe_answer(decision: RecordedDecision) -> str:
    """« Accordée le 30 novembre 2026 »; "" while it is awaited."""
    if decision.outcome is None or decision.answered_at is None:
        return ""
    answered_on = day(clock.day_of(decision.answered_at))
    outcome = outcome_label(decision.outcome, is_help=decision.is_help)
    return _("%(outcome)s le %(day)s", outcome=outcome, day=answered_on)


def describe_no_decision(record: CommitteeRecord) -> str:
    """Why a record holds no decision yet while that of an earlier committee is open; "" otherwise."""
    if record.open_before is None:
        return ""
    return _("Se remplit quand est arrêté le relevé du %(day)s.", day=day(record.open_before))


def list_close_consequences(row: Committee, record: CommitteeRecord) -> list[str]:
    """What its record will hold once it is closed, and that it stays so."""
    count = len(record.answered) + len(record.changes)
    decided = ngettext(
        "Le relevé tiendra %(num)s décision prise, et ce qui reste attendu.",
        "Le relevé tiendra %(num)s décisions prises, et ce qui reste attendu.",
        count,
    )
    later = _("Ce qui a été décidé après le %(day)s entre au relevé du comité suivant.", day=day(row.held_on))
    return [
        decided if count else _("Le relevé ne tiendra aucune décision prise."),
        *([later] if row.held_on < clock.today() else ()),
        _("Ses membres sont notés.")
        if row.members.strip()
        else _("Ses membres ne sont pas notés, et ne pourront plus l’être."),
        _("Une fois le relevé arrêté, ni lui ni le comité ne changent plus."),
    ]


def gate_decisions_in_brief(verbs: Mapping[int, GateVerb]) -> str:
    """The gates of a team by their last decision: « Accepté : G0, G1 · Pas accepté : G5 »."""
    by_verb: dict[GateVerb, list[str]] = {}
    for number, verb in verbs.items():
        by_verb.setdefault(verb, []).append(f"G{number}")
    return " · ".join(
        _("%(who)s\u00a0: %(what)s", who=VERBS[verb], what=", ".join(numbers))
        for verb, numbers in by_verb.items()
    )
