"""Notifications of decisions: asked, answered, withdrawn, given to somebody, due."""

from typing import Any

from sqlalchemy import Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.coaching.clinics.notifications import CLINIC
from portal.communication.notifications.due_date_queries import (
    SINCE,
    UNTIL,
    DueReminderSource,
    select_still_open_ids,
)
from portal.communication.notifications.kind_queries import (
    NAMED_PERSON,
    PAST,
    SOON,
    SUBJECT,
    NotificationEnd,
    NotificationKind,
    NotificationRule,
    channels_by_audience,
    make_path_below_project,
    path_from_facts,
    select_named_person,
    select_programme_leaders,
    select_role_holders,
)
from portal.communication.notifications.models import Channel, Notification
from portal.oversight.decisions import event_commands, policy
from portal.oversight.decisions.event_commands import GIVEN_BACK
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.oversight.decisions.rules import FIRST_LINE_MAX
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.sprints.sprints.notifications import HELP_WANTED

_page = make_path_below_project("/decisions/{number}")


def _reminder_path(row: Notification, slug: str) -> str:
    """The page that the reminder holds: an operator has no role in the project."""
    return str(row.facts.get("path") or _page(row, slug))


_is_open = AwaitedDecision.closed_at.is_(None)
_still_open = select_still_open_ids(select(AwaitedDecision.id).where(_is_open), AwaitedDecision.id)
REQUESTED = NotificationKind(
    code="decision_asked",
    label=_l("Une équipe attend une décision"),
    path_of=path_from_facts,
    usual=channels_by_audience(Channel.INBOX, Channel.DAILY, Channel.INBOX, Channel.DAILY),
    relevant_subjects=_still_open,
)
HELP_ASKED = NotificationKind(
    code="help_question",
    label=_l("Une équipe demande de l’aide par une question"),
    path_of=path_from_facts,
    usual=HELP_WANTED.usual,
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
    label=_l("Une décision, ou une demande d’aide par une question, vous est confiée ou rappelée"),
    sentence={
        event_commands.ASSIGNED.code: _l("vous confie la décision « %(name)s »"),
        event_commands.REMINDED.code: _l("vous rappelle la décision « %(name)s »"),
    },
    variants={
        event_commands.ASKS_FOR_HELP: {
            event_commands.ASSIGNED.code: _l("vous confie la demande d’aide « %(name)s »"),
            event_commands.REMINDED.code: _l("vous rappelle la demande d’aide « %(name)s »"),
        }
    },
    path_of=path_from_facts,
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
    path_of=_reminder_path,
    usual=channels_by_audience(Channel.DAILY, Channel.DAILY, Channel.DAILY, Channel.DAILY),
    relevant_subjects=_still_open,
)

KINDS = (REQUESTED, HELP_ASKED, ANSWERED, ASSIGNED, DUE)
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
# An operator has a role in the programme alone: that is where they are notified.
_operators: Select[Any, Any, Any] = (
    select(
        RoleAssignment.person_id.label("person_id"),
        SUBJECT.label("group_id"),
        RoleAssignment.scope_id.label("scope_id"),
    )
    .join(Project, Project.programme_id == RoleAssignment.scope_id)
    .join(_of_event, _of_event.project_id == Project.id)
    .where(
        _of_event.id == SUBJECT,
        _of_event.addressee == DecisionAddressee.OPERATOR,
        RoleAssignment.role == policy.OPERATOR_ROLE,
    )
)
_answers = tuple(event_commands.ANSWERS.values())
_assignments = (event_commands.ASSIGNED, event_commands.REMINDED)
_assignees = (select_named_person(), _operators.where(RoleAssignment.person_id == NAMED_PERSON))
_answerers = (select_programme_leaders(), _coaches, _operators)


def _asks_for_help(line: PendingAuditEvent) -> bool:
    return _is_told(line) and bool(line.facts.get(event_commands.ASKS_FOR_HELP))


def _asks_for_decision(line: PendingAuditEvent) -> bool:
    return _is_told(line) and not line.facts.get(event_commands.ASKS_FOR_HELP)


def _is_told(line: PendingAuditEvent) -> bool:
    return line.action != GIVEN_BACK.code or event_commands.IS_TOLD in line.facts


RULES = (
    *(
        NotificationRule(
            REQUESTED,
            (event_commands.REQUESTED, event_commands.WITHDRAWN, GIVEN_BACK),
            people,
            _asks_for_decision,
        )
        for people in _answerers
    ),
    *(
        NotificationRule(HELP_ASKED, (event_commands.REQUESTED, GIVEN_BACK), people, _asks_for_help)
        for people in _answerers
    ),
    NotificationRule(ANSWERED, _answers, select_role_holders(*programmes.TEAM)),
    NotificationRule(ANSWERED, _answers, select_role_holders(*programmes.COACHES)),
    *(NotificationRule(ASSIGNED, _assignments, people) for people in _assignees),
    NotificationRule(
        CLINIC, (event_commands.ASSIGNED, GIVEN_BACK), select_role_holders(*programmes.TEAM), _asks_for_help
    ),
)


ENDS = (NotificationEnd(HELP_ASKED, (event_commands.WITHDRAWN,), _asks_for_help),)


def _list_reminder_columns(person_id: Any, scope_id: Any) -> tuple[Any, ...]:
    """The columns of a reminder of `AwaitedDecision`, for whom and where."""
    path = literal("/projects/").concat(Project.slug).concat("/decisions/")
    return (
        person_id.label("person_id"),
        AwaitedDecision.id.label("subject_id"),
        scope_id.label("scope_id"),
        AwaitedDecision.due_on.label("due_on"),
        AwaitedDecision.number.label("number"),
        func.substr(AwaitedDecision.question, 1, FIRST_LINE_MAX).label("name"),
        path.concat(cast(AwaitedDecision.number, String)).label("path"),
        func.coalesce(func.nullif(Project.acronym, ""), Project.organisation).label("team"),
    )


_due = (_is_open, AwaitedDecision.due_on.between(SINCE, UNTIL), *IS_ACTIVE)
_owned: Any = (
    select(*_list_reminder_columns(AwaitedDecision.owner_id, AwaitedDecision.project_id))
    .join(Project, Project.id == AwaitedDecision.project_id)
    .where(AwaitedDecision.owner_id.is_not(None), *_due)
)
# Without an owner: its leads, and those to whom it is put.
_unowned: Any = (
    select(*_list_reminder_columns(RoleAssignment.person_id, AwaitedDecision.project_id))
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
_operated: Any = (
    select(*_list_reminder_columns(RoleAssignment.person_id, Project.programme_id))
    .join(Project, Project.id == AwaitedDecision.project_id)
    .join(
        RoleAssignment,
        and_(RoleAssignment.scope_id == Project.programme_id, RoleAssignment.role == policy.OPERATOR_ROLE),
    )
    .where(
        AwaitedDecision.addressee == DecisionAddressee.OPERATOR,
        or_(AwaitedDecision.owner_id.is_(None), AwaitedDecision.owner_id == RoleAssignment.person_id),
        *_due,
    )
)
DUES = tuple(
    DueReminderSource(DUE, AwaitedDecision.__tablename__, rows) for rows in (_owned, _unowned, _operated)
)
