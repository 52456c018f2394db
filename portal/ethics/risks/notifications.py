"""Reminders of the due dates of mitigations; they never quote texts."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import (
    make_due_notification_kind,
    make_due_reminder_source,
)
from portal.communication.notifications.kind_queries import channels_by_audience
from portal.communication.notifications.models import Channel
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel.text import lazy_gettext as _l

_IS_OPEN = Mitigation.id.in_(
    select(Mitigation.id)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(OPEN_MITIGATIONS, Risk.closed_at.is_(None), Mitigation.due_on.is_not(None))
)
MITIGATION = make_due_notification_kind(
    "mitigation_due",
    _l("Une mesure contre un risque, dont je m’occupe, arrive à sa date"),
    Mitigation,
    _IS_OPEN,
    soon=_l("la mesure %(number)s contre un risque arrive à sa date"),
    past=_l("la mesure %(number)s contre un risque a passé sa date"),
    pattern=Mitigation.page_path,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
)

KINDS = (MITIGATION,)
DUES = (make_due_reminder_source(MITIGATION, Mitigation, _IS_OPEN, owner=Mitigation.owner_id),)
