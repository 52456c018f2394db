"""Applications in search, with their messages: found by whoever reads them in full. Scores and letters
never are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import (
    SearchHit,
    SearchReindexRule,
    SearchSource,
    SearchText,
    join_texts,
)
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications import policy
from portal.selection.applications.commands import application_path_in_call
from portal.selection.applications.labels import STATE_KINDS, STATES
from portal.selection.applications.models import Application, ApplicationMessage, ApplicationState
from portal.selection.calls.models import Call


def _read_application_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    jurors, shut_out = _read_jurors_and_conflicted_leads(ids)
    return [
        SearchText(
            subject_id=row.id,
            scope_id=call.programme_id,
            title=join_texts(row.title, row.organisation),
            body=_application_body(row),
            reach=TextAudience.SELECTION,
            readers=jurors[row.id],
            shut_out=shut_out[row.id],
            changed_at=row.created_at,
        )
        for row, call, _programme in db.session.execute(_APPLICATIONS.where(Application.id.in_(ids)))
    ]


People = Mapping[UUID, Sequence[UUID]]  # by the id of an application


def _read_jurors_and_conflicted_leads(ids: Sequence[UUID]) -> tuple[People, People]:
    """The jurors who read applications whole, and the leads in conflict who read nothing of them."""
    jurors = policy.select_jurors_without_conflict().where(policy.ASSIGNED_APPLICATION.in_(ids))
    shut_out = policy.select_leads_in_conflict().where(policy.CONFLICT_APPLICATION.in_(ids))
    return _group_people_by_application(jurors), _group_people_by_application(shut_out)


def _group_people_by_application(statement: Select[UUID, UUID]) -> People:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    for application_id, person_id in db.session.execute(statement):
        people[application_id].append(person_id)
    return people


def _application_body(row: Application) -> str:
    return join_texts(
        row.summary, row.problem, row.benefits, row.data_sources, row.target_groups, row.ethical_risks
    )


def _find_application_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(_APPLICATIONS.where(Application.id.in_(ids), policy.visible_to(actor)))
    return {
        row.id: SearchHit(
            title=row.title,
            address=application_path_in_call(programme, call, row),
            place=_("%(organisation)s, appel %(n)s", organisation=row.organisation, n=call.number),
            state=(STATES[row.state], STATE_KINDS.get(row.state)),
            text=_application_body(row),
            day=row.created_at,
        )
        for row, call, programme in rows
    }


_APPLICATIONS = (
    select(Application, Call, Programme)
    .join(Call, Call.id == Application.call_id)
    .join(Programme, Programme.id == Call.programme_id)
    .where(Application.state != ApplicationState.WITHDRAWN)
)
APPLICATIONS = SearchSource(
    model=Application,
    label=_l("Candidatures"),
    read=_read_application_texts,
    find=_find_application_hits,
    called=(_l("Candidature"), "candidature candidatures application applications"),
)


def _read_message_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    rows = db.session.execute(_MESSAGES.where(ApplicationMessage.id.in_(ids))).all()
    jurors, shut_out = _read_jurors_and_conflicted_leads(
        [application.id for _message, application, *_place in rows]
    )
    return [
        SearchText(
            subject_id=message.id,
            scope_id=call.programme_id,
            title="",
            body=message.body,
            reach=TextAudience.SELECTION,
            readers=[
                person
                for person in jurors[application.id]
                if policy.is_message_open_to_jury(message, application) or person == message.author_id
            ],
            shut_out=shut_out[application.id],
            author_id=message.author_id,
            changed_at=message.created_at,
        )
        for message, application, call, *_names in rows
    ]


def _find_message_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(
        _MESSAGES.where(
            ApplicationMessage.id.in_(ids), policy.visible_to(actor), policy.message_visible_to(actor)
        )
    )
    return {
        message.id: SearchHit(
            title=_("Message de %(name)s", name=name),
            address=f"{application_path_in_call(programme, call, application)}#message-{message.id}",
            place=_("%(organisation)s, appel %(n)s", organisation=application.organisation, n=call.number),
            text=message.body,
            day=message.created_at,
        )
        for message, application, call, programme, name in rows
    }


def _list_message_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """All messages of the lines' applications: who reads them follows from these."""
    own = ApplicationMessage.application_id.in_([line.subject_id for line in lines])
    return db.session.scalars(select(ApplicationMessage.id).where(own)).all()


_MESSAGES = (
    select(ApplicationMessage, Application, Call, Programme, Person.name)
    .join(Application, Application.id == ApplicationMessage.application_id)
    .join(Call, Call.id == Application.call_id)
    .join(Programme, Programme.id == Call.programme_id)
    .join(Person, Person.id == ApplicationMessage.author_id)
    .where(Application.state != ApplicationState.WITHDRAWN)
)
MESSAGES = SearchSource(
    model=ApplicationMessage,
    label=_l("Messages du jury"),
    read=_read_message_texts,
    find=_find_message_hits,
    singular=_l("Message du jury"),
)
SEARCH = (
    APPLICATIONS,
    MESSAGES,
    SearchReindexRule(source=MESSAGES, model=Application, list_ids=_list_message_ids),
)
