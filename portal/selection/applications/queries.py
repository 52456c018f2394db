"""Applications, each loaded with what its reader may do, in one statement.

Whoever knows only organisation and title (a juror before declaring, a lead in conflict) gets the
same row; views show what `rights` allow, and lists hold nothing else of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.errors import NotFound
from portal.selection.applications import policy
from portal.selection.applications.models import Application, ApplicationMember, ApplicationMessage
from portal.selection.applications.policy import ApplicationRights
from portal.selection.calls.models import Call
from portal.selection.jury.models import JuryAssignment

LoadedStatement = Select[Programme, Call, Application, bool, bool, bool, JuryAssignment]


@dataclass(frozen=True)
class LoadedApplication:
    """An application as one reader sees it; `assignment` is their own, once it is published."""

    programme: Programme
    call: Call
    application: Application
    rights: ApplicationRights
    assignment: JuryAssignment | None


def get_known_application(actor: Actor, slug: str, call_number: int, number: int) -> LoadedApplication:
    """An application whose title the actor sees, perhaps no more. Raises `NotFound`."""
    conditions = Programme.slug == slug, Call.number == call_number, Application.number == number
    return _build_loaded_application(get_row(select_loaded_applications(actor).where(*conditions)))


def get_known_application_by_id(actor: Actor, application_id: UUID) -> LoadedApplication:
    """The same by its id."""
    return _build_loaded_application(
        get_row(select_loaded_applications(actor).where(Application.id == application_id))
    )


def get_readable_application(actor: Actor, slug: str, call_number: int, number: int) -> LoadedApplication:
    """An application that the actor reads in full. Raises `NotFound`."""
    loaded = get_known_application(actor, slug, call_number, number)
    if not loaded.rights.reads_whole:
        raise NotFound
    return loaded


def get_led_application(actor: Actor, slug: str, call_number: int, number: int) -> LoadedApplication:
    """An application that the actor leads without a conflict. Raises `NotFound`."""
    loaded = get_known_application(actor, slug, call_number, number)
    if not loaded.rights.is_lead:
        raise NotFound
    return loaded


def select_loaded_applications(actor: Actor) -> LoadedStatement:
    """The statement of applications that the actor knows, with their rights."""
    own = aliased(JuryAssignment)
    is_own = and_(
        own.application_id == Application.id,
        own.person_id == actor.person_id,
        own.published_at.is_not(None),
    )
    return (
        select(
            Programme,
            Call,
            Application,
            policy.led_by_condition(actor),
            policy.judged_by_condition(actor),
            Call.programme_id.in_(actor.scopes_with(policy.LEAD)),
            own,
        )
        .join(Call, Call.programme_id == Programme.id)
        .join(Application, Application.call_id == Call.id)
        .outerjoin(own, is_own)
        .where(policy.title_visible_to(actor))
    )


def _build_loaded_application(row: Any) -> LoadedApplication:
    programme, call, application, is_lead, is_judge, leads_call, own = row
    rights = ApplicationRights(bool(is_lead), bool(is_judge), bool(leads_call), own is not None)
    return LoadedApplication(programme, call, application, rights, own)


def list_loaded_applications(statement: LoadedStatement) -> Sequence[LoadedApplication]:
    """The rows of a statement made from `select_loaded_applications`."""
    return [_build_loaded_application(row) for row in db.session.execute(statement)]


_MEMBERS = (
    select(ApplicationMember)
    .where(ApplicationMember.application_id == bindparam("application"))
    .order_by(ApplicationMember.position)
)
_MESSAGES = (
    select(ApplicationMessage, Person.name)
    .join(Person, Person.id == ApplicationMessage.author_id)
    .where(ApplicationMessage.application_id == bindparam("application"))
    .order_by(ApplicationMessage.created_at, ApplicationMessage.id)
)


def list_members(application: Application) -> Sequence[ApplicationMember]:
    """The people that an application names, in its order; the caller reads it in full."""
    return db.session.scalars(_MEMBERS, {"application": application.id}).all()


def list_messages(actor: Actor, loaded: LoadedApplication) -> Sequence[tuple[ApplicationMessage, str]]:
    """The thread of an application with its authors' names, oldest first.

    Until its scores open, a juror reads the leads' messages and their own.
    """
    return [
        (message, author)
        for message, author in db.session.execute(_MESSAGES, {"application": loaded.application.id})
        if loaded.rights.is_lead
        or policy.is_message_open_to_jury(message, loaded.application)
        or message.author_id == actor.person_id
    ]


def next_application_number(call: Call) -> int:
    """The number of the next application; the caller holds the call's row."""
    last = select(func.max(Application.number)).where(Application.call_id == call.id)
    return (db.session.scalar(last) or 0) + 1
