"""The tile of imports on the page of a call, and what the page of an application says of its source."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.urls import path_to
from portal.selection.applications.queries import LoadedApplication
from portal.selection.applications.section_queries import ApplicationPageSection
from portal.selection.calls.models import Call
from portal.selection.calls.section_queries import CallTile, CallTiles
from portal.selection.imports import labels, queries
from portal.selection.imports.models import FileOutcome, RunState
from portal.selection.imports.policy import is_receiving_applications


def _list_call_tiles(_actor: Actor, programme: Programme, call: Call) -> Sequence[CallTile]:
    source, run = queries.find_source(call), queries.find_latest_real_run(call)
    path = path_to("application_imports.index", slug=programme.slug, call=call.number)
    if source is None and run is None:
        return (
            [CallTile(_("Importer"), path, note=_("depuis Démarches simplifiées"))]
            if is_receiving_applications(call)
            else []
        )
    note = labels.run_summary_line(run) if run is not None else _("rien encore")
    return [CallTile(_("Imports"), path, note=note)]


def _list_call_page_warnings(_actor: Actor, call: Call) -> Sequence[str]:
    run = queries.find_latest_real_run(call)
    if (
        run is None
        or run.state is not RunState.STOPPED
        or run.problem == "cancelled"
        or not is_receiving_applications(call)
    ):
        return []
    return [_("L’import est arrêté. %(why)s", why=labels.stopped_run_sentence(run.problem, run.detail))]


def _read_application_source_context(_actor: Actor, loaded: LoadedApplication) -> Mapping[str, Any]:
    """The state at the source, and the files that were not attached."""
    if not loaded.rights.is_lead or loaded.application.external_id is None:
        return {"imported_source": None}
    files = queries.list_imported_files(loaded.application.id)
    return {
        "imported_source": queries.find_imported_application(loaded.application.id),
        "files_left_out": [each for each in files if each.outcome is not FileOutcome.STORED],
        "import_labels": labels,
    }


TILES = CallTiles(_list_call_tiles, _list_call_page_warnings)
SOURCE = ApplicationPageSection("selection/imports/source.html", _read_application_source_context)
