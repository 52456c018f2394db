"""Kinds of news, and the rules of who is told: data, which every feature adds to.

A feature that has news says so in its room `notices.py`: a `Kind` for each thing people may wish to
hear of in their own way, and a `Rule` for each deed of the trail that is such news. The roof hands
all of them to the hook that writes notifications (`portal/app/application/notifications.py`, `distribution.py`).

Whom a rule tells is a statement, made once, of two columns: `person_id`, and `group_id`, the thing
beside which it stands in the inbox; and of `scope_id`, where it concerns each of them elsewhere
than where it happened. It may name `subject`, `scope`, `actor` and `named` (the `person_id` of the
line's facts): see the words below, and `holders`. Who did it, who may not see it, who silenced it,
and accounts that are closed are left out of it already.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select

from portal.communication.notifications.models import Channel, Notification
from portal.communication.notifications.policy import LEADS, NotificationAudience
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import Action, AuditLine
from portal.platform.kernel.contributions import Contribution, contributed
from portal.platform.kernel.text import LazyString

SUBJECT = bindparam("subject_id", type_=Uuid())
SCOPE = bindparam("scope_id", type_=Uuid())
ACTOR = bindparam("actor_id", type_=Uuid())
NAMED_PERSON = bindparam("named_id", type_=Uuid())

RecipientsStatement = Select[Any, Any] | Select[Any, Any, Any]
ExcerptsById = Mapping[UUID, str]  # by the id of what they are about


@dataclass(frozen=True, eq=False, kw_only=True)
class NotificationKind(Contribution):
    """`code` is kept in rows and never changes. `usual` says how each audience is told.

    `said` is what is told instead of the trail's own sentence (“vous cite”), by action where it
    depends on that. `is_personal` goes to
    somebody by name: no mute silences it. `path_of` gives the page on which it is seen, for a
    project's slug. `standing` is a statement of the subjects among `ids` that are still worth
    telling to `reader`; `excerpts` gives a line of each to show in the inbox, never in a mail.
    """

    code: str
    label: LazyString
    usual: Mapping[NotificationAudience, Channel]
    path_of: Callable[[Notification, str], str]
    sentence: LazyString | Mapping[str, LazyString] | None = None
    is_personal: bool = False
    relevant_subjects: Select[UUID] | None = None
    excerpts: Callable[[Collection[UUID]], ExcerptsById] | None = None


@dataclass(frozen=True, eq=False)
class NotificationRule(Contribution):
    """These deeds are news of this kind to these people, where the line says so."""

    kind: NotificationKind
    actions: Sequence[Action]
    people: RecipientsStatement
    when: Callable[[AuditLine], bool] = field(default=lambda _line: True)


def kinds_by_code() -> Mapping[str, NotificationKind]:
    """All kinds, in the order of the features."""
    return {kind.code: kind for kind in contributed(NotificationKind)}


def role_holders(*roles: Role) -> RecipientsStatement:
    """Whoever holds one of these roles where it happened."""
    return select(RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id")).where(
        RoleAssignment.scope_id == SCOPE, RoleAssignment.role.in_(roles)
    )


def role_holders_in_projects(*roles: Role) -> RecipientsStatement:
    """Whoever holds one of these roles in a project of the programme where it happened, as news of
    that project: who leaves it, or silences it, hears no more."""
    return (
        select(
            RoleAssignment.person_id.label("person_id"),
            SUBJECT.label("group_id"),
            RoleAssignment.scope_id.label("scope_id"),
        )
        .join(Scope, Scope.id == RoleAssignment.scope_id)
        .where(Scope.parent_id == SCOPE, RoleAssignment.role.in_(roles))
    )


def programme_leaders() -> RecipientsStatement:
    """Whoever leads the programme around."""
    around = select(Scope.parent_id).where(Scope.id == SCOPE).scalar_subquery()
    return select(RoleAssignment.person_id.label("person_id"), SUBJECT.label("group_id")).where(
        RoleAssignment.scope_id == around, RoleAssignment.role.in_(LEADS)
    )


def named_person() -> RecipientsStatement:
    """The person whom the line names."""
    return select(NAMED_PERSON.label("person_id"), SUBJECT.label("group_id"))


def channels_by_audience(
    team: Channel, coach: Channel, reviewer: Channel, lead: Channel
) -> Mapping[NotificationAudience, Channel]:
    """How the audiences are usually told, in this order."""
    return dict(zip(NotificationAudience, (team, coach, reviewer, lead), strict=True))


def path_below(pattern: str) -> Callable[[Notification, str], str]:
    """A page below the project's, the facts of the line in its pattern: `/sprints/{number}`."""

    def path_of(row: Notification, slug: str) -> str:
        return f"/projects/{slug}{pattern.format(**row.facts)}"

    return path_of


def changed_to(line: AuditLine, field_: str) -> Any:
    """What the line says a field became; None where it did not change."""
    return line.after.get(field_)


def path_from_facts(row: Notification, _slug: str) -> str:
    """The page that the line itself names, as its fact `path`."""
    return str(row.facts["path"])
