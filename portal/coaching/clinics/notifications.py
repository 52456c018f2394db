"""Notifications of clinics: claimed, scheduled, conducted, closed."""

from typing import Any

from sqlalchemy import literal, select

from portal.coaching.clinics import commands
from portal.coaching.clinics.assignment_commands import ASSIGNED, REMINDED
from portal.coaching.clinics.models import Clinic
from portal.communication.calendar.meeting_labels import describe_day_and_time, describe_time_and_place
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
    select_named_person,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.notifications import HELP_WANTED

CLINIC = NotificationKind(
    code="clinic",
    label=_l("Un coach répond à une demande d’aide de mon équipe"),
    detail=describe_day_and_time,
    usual=channels_by_audience(Channel.DAILY, Channel.INBOX, Channel.INBOX, Channel.INBOX),
)

ASSIGNMENT = NotificationKind(
    code="clinic_given",
    label=_l("Une demande d’aide vous est confiée, ou rappelée"),
    usual=channels_by_audience(Channel.INBOX, Channel.AT_ONCE, Channel.INBOX, Channel.INBOX),
)

_is_to_come = (Clinic.held_on.is_(None), Clinic.closed_at.is_(None))
DUE = NotificationKind(
    code="clinic_due",
    label=_l("Une clinique de mes équipes a lieu demain, ou n’a pas été notée"),
    sentence={
        SOON: _l("la clinique du sprint %(number)s a lieu demain"),
        PAST: _l("la clinique du sprint %(number)s a passé sa date : dites ce qui s’est passé"),
    },
    path_of=make_path_below_project("/clinics/{number}"),
    detail=describe_time_and_place,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.INBOX, Channel.INBOX),
    relevant_subjects=select_still_open_ids(select(Clinic.id).where(*_is_to_come), Clinic.id),
)

KINDS = (CLINIC, ASSIGNMENT, DUE)
_actions = (commands.CLAIMED, commands.SCHEDULED, commands.CONDUCTED, commands.CLOSED)
_is_unclaimed = {"when": lambda line: "person_id" not in line.facts}
RULES = (
    NotificationRule(CLINIC, _actions, select_role_holders(*programmes.TEAM, *programmes.COACHES)),
    NotificationRule(CLINIC, (commands.GIVEN_BACK,), select_role_holders(*programmes.TEAM)),
    NotificationRule(HELP_WANTED, (commands.GIVEN_BACK,), select_role_holders(*programmes.COACHES)),
    NotificationRule(HELP_WANTED, (commands.GIVEN_BACK,), select_programme_leaders()),
    NotificationRule(CLINIC, (ASSIGNED,), select_role_holders(*programmes.TEAM)),
    NotificationRule(ASSIGNMENT, (ASSIGNED, REMINDED), select_named_person()),
    NotificationRule(ASSIGNMENT, (REMINDED,), select_role_holders(*programmes.COACHES), **_is_unclaimed),
)
_people: Any = select(
    RoleAssignment.person_id.label("person_id"),
    Clinic.id.label("subject_id"),
    Clinic.project_id.label("scope_id"),
    Clinic.planned_on.label("due_on"),
    Sprint.number.label("number"),
    literal("").label("name"),
    Clinic.hour,
    Clinic.duration,
    Clinic.place,
)
DUES = (
    DueReminderSource(
        DUE,
        Clinic.__tablename__,
        _people.join(Sprint, Sprint.id == Clinic.sprint_id)
        .join(Project, Project.id == Clinic.project_id)
        .join(RoleAssignment, RoleAssignment.scope_id == Clinic.project_id)
        .where(
            RoleAssignment.role.in_((*programmes.TEAM, *programmes.COACHES)),
            Clinic.planned_on.between(SINCE, UNTIL),
            *_is_to_come,
            *IS_ACTIVE,
        ),
    ),
)
