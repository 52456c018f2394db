from uuid import uuid4

from portal.coaching.coach_notes import policy
from portal.coaching.coach_notes.models import CoachNote
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
PLACES = {"project": PROJECT.id, "programme": PROJECT.programme_id, "elsewhere": uuid4()}
READERS = {(Role.COACH, "project"), (Role.PROGRAMME_LEAD, "programme")}


def test_coaches_of_the_project_and_leads_of_its_programme_read_them():
    for role in Role:
        for name, place in PLACES.items():
            actor = Actor(uuid4(), {place: frozenset({role})})
            own, other = CoachNote(author_id=actor.person_id), CoachNote(author_id=uuid4())
            reads, leads = ((role, name) in READERS, (role, name) == (Role.PROGRAMME_LEAD, "programme"))
            assert policy.can_read(actor, PROJECT) is reads, (role, name)
            assert policy.can_edit(actor, PROJECT, own) is reads
            assert not policy.can_edit(actor, PROJECT, other)
            assert policy.can_delete(actor, PROJECT, own) is reads
            assert policy.can_delete(actor, PROJECT, other) is leads
