"""Sentences of committees."""

from collections.abc import Mapping

from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.oversight.committees.models import Committee
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.labels import VERBS
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
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
    if row.held_on > clock.today():
        return _("à venir")
    return _("relevé à arrêter")


def gate_decisions_in_brief(verbs: Mapping[int, GateVerb]) -> str:
    """The gates of a team by their last decision: « Accepté : G0, G1 · Pas accepté : G5 »."""
    by_verb: dict[GateVerb, list[str]] = {}
    for number, verb in verbs.items():
        by_verb.setdefault(verb, []).append(f"G{number}")
    return " · ".join(
        _("%(who)s\u00a0: %(what)s", who=VERBS[verb], what=", ".join(numbers))
        for verb, numbers in by_verb.items()
    )
