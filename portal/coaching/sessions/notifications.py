"""Notifications of coaching sessions: a coach logged one."""

from typing import Any

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import aliased

from portal.coaching.sessions import commands
from portal.coaching.sessions.labels import describe_next_meeting
from portal.coaching.sessions.models import IS_NEXT_DAY_IN_FORCE, CoachingSession
from portal.communication.calendar.meeting_labels import describe_time_and_place
from portal.communication.notifications.due_date_queries import (
    SINCE,
    UNTIL,
    DueReminderSource,
    select_still_open_ids,
)
from portal.communication.notifications.kind_queries import (
    PAST,
    SOON,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    make_path_below_project,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

LOGGED = NotificationKind(
    code="coaching_logged",
    label=_l("Un coach note une séance avec mon équipe"),
    path_of=make_path_below_project("/coaching/{number}"),
    detail=describe_next_meeting,
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

_later = aliased(CoachingSession)
_is_to_come = IS_NEXT_DAY_IN_FORCE & ~exists().where(
    _later.project_id == CoachingSession.project_id, _later.held_on >= CoachingSession.next_on
)
DUE = NotificationKind(
    code="coaching_due",
    label=_l("Une séance d’accompagnement de mes équipes a lieu demain, ou n’a pas été notée"),
    sentence={
        SOON: _l("une séance d’accompagnement a lieu demain"),
        PAST: _l("une séance d’accompagnement était prévue et n’a pas été notée"),
    },
    path_of=make_path_below_project("/coaching/{number}"),
    detail=describe_time_and_place,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
    relevant_subjects=select_still_open_ids(
        select(CoachingSession.id).where(_is_to_come), CoachingSession.id
    ),
)

KINDS = (LOGGED, DUE)
_recipients = select_role_holders(*programmes.TEAM, *programmes.COACHES)
RULES = (NotificationRule(LOGGED, (commands.LOGGED,), _recipients),)
_people: Any = select(
    RoleAssignment.person_id.label("person_id"),
    CoachingSession.id.label("subject_id"),
    CoachingSession.project_id.label("scope_id"),
    CoachingSession.next_on.label("due_on"),
    CoachingSession.number.label("number"),
    literal("").label("name"),
    CoachingSession.hour,
    CoachingSession.duration,
    CoachingSession.place,
)
DUES = (
    DueReminderSource(
        DUE,
        CoachingSession.__tablename__,
        _people.join(Project, Project.id == CoachingSession.project_id)
        .join(RoleAssignment, RoleAssignment.scope_id == CoachingSession.project_id)
        .where(
            RoleAssignment.role.in_((*programmes.TEAM, *programmes.COACHES)),
            CoachingSession.next_on.between(SINCE, UNTIL),
            _is_to_come,
            *IS_ACTIVE,
        ),
    ),
)
