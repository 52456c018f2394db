"""Factory of notifications."""

from typing import Any

from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project


def told(person: Person, project: Project, *, commit: bool = True, **given: Any) -> Notification:
    """Create a notification that the project was resumed."""
    usual = {
        "fact_id": new_id(),
        "created_at": clock.now(),
        "kind": "project_state",
        "action": "project.resumed",
        "around_id": project.programme_id,
        "subject": "project",
        "subject_id": project.id,
        "group_id": project.id,
        "facts": {},
        "due_at": clock.now(),
    }
    row = Notification(person_id=person.id, scope_id=project.id, **usual | given)
    db.session.add(row)
    if commit:
        db.session.commit()
    return row
