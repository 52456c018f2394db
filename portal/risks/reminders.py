"""The chore of the worker that tells owners of mitigations past their date: once for each date."""

from datetime import datetime

from sqlalchemy import or_, select, update

from portal.accounts.models import Person
from portal.kernel import clock, outbox
from portal.kernel.db import db, transaction, write
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.projects.queries import name_team
from portal.risks.listing import OPEN
from portal.risks.models import Mitigation, Risk

AT_ONCE = 200  # letters of one round; the next one writes the rest

_NOT_REMINDED = or_(Mitigation.reminded_of.is_(None), Mitigation.reminded_of != Mitigation.due_on)


def remind_late(_before: datetime) -> int:
    """How many letters were queued. The trail is not told: nothing happened but time."""
    with transaction():
        late = (
            select(Mitigation, Project, Person)
            .join(Risk, Risk.id == Mitigation.risk_id)
            .join(Project, Project.id == Mitigation.project_id)
            .join(Person, Person.id == Mitigation.owner_id)
            .where(
                OPEN,
                Mitigation.due_on < clock.today(),
                Risk.closed_at.is_(None),
                Person.disabled_at.is_(None),
                _NOT_REMINDED,
            )
            .order_by(Mitigation.due_on, Mitigation.id)
            .limit(AT_ONCE)
        )
        found = db.session.execute(late).all()
        return sum(_remind(*row) for row in found)


def _remind(mitigation: Mitigation, project: Project, owner: Person) -> bool:
    """Marked, so that it is told once; written to who is still on a team that works."""
    marked = write(
        update(Mitigation)
        .where(Mitigation.id == mitigation.id, OPEN, _NOT_REMINDED)
        .values(reminded_of=Mitigation.due_on),
        {},
    )
    works = projects.is_open(project) and owner.id in name_team(project)
    if not marked.rowcount or not works or mitigation.due_on is None:
        return False
    outbox.queue(
        "mitigation-late",
        address=owner.email,
        locale=owner.locale,
        facts={
            "name": owner.name,
            "project": project.short_name,
            "slug": project.slug,
            "number": mitigation.number,
            "due_on": mitigation.due_on.isoformat(),
        },
        person_id=owner.id,
    )
    return True
