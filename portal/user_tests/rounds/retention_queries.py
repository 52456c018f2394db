"""How long sessions of tests are kept: each programme says it, in months."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.people.programmes.models import RETENTION, Programme
from portal.people.programmes.policy import can_edit_programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.retention import PlaceRetentionTerm, RetentionGroup, RetentionMonths
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.rounds.retention_commands import list_project_ids_due_for_purge
from portal.user_tests.rounds.session_models import TestSession

_STAYING = select(Programme).where(Programme.left_at.is_(None)).order_by(Programme.slug)


def _list_programme_retention_months(actor: Actor) -> Sequence[RetentionMonths]:
    """For how many months each programme keeps sessions; who edits a programme sets it on its page."""
    return [
        RetentionMonths(
            place=each.name,
            months=each.test_retention,
            endpoint="programmes.edit_page" if can_edit_programme(actor, each) else "",
            values={"slug": each.slug, "_anchor": "test_retention"},
        )
        for each in db.session.scalars(_STAYING)
    ]


def _count_due_sessions() -> int:
    """How many sessions the worker would remove now."""
    ids = list_project_ids_due_for_purge(clock.today())
    if not ids:
        return 0
    over = TestSession.project_id.in_(ids)
    return db.session.scalar(select(func.count()).select_from(TestSession).where(over)) or 0


SESSIONS = PlaceRetentionTerm(
    key="test_sessions",
    group=RetentionGroup.PROGRAMMES,
    title=_l(
        "Séances de test : ce qu’une personne a essayé, répondu et dit, sous un code ;"
        " jamais son nom ni ses coordonnées"
    ),
    reason=_l("Savoir si un prototype sert, et ce qui gêne"),
    duration=_l(
        "%(months)s mois après la fin du projet, sauf si le programme en fixe un autre nombre ; plus tôt"
        " si la personne change d’avis",
        months=RETENTION,
    ),
    setter=_l("Dans chaque programme, par sa direction"),
    list_places=_list_programme_retention_months,
    count_due=_count_due_sessions,
)
