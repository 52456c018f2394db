"""A charge ends when its holder may no longer take it: the signal is then new again."""

from datetime import timedelta

from sqlalchemy import select

from portal.oversight.health import policy
from portal.oversight.health.models import SignalCharge
from portal.oversight.health.projections import lock_charges, refresh_charge_figures
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, flush_session
from portal.project.projects.models import Project


def end_lost_charges(project: Project) -> None:
    """Append an edition that ended yesterday to each charge in force whose holder lost the project.

    The editions before stay, so that a past day still says who was in charge.
    """
    flush_session()
    today = clock.today()
    lost = [
        charge
        for charge in _list_latest_charge_of_each_signal(project)
        if charge.until >= today and _is_charge_lost(charge, project)
    ]
    if not lost:
        return
    lock_charges(project)
    for charge in lost:
        db.session.add(
            SignalCharge(
                project_id=project.id,
                code=charge.code,
                edition=charge.edition + 1,
                text=charge.text,
                taken_on=charge.taken_on,
                until=today - timedelta(days=1),
                taken_by_id=charge.taken_by_id,
            )
        )
    flush_session()
    refresh_charge_figures(project)


def _list_latest_charge_of_each_signal(project: Project) -> list[SignalCharge]:
    charges = select(SignalCharge).where(SignalCharge.project_id == project.id).order_by(SignalCharge.edition)
    return list({charge.code: charge for charge in db.session.scalars(charges)}.values())


def _is_charge_lost(charge: SignalCharge, project: Project) -> bool:
    return not policy.may_take_charge(actor_for(charge.taken_by_id), project)
