"""Notifications about actions: assigned to the recipient, due soon, past due."""

from sqlalchemy import select

from portal.communication.notifications.due_date_queries import (
    make_due_reminder_source,
    select_still_open_ids,
)
from portal.communication.notifications.kind_queries import (
    PAST,
    SOON,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    make_path_below_project,
    select_person_of_subject,
)
from portal.communication.notifications.models import Channel
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.ceremonies import action_commands as actions
from portal.sprints.ceremonies.models import RetroAction

_is_open = RetroAction.settled_at.is_(None)
ACTION = NotificationKind(
    code="action_due",
    label=_l("Une action de rétrospective dont je m’occupe arrive à sa date"),
    sentence={
        SOON: _l("l’action « %(name)s » arrive à sa date"),
        PAST: _l("l’action « %(name)s » a passé sa date"),
    },
    is_personal=True,
    path_of=make_path_below_project("/actions/{number}"),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    relevant_subjects=select_still_open_ids(select(RetroAction.id).where(_is_open), RetroAction.id),
)
ASSIGNED = NotificationKind(
    code="action_taken",
    label=_l("On me confie une action de rétrospective"),
    sentence=_l("vous confie l’action « %(name)s »"),
    is_personal=True,
    path_of=make_path_below_project("/actions"),
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (ASSIGNED, ACTION)
_select_owner = select_person_of_subject(RetroAction, RetroAction.owner_id)
RULES = (NotificationRule(ASSIGNED, (actions.DECIDED,), _select_owner),)
DUES = (
    make_due_reminder_source(
        ACTION, RetroAction, _is_open, owner=RetroAction.owner_id, name=RetroAction.what
    ),
)
