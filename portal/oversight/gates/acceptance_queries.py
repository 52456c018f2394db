"""What an acceptance of a gate, given now, would leave to settle first."""

from portal.oversight.gates.labels import causes
from portal.oversight.gates.reference_queries import describe_references
from portal.oversight.gates.standing_labels import describe_waits
from portal.oversight.gates.state_rules import GateState
from portal.oversight.gates.turn_rules import find_remaining
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project


def say_remaining(project: Project, state: GateState) -> str:
    """Return why an acceptance given now would be stale at once, and whose turn it is first; "" where
    it would hold. One statement where it would not."""
    remaining = find_remaining(state.definition, state.evaluation, clock.today())
    if not remaining:
        return ""
    return _(
        "Accepté, ce jalon serait périmé aussitôt. %(why)s. %(whose)s",
        why=causes(remaining, describe_references(project)),
        whose=describe_waits(state),
    )
