"""Reminders of the due dates of mitigations; they never quote texts."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import (
    PAST,
    SOON,
    make_due_reminder,
    select_still_open,
)
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    channels_by_audience,
    path_below,
)
from portal.communication.notifications.models import Channel
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel.text import lazy_gettext as _l

_OPEN = (
    select(Mitigation.id)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(OPEN_MITIGATIONS, Risk.closed_at.is_(None), Mitigation.due_on.is_not(None))
)
MITIGATION = NotificationKind(
    code="mitigation_due",
    label=_l("Une mesure contre un risque, dont je m’occupe, arrive à sa date"),
    sentence={
        SOON: _l("la mesure %(number)s contre un risque arrive à sa date"),
        PAST: _l("la mesure %(number)s contre un risque a passé sa date"),
    },
    is_personal=True,
    path_of=path_below("/mitigations/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    relevant_subjects=select_still_open(_OPEN, Mitigation.id),
)

KINDS = (MITIGATION,)
DUES = (
    make_due_reminder(MITIGATION, Mitigation, Mitigation.id.in_(_OPEN), owner=Mitigation.owner_id),
)
