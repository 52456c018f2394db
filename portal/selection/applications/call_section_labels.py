"""The tile of applications on the page of their call."""

from collections.abc import Sequence

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.urls import path_to
from portal.selection.applications.list_queries import count_applications_by_state
from portal.selection.applications.models import ApplicationState
from portal.selection.calls.models import Call, CallState
from portal.selection.calls.rules import RECEIVING_STATES
from portal.selection.calls.section_queries import CallTile, CallTiles


def _list_call_tiles(actor: Actor, programme: Programme, call: Call) -> Sequence[CallTile]:
    counts = count_applications_by_state(actor, call)
    total, unjudged = sum(counts.values()), counts.get(ApplicationState.RECEIVED, 0)
    note = (
        ngettext("%(num)s à juger éligible", "%(num)s à juger éligibles", unjudged)
        if unjudged
        else _("leur éligibilité est jugée")
        if total
        else _("aucune pour l’instant")
    )
    path = path_to("applications.index", slug=programme.slug, call=call.number)
    return [CallTile(ngettext("candidature", "candidatures", total), path, str(total), note)]


def _list_call_acts(actor: Actor, programme: Programme, call: Call) -> Sequence[tuple[str, str]]:
    """To judge the eligibility of what was received."""
    is_judging = call.state in RECEIVING_STATES or call.state is CallState.IN_REVIEW
    if not is_judging or not count_applications_by_state(actor, call).get(ApplicationState.RECEIVED):
        return []
    path = path_to("applications.index", slug=programme.slug, call=call.number)
    return [(_("Juger l’éligibilité"), f"{path}?state={ApplicationState.RECEIVED.value}")]


TILES = CallTiles(_list_call_tiles, list_acts=_list_call_acts)
