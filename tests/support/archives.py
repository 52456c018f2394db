"""Archives of programmes."""

from io import BytesIO

from portal.app.archives import commands, jobs
from portal.app.archives.models import ProgrammeArchive
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db
from tests.support import factories as make


def ready(programme: Programme, lead: Person) -> ProgrammeArchive:
    """An archive with a few bytes that can be downloaded."""
    row = commands.request_archive(make.actor(lead), programme)
    db.session.commit()
    id_ = row.id
    jobs._store(id_, _at_end(b"PK"), "ab" * 32, "0:" + "0" * 64, 0)
    return db.session.get_one(ProgrammeArchive, id_)


def _at_end(content: bytes) -> BytesIO:
    target = BytesIO(content)
    target.seek(0, 2)
    return target
