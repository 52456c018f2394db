"""Public facts of a call whose results are published."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.platform.kernel.database import db
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.models import Call


def list_public_laureates(call: Call) -> Sequence[tuple[str, str]]:
    """Organisation and title of the laureates."""
    rows = select(Application.organisation, Application.title).where(
        Application.call_id == call.id, Application.state == ApplicationState.LAUREATE
    )
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Application.organisation_fold))]
