"""Applications in search: found by whoever reads them in full. Scores, messages and letters never are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from portal.collaboration.search.policy import Reach
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText, text_of
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications import policy
from portal.selection.applications.commands import path_in
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.models import Call


def _read(ids: Sequence[UUID]) -> Sequence[SearchText]:
    jurors = _by_application(policy.select_clear_jurors().where(policy.ASSIGNED_APPLICATION.in_(ids)))
    shut_out = _by_application(policy.select_leads_in_conflict().where(policy.CONFLICT_APPLICATION.in_(ids)))
    return [
        SearchText(
            subject_id=row.id,
            scope_id=call.programme_id,
            title=text_of(row.title, row.organisation),
            body=_body_of(row),
            reach=Reach.SELECTION,
            readers=jurors[row.id],
            shut_out=shut_out[row.id],
            changed_at=row.created_at,
        )
        for row, call, _programme in db.session.execute(_APPLICATIONS.where(Application.id.in_(ids)))
    ]


def _by_application(statement: Select[UUID, UUID]) -> Mapping[UUID, Sequence[UUID]]:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    for application_id, person_id in db.session.execute(statement):
        people[application_id].append(person_id)
    return people


def _body_of(row: Application) -> str:
    return text_of(
        row.summary, row.problem, row.benefits, row.data_sources, row.target_groups, row.ethical_risks
    )


def _find(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(_APPLICATIONS.where(Application.id.in_(ids), policy.visible_to(actor)))
    return {
        row.id: SearchHit(
            title=row.title,
            address=path_in(programme, call, row),
            place=_("%(organisation)s, appel %(n)s", organisation=row.organisation, n=call.number),
            text=_body_of(row),
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
APPLICATIONS = SearchSource(model=Application, label=_l("Candidatures"), read=_read, find=_find)
SEARCH = (APPLICATIONS,)
