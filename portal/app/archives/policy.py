"""Who archives a programme: its leads, who read all that is in an archive; also once it left."""

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role

ARCHIVE_READERS = (Role.PROGRAMME_LEAD,)


def can_archive(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)
