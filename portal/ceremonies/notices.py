"""News of retrospectives: the day of an action that somebody took on."""

from sqlalchemy import select

from portal.ceremonies import action_commands as actions
from portal.ceremonies.models import RetroAction
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.dues import PAST, SOON, due_of, still
from portal.notifications.kinds import SUBJECT, Kind, Rule, each, path_below
from portal.notifications.models import Channel

_is_open = RetroAction.settled_at.is_(None)
ACTION = Kind(
    code="action_due",
    label=_l("Une action de rétrospective dont je m’occupe arrive à sa date"),
    said={
        SOON: _l("l’action « %(name)s » arrive à sa date"),
        PAST: _l("l’action « %(name)s » a passé sa date"),
    },
    is_personal=True,
    path_of=path_below("/actions/{number}"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    standing=still(select(RetroAction.id).where(_is_open), RetroAction.id),
)
TAKEN = Kind(
    code="action_taken",
    label=_l("On me confie une action de rétrospective"),
    said=_l("vous confie l’action « %(name)s »"),
    is_personal=True,
    path_of=path_below("/actions"),
    usual=each(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)

KINDS = (TAKEN, ACTION)
_owner = select(RetroAction.owner_id.label("person_id"), SUBJECT.label("group_id")).where(
    RetroAction.id == SUBJECT
)
RULES = (Rule(TAKEN, (actions.DECIDED,), _owner),)
DUES = (due_of(ACTION, RetroAction, _is_open, owner=RetroAction.owner_id, name=RetroAction.what),)
