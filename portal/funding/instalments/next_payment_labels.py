"""What the next payment of a team waits for, in a sentence without an amount."""

from portal.funding.agreements.models import OVER
from portal.funding.agreements.queries import find_project_with_readable_funding
from portal.funding.instalments import labels
from portal.funding.instalments.queries import read_instalments_with_needs
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _


def describe_next_payment(actor: Actor, slug: str) -> str:
    """« Versement : la tranche 2 attend G4 »; "" for whoever may not know, and without any to come."""
    project = find_project_with_readable_funding(actor, slug)
    views = read_instalments_with_needs(project) if project else ()
    following = next((view for view in views if view.row.state not in OVER), None)
    if following is None:
        return ""
    summary = labels.describe_awaited(following)
    if project is not None and (standstill := labels.standstill_sentence(project)):
        return standstill
    return _("Versement : la tranche %(n)s, %(what)s", n=following.row.number, what=summary)
