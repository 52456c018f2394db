"""The tile of the ranking on the page of a call."""

from collections.abc import Sequence

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.urls import path_to
from portal.selection.calls.models import Call
from portal.selection.calls.section_queries import CallTile, CallTiles
from portal.selection.ranking.queries import count_ranked_and_on_cutoff_line


def _list_call_tiles(actor: Actor, programme: Programme, call: Call) -> Sequence[CallTile]:
    ranked, on_line = count_ranked_and_on_cutoff_line(actor, call)
    path = path_to("ranking.page", slug=programme.slug, call=call.number)
    note = ngettext("%(num)s sur la ligne des places", "%(num)s sur la ligne des places", on_line)
    label = ngettext("classée", "classées", ranked)
    return [CallTile(label, path, str(ranked), note if ranked else _("notes à venir"))]


TILES = CallTiles(_list_call_tiles)
