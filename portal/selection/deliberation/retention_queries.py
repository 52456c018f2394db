"""How long applications not selected are kept: each call says it, in months."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.retention import PlaceRetentionTerm, RetentionGroup, RetentionMonths
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.models import Application
from portal.selection.calls import policy
from portal.selection.calls.models import RETENTION_MONTHS, Call, CallState
from portal.selection.deliberation.purge_commands import PURGED_STATES, find_purge_day

_CALLS = (
    select(Programme, Call)
    .join(Call, Call.programme_id == Programme.id)
    .where(Programme.left_at.is_(None))
    .order_by(Programme.slug, Call.number)
)
_PUBLISHED = select(Call).where(Call.state == CallState.PUBLISHED)


def _list_retention_months(actor: Actor) -> Sequence[RetentionMonths]:
    """For how many months each call keeps applications; who leads it sets it until it is published."""
    return [
        RetentionMonths(
            place=_("%(programme)s, appel %(number)s", programme=programme.name, number=call.number),
            months=call.retention_months,
            endpoint="calls.change"
            if policy.leads_call(actor, call) and call.state is not CallState.PUBLISHED
            else "",
            values={"slug": programme.slug, "call": call.number, "_anchor": "retention_months"},
        )
        for programme, call in db.session.execute(_CALLS)
    ]


def _count_applications_to_purge() -> int:
    """How many applications the worker would remove now."""
    calls = db.session.scalars(_PUBLISHED).all()
    today = clock.today()
    ids = [call.id for call in calls if (day := find_purge_day(call)) is not None and day <= today]
    if not ids:
        return 0
    over = Application.call_id.in_(ids), Application.state.in_(PURGED_STATES)
    return db.session.scalar(select(func.count()).select_from(Application).where(*over)) or 0


APPLICATIONS = PlaceRetentionTerm(
    key="applications",
    group=RetentionGroup.PROGRAMMES,
    title=_l("Candidatures non retenues : le dossier, l’équipe, les notes du jury"),
    reason=_l("Répondre aux recours et aux questions"),
    duration=_l(
        "%(months)s mois après la dernière publication et les recours,"
        " sauf si l’appel en dit un autre nombre",
        months=RETENTION_MONTHS,
    ),
    setter=_l("Dans chaque appel, par la direction du programme"),
    list_places=_list_retention_months,
    count_due=_count_applications_to_purge,
)
