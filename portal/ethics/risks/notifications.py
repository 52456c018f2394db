"""Mitigations given to somebody, and reminders of their due dates; they never quote texts."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import (
    make_due_notification_kind,
    make_due_reminder_source,
)
from portal.communication.notifications.kind_queries import (
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    find_new_value_of_field,
    make_path_below_project,
    select_person_of_subject,
)
from portal.communication.notifications.models import Channel
from portal.ethics.risks import mitigation_commands as mitigations
from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.kernel.text import lazy_gettext as _l

_IS_OPEN = Mitigation.id.in_(
    select(Mitigation.id)
    .join(Risk, Risk.id == Mitigation.risk_id)
    .where(Mitigation.settled_at.is_(None), Risk.closed_at.is_(None), Mitigation.due_on.is_not(None))
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

ASSIGNED = NotificationKind(
    code="mitigation_assigned",
    label=_l("On me confie une mesure contre un risque"),
    sentence=_l("vous confie la mesure %(number)s contre un risque"),
    is_personal=True,
    path_of=make_path_below_project(Mitigation.page_path),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ASSIGNED, MITIGATION)
_select_owner = select_person_of_subject(Mitigation, Mitigation.owner_id)
RULES = (
    NotificationRule(
        ASSIGNED,
        (mitigations.DECIDED, mitigations.CHANGED),
        _select_owner,
        when=lambda line: bool(find_new_value_of_field(line, "owner_id")),
    ),
)
DUES = (make_due_reminder_source(MITIGATION, Mitigation, _IS_OPEN, owner=Mitigation.owner_id),)
