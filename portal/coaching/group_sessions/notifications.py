"""Notifications of group sessions: announced, moved to another day, cancelled, held tomorrow."""

from typing import Any

from sqlalchemy import String, and_, cast, literal, or_, select

from portal.coaching.group_sessions import commands
from portal.coaching.group_sessions.models import TAKES_PLACE, Gathering
from portal.communication.calendar.meeting_labels import describe_day_and_time, describe_time_and_place
from portal.communication.notifications.due_date_queries import (
    SINCE,
    TODAY,
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
    find_new_value_of_field,
    select_role_holders,
    select_role_holders_in_projects,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

ANNOUNCED = NotificationKind(
    code="gathering",
    label=_l("Une séance collective est annoncée, annulée, ou change de jour"),
    sentence={
        commands.ANNOUNCED.code: _l("a annoncé la séance collective « %(name)s »"),
        commands.CHANGED.code: _l("a changé le jour de la séance collective « %(name)s »"),
        commands.CANCELLED.code: _l("a annulé la séance collective « %(name)s »"),
        commands.CANCELLATION_UNDONE.code: _l("a rétabli la séance collective « %(name)s »"),
    },
    detail=describe_day_and_time,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
DUE = NotificationKind(
    code="gathering_due",
    label=_l("Une séance collective a lieu demain, ou n’a pas ses présences"),
    sentence={
        SOON: _l("la séance collective « %(name)s » a lieu demain"),
        PAST: _l("la séance collective « %(name)s » a eu lieu : notez qui est venu"),
    },
    detail=describe_time_and_place,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
    relevant_subjects=select_still_open_ids(select(Gathering.id).where(TAKES_PLACE), Gathering.id),
)

KINDS = (ANNOUNCED, DUE)


def _is_worth_telling(line: PendingAuditEvent) -> bool:
    """Whether a session is announced, cancelled or takes place after all, or has another day."""
    return line.action != commands.CHANGED.code or find_new_value_of_field(line, "held_on") is not None


_actions = (
    commands.ANNOUNCED,
    commands.CHANGED,
    commands.CANCELLED,
    commands.CANCELLATION_UNDONE,
)
_teams = select_role_holders_in_projects(*programmes.TEAM, *programmes.COACHES)
RULES = (
    NotificationRule(ANNOUNCED, _actions, _teams, _is_worth_telling),
    NotificationRule(ANNOUNCED, _actions, select_role_holders(*programmes.ORGANISERS), _is_worth_telling),
)
_columns: Any = (
    RoleAssignment.person_id.label("person_id"),
    Gathering.id.label("subject_id"),
    RoleAssignment.scope_id.label("scope_id"),
    Gathering.held_on.label("due_on"),
    Gathering.number.label("number"),
    Gathering.title.label("name"),
    Gathering.hour,
    Gathering.duration,
    Gathering.place,
    literal("/programmes/")
    .concat(Programme.slug)
    .concat("/gatherings/")
    .concat(cast(Gathering.number, String))
    .label("path"),
)
_is_near = and_(Gathering.held_on.between(SINCE, UNTIL), TAKES_PLACE)
_is_to_come = Gathering.held_on > TODAY
_for_teams: Any = (
    select(*_columns)
    .select_from(Gathering)
    .join(Programme, Programme.id == Gathering.programme_id)
    .join(Project, Project.programme_id == Gathering.programme_id)
    .join(RoleAssignment, RoleAssignment.scope_id == Project.id)
    .where(
        RoleAssignment.role.in_((*programmes.TEAM, *programmes.COACHES)), _is_near, _is_to_come, *IS_ACTIVE
    )
)
# Organisers are also reminded, once it is over, to record who came.
_for_organisers: Any = (
    select(*_columns)
    .select_from(Gathering)
    .join(Programme, Programme.id == Gathering.programme_id)
    .join(RoleAssignment, RoleAssignment.scope_id == Gathering.programme_id)
    .where(
        RoleAssignment.role.in_(programmes.ORGANISERS),
        _is_near,
        or_(_is_to_come, and_(Gathering.held_on < TODAY, Gathering.counted_at.is_(None))),
    )
)
DUES = tuple(DueReminderSource(DUE, Gathering.__tablename__, rows) for rows in (_for_teams, _for_organisers))
