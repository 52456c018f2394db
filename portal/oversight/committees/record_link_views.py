"""Where the record of decisions in progress is read, for links from other pages."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.oversight.committees import policy
from portal.oversight.committees.queries import find_current_record
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.web.urls import path_to


def choose_record_path(
    actor: Actor, programmes: Sequence[Programme], lines_by_programme: Mapping[UUID, int], language: str
) -> str:
    """Of several programmes, the record of the one where most lines wait; its committees before there is
    one that the actor reads, and "" where they read none."""
    readable = [each for each in programmes if policy.can_read(actor, each)]
    if not readable:
        return ""
    programme = max(readable, key=lambda each: lines_by_programme[each.id])
    committee = find_current_record(actor, programme)
    if committee is None:
        return path_to("committees.index", slug=programme.slug)
    place = {"slug": programme.slug, "number": committee.number, "language": language}
    return path_to("committees.record_page", **place)
