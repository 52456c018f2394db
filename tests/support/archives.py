"""Archives of programmes."""

from datetime import timedelta
from io import BytesIO

from portal.app.archives.departure_models import FormerRole, ProgrammeDeparture
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.storage.storage import new_key
from portal.platform.storage.transaction import get_storage
from tests.support import factories as make
from tests.support import funding
from tests.support.keeping import write


def ready(programme: Programme, lead: Person) -> ProgrammeArchive:
    """An archive with two bytes that can be downloaded."""
    content, key = b"PK", new_key()
    get_storage().put(key, BytesIO(content), len(content))
    return write(
        ProgrammeArchive(
            programme_id=programme.id,
            requested_by_id=lead.id,
            stage=ArchiveStage.READY,
            key=key,
            size=len(content),
            fingerprint="ab" * 32,
            anchor="0:" + "0" * 64,
            finished_at=clock.now(),
            expires_at=clock.now() + timedelta(days=7),
        )
    )


def departed(lead: Person) -> Programme:
    """A programme that left, with its archive and the money of a project."""
    programme = make.programme(slug="loin")
    project = make.project(programme)
    operator = make.actor(make.role(programme.id, Role.OPERATOR))
    funding.signed(project, operator)
    archive = ready(programme, lead)
    programme.left_at, archive.expires_at = clock.now(), None
    write(
        ProgrammeDeparture(
            programme_id=programme.id,
            closed_at=clock.now(),
            first_at=None,
            second_at=None,
            due_at=clock.now(),
            archive_id=archive.id,
            counts={"sprint": 3},
            outcomes={"finished": 1},
            emptied_at=clock.now(),
        )
    )
    write(FormerRole(programme_id=programme.id, person_id=lead.id, role=Role.PROGRAMME_LEAD))
    return programme
