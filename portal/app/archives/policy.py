"""Who archives a programme: its leads, who read all that is in an archive."""

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor


def can_archive(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)
