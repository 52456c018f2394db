"""What the next payment of a team waits for, in a sentence without an amount."""

from portal.funding.agreements.models import OVER
from portal.funding.agreements.queries import find_funded_project
from portal.funding.instalments import labels
from portal.funding.instalments.queries import read_instalment_views
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _


def describe_next_payment(actor: Actor, slug: str) -> str:
    """« Versement : la tranche 2 attend G4 »; "" for whoever may not know, and without any to come."""
    project = find_funded_project(actor, slug)
    views = read_instalment_views(project) if project else ()
    following = next((view for view in views if view.row.state not in OVER), None)
    if following is None:
        return ""
    summary = labels.describe_awaited(following)
    return _("Versement : la tranche %(n)s, %(what)s", n=following.row.number, what=summary)
