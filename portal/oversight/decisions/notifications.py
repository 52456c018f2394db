"""Notifications of decisions: asked, answered, withdrawn, given to somebody, due."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.communication.notifications.due_date_queries import (
    SINCE,
    UNTIL,
    DueReminder,
    select_still_open,
)
from portal.communication.notifications.kind_queries import (
    PAST,
    SOON,
    SUBJECT,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    named_person,
    path_below,
    programme_leaders,
    role_holders,
)
from portal.communication.notifications.models import Channel
from portal.oversight.decisions import commands, policy
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.oversight.decisions.rules import FIRST_LINE_MAX
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE

_page = path_below("/decisions/{number}")
_is_open = AwaitedDecision.closed_at.is_(None)
_still_open = select_still_open(select(AwaitedDecision.id).where(_is_open), AwaitedDecision.id)
REQUESTED = NotificationKind(
    code="decision_asked",
    label=_l("Une équipe attend une décision"),
    path_of=_page,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.DAILY),
    relevant_subjects=_still_open,
)
ANSWERED = NotificationKind(
    code="decision_answered",
    label=_l("Une décision que mon équipe attend a sa réponse"),
    path_of=_page,
    usual=channels_by_audience(Channel.AT_ONCE, Channel.DAILY, Channel.INBOX, Channel.INBOX),
)
ASSIGNED = NotificationKind(
    code="decision_given",
    label=_l("Une décision vous est confiée"),
    sentence=_l("vous confie la décision « %(name)s »"),
    path_of=_page,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    is_personal=True,
    relevant_subjects=_still_open,
)
DUE = NotificationKind(
    code="decision_due",
    label=_l("Une décision que vous devez prendre arrive à sa date"),
    sentence={
        SOON: _l("la décision « %(name)s » arrive à sa date"),
        PAST: _l("la décision « %(name)s » a passé sa date"),
    },
    is_personal=True,
    path_of=_page,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    relevant_subjects=_still_open,
)

KINDS = (REQUESTED, ANSWERED, ASSIGNED, DUE)
_of_event = aliased(AwaitedDecision)
_coaches: Select[Any, Any] = (
    select(RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id"))
    .join(_of_event, _of_event.project_id == RoleAssignment.scope_id)
    .where(
        _of_event.id == SUBJECT,
        _of_event.addressee == DecisionAddressee.COACH,
        RoleAssignment.role.in_(programmes.COACHES),
    )
)
_answers = tuple(commands.ANSWERS.values())
RULES = (
    NotificationRule(REQUESTED, (commands.REQUESTED, commands.WITHDRAWN), programme_leaders()),
    NotificationRule(REQUESTED, (commands.REQUESTED, commands.WITHDRAWN), _coaches),
    NotificationRule(ANSWERED, _answers, role_holders(*programmes.TEAM)),
    NotificationRule(ANSWERED, _answers, role_holders(*programmes.COACHES)),
    NotificationRule(ASSIGNED, (commands.ASSIGNED,), named_person()),
)
_columns = (
    AwaitedDecision.id.label("subject_id"),
    AwaitedDecision.project_id.label("scope_id"),
    AwaitedDecision.due_on.label("due_on"),
    AwaitedDecision.number.label("number"),
    func.substr(AwaitedDecision.question, 1, FIRST_LINE_MAX).label("name"),
)
_due = (_is_open, AwaitedDecision.due_on.between(SINCE, UNTIL), *IS_ACTIVE)
_owned: Select[Any, Any, Any, Any, Any, Any] = (
    select(AwaitedDecision.owner_id.label("person_id"), *_columns)
    .join(Project, Project.id == AwaitedDecision.project_id)
    .where(AwaitedDecision.owner_id.is_not(None), *_due)
)
# Without an owner: its leads, and those to whom it is put.
_unowned: Select[Any, Any, Any, Any, Any, Any] = (
    select(RoleAssignment.person_id.label("person_id"), *_columns)
    .join(Project, Project.id == AwaitedDecision.project_id)
    .join(
        RoleAssignment,
        or_(
            and_(RoleAssignment.scope_id == Project.programme_id, RoleAssignment.role == policy.LEAD_ROLE),
            and_(
                AwaitedDecision.addressee == DecisionAddressee.COACH,
                RoleAssignment.scope_id == Project.id,
                RoleAssignment.role.in_(programmes.COACHES),
            ),
        ),
    )
    .where(AwaitedDecision.owner_id.is_(None), *_due)
)
DUES = (
    DueReminder(DUE, AwaitedDecision.__tablename__, _owned),
    DueReminder(DUE, AwaitedDecision.__tablename__, _unowned),
)
