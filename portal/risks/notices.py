"""News of risks: the day of what somebody does about one; its words stay in the portal."""

from sqlalchemy import select

from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import PAST, SOON, due_of, still
from portal.notifications.kinds import Kind, each, path_below
from portal.notifications.models import Channel
from portal.risks.listing import OPEN
from portal.risks.models import Mitigation, Risk

_open = (
    select(Mitigation.id)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(OPEN, Risk.closed_at.is_(None), Mitigation.due_on.is_not(None))
)
MITIGATION = Kind(
    code="mitigation_due",
    label=_l("Une mesure contre un risque, dont je m’occupe, arrive à sa date"),
    said={
        SOON: _l("la mesure %(number)s contre un risque arrive à sa date"),
        PAST: _l("la mesure %(number)s contre un risque a passé sa date"),
    },
    is_personal=True,
    path_of=path_below("/mitigations/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    standing=still(_open, Mitigation.id),
)

KINDS = (MITIGATION,)
DUES = (due_of(MITIGATION, Mitigation, Mitigation.id.in_(_open), owner=Mitigation.owner_id),)
