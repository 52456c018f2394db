"""Subqueries on the project bound as `project`: the application that it came from."""

from sqlalchemy import bindparam, select

from portal.people.programmes.models import Programme
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call

_IS_ORIGIN = Application.project_id == bindparam("project")
_NUMBER = select(Application.number).where(_IS_ORIGIN).limit(1).scalar_subquery()
_CALL = (
    select(Call.number)
    .join(Application, Application.call_id == Call.id)
    .where(_IS_ORIGIN)
    .limit(1)
    .scalar_subquery()
)
_PROGRAMME = (
    select(Programme.slug)
    .join(Call, Call.programme_id == Programme.id)
    .join(Application, Application.call_id == Call.id)
    .where(_IS_ORIGIN)
    .limit(1)
    .scalar_subquery()
)
ORIGIN = (_NUMBER, _CALL, _PROGRAMME)
