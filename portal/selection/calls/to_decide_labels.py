"""How a call is named in the lists of what waits."""

from textwrap import shorten
from uuid import UUID

from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLineProject

CALL_NAME_MAX = 60  # characters of a title in a line of a list


def build_call_in_place_of_project(
    id_: UUID, programme_id: UUID, number: int, title: str
) -> WaitingLineProject:
    """A call in place of a team, in the lists of what waits: its number and the beginning of its title."""
    name = _("Appel %(n)s : %(title)s", n=number, title=shorten(title, CALL_NAME_MAX, placeholder="…"))
    return WaitingLineProject(id_, programme_id, "", name)
