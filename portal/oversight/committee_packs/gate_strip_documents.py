"""The gates of a team as a strip, and the same in words."""

from collections.abc import Sequence
from typing import Any

from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.text import gettext as _


def list_gate_looks(health: HealthSnapshot | None) -> list[list[Any]]:
    """The number and the look of each gate, on the day of the health."""
    return [[step.number, step.look(health.day)] for step in health.facts.steps] if health else []


def describe_gate_looks(gates: Sequence[Sequence[Any]]) -> str:
    """The same in words, for who does not see the strip."""
    sentences = []
    for look, label in (
        ("accepted", _("Acceptés")),
        ("proved", _("Prouvés")),
        ("stale", _("Périmés")),
        ("refused", _("Refusés")),
        ("waived", _("Dispensés")),
    ):
        if numbers := [f"G{number}" for number, gate_look in gates if gate_look == look]:
            sentences.append(_("%(who)s : %(what)s", who=label, what=", ".join(numbers)))
    return ". ".join(sentences) or _("Aucun jalon franchi")
