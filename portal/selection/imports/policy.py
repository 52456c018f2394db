"""Who imports the applications of a call: its leads. All doors of the feature ask here."""

from portal.platform.kernel.access import Actor
from portal.selection.calls import policy as calls
from portal.selection.calls.models import Call
from portal.selection.calls.rules import RECEIVING_STATES


def can_import(actor: Actor, call: Call) -> bool:
    return calls.leads_call(actor, call)


def is_receiving_applications(call: Call) -> bool:
    """Whether applications still come in: the jury does not examine them yet."""
    return call.state in RECEIVING_STATES
