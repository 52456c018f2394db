"""News of retrospectives: the day of an action that somebody took on."""

from sqlalchemy import bindparam, select

from portal.ceremonies import action_commands as actions
from portal.ceremonies.models import RetroAction
from portal.kernel.text import lazy_gettext as _l
from portal.notifications.kinds import (
    PAST,
    SINCE,
    SOON,
    SUBJECT,
    UNTIL,
    Due,
    Kind,
    Rule,
    each,
    path_below,
)
from portal.notifications.models import Channel
from portal.projects.models import Project
from portal.projects.policy import GOES_ON

_open = select(RetroAction.id).where(RetroAction.settled_at.is_(None))
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
    standing=_open.where(RetroAction.id.in_(bindparam("ids", expanding=True))),
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
DUES = (
    Due(
        ACTION,
        RetroAction.__tablename__,
        select(
            RetroAction.owner_id.label("person_id"),
            RetroAction.id.label("subject_id"),
            RetroAction.project_id.label("scope_id"),
            RetroAction.due_on.label("due_on"),
            RetroAction.number.label("number"),
            RetroAction.what.label("name"),
        )
        .join(Project, Project.id == RetroAction.project_id)
        .where(
            RetroAction.settled_at.is_(None),
            RetroAction.due_on.between(SINCE, UNTIL),
            *GOES_ON,
        ),
    ),
)
