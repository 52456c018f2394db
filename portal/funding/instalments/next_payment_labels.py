"""What the next payment of a team waits for, in a sentence without an amount."""

from portal.funding.agreements.models import OVER
from portal.funding.agreements.queries import find_agreement, find_project_with_readable_funding
from portal.funding.instalments import labels
from portal.funding.instalments.queries import read_instalments_with_needs
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _


def describe_next_payment(actor: Actor, slug: str) -> str:
    """« Versement : la tranche 2 attend G4 »; "" for whoever may not know, without any
    to come, and without an agreement in force."""
    project = find_project_with_readable_funding(actor, slug)
    agreement = find_agreement(project) if project else None
    if project is None or agreement is None or not agreement.is_open:
        return ""
    views = read_instalments_with_needs(project)
    following = next((view for view in views if view.row.state not in OVER), None)
    if following is None:
        return ""
    summary = labels.describe_awaited(following)
    if standstill := labels.standstill_sentence(project, agreement):
        return standstill
    return _("Versement : la tranche %(n)s, %(what)s", n=following.row.number, what=summary)
