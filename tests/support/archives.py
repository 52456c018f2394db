"""Archives of programmes."""

from datetime import timedelta
from io import BytesIO

from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.storage.storage import new_key
from portal.platform.storage.transaction import get_storage
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
