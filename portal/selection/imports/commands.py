"""Connect a call to its procedure, map the fields, ask for runs; for leads of the call."""

from collections.abc import Mapping
from typing import Any

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, reload_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call
from portal.selection.imports import queries, run_commands
from portal.selection.imports.form_rules import (
    APPLICANT_SOURCES,
    MEMBER_FIELDS,
    ApplicationTargetField,
    ImportedProcedure,
    ProcedureForm,
    guess_mapping,
)
from portal.selection.imports.models import DETAIL_MAX, CallSource, ImportRun, RunState

CONNECTED = audit.Action(
    "call.source_connected", _l("a relié l’appel %(number)s à une démarche de Démarches simplifiées")
)
MAPPED = audit.Action("call.source_mapped", _l("a relié les champs de la démarche à l’appel %(number)s"))
DISCONNECTED = audit.Action("call.source_disconnected", _l("a cessé d’importer dans l’appel %(number)s"))
CANCELLED = audit.Action("call.import_cancelled", _l("a arrêté un import de l’appel %(number)s"))
REQUIRED = (ApplicationTargetField.TITLE, ApplicationTargetField.ORGANISATION)


def connect_source(
    actor: Actor, call: Call, procedure: ImportedProcedure, token: str, version: int
) -> CallSource:
    """Store the procedure and its token, encrypted; the caller read `procedure` with that token.

    Raises `NotAllowed`, `TooLate`, `Conflict`; `RuleBroken` on `procedure_number` where
    applications came from another procedure.
    """
    calls.lock_call(actor, call)
    source = queries.find_source(call)
    if source is not None:
        check_version(source, version)
        if source.procedure_number != procedure.number and queries.count_imported_applications(call):
            sentence = _(
                "Des candidatures de la démarche %(n)s sont déjà ici.", n=str(source.procedure_number)
            )
            raise RuleBroken("procedure_number", sentence)
    if source is None:
        source = CallSource(call_id=call.id, mapping={}, form={}, revisions=[], changes=[])
        db.session.add(source)
    if source.procedure_number != procedure.number:
        source.form, source.mapping, source.revisions = {}, {}, []
    source.procedure_number = procedure.number
    source.procedure_title = procedure.title[:DETAIL_MAX]
    source.person_id = actor.person_id
    source.token = get_service(SecretBox).close(token)
    source.new_form = procedure_as_json(procedure)
    _record_source_act(actor, CONNECTED, call)
    return source


def procedure_as_json(procedure: ImportedProcedure) -> dict[str, Any]:
    """The form of today, and the ids of all revisions that are published."""
    return procedure.current.as_json() | {"revisions": [form.revision for form in procedure.forms]}


def proposed_mapping(source: CallSource) -> Mapping[str, str]:
    """The mapping that the form of the page begins with: the saved one without fields that are
    gone, or a guess."""
    form = newest_read_form(source)
    return form.filter_mapping(source.mapping) if source.mapping else guess_mapping(form)


def newest_read_form(source: CallSource) -> ProcedureForm:
    """The form that a mapping is made for: the newest that was read."""
    return ProcedureForm.from_json(source.new_form or source.form)


def save_mapping(
    actor: Actor,
    call: Call,
    source: CallSource,
    mapping: Mapping[str, str],
    version: int,
    *,
    takes_files: bool,
    is_scheduled: bool,
) -> None:
    """Confirm which field fills what, for all revisions that are published now.

    Raises `RuleBroken` on the field that is missing, or that is no field of the form; `Conflict`.
    """
    calls.lock_call(actor, call)
    reload_row(source)
    check_version(source, version)
    run_commands.require_receiving_applications(call)
    form = newest_read_form(source)
    check_mapping(form, mapping)
    stored = source.new_form or source.form
    source.mapping = {target: id_ for target, id_ in mapping.items() if id_}
    source.form = form.as_json()
    source.revisions = sorted({*source.revisions, form.revision, *stored.get("revisions", ())})
    source.new_form, source.changes = {}, []
    source.takes_files, source.is_scheduled = takes_files, is_scheduled
    _record_source_act(actor, MAPPED, call)


def check_mapping(form: ProcedureForm, mapping: Mapping[str, str]) -> None:
    """Raise `RuleBroken` on a field that is missing, or that is no field of the form."""
    ids = {each.id: each for each in form.fields if each.is_text}
    for target in ApplicationTargetField:
        id_ = mapping.get(target.value, "")
        is_known = id_ in ids or (id_ in APPLICANT_SOURCES and target not in MEMBER_FIELDS)
        if (id_ and not is_known) or (id_ in ids and ids[id_].is_in_block != (target in MEMBER_FIELDS)):
            raise RuleBroken(target.value, _("Ce champ n’est plus dans la démarche."))
        if target in REQUIRED and not id_:
            raise RuleBroken(target.value, _("Choisissez le champ qui le donne."))


def disconnect_source(actor: Actor, call: Call, source: CallSource, version: int) -> None:
    """Forget the token, and import no more; what was imported stays. Raises `Conflict`."""
    calls.lock_call(actor, call)
    reload_row(source)
    check_version(source, version)
    source.token, source.is_scheduled = "", False
    run = queries.find_unfinished_run(call)
    if run is not None:
        run_commands.end_run_with_state(run, RunState.STOPPED, "cancelled", "")
    _record_source_act(actor, DISCONNECTED, call)


def cancel_run(actor: Actor, call: Call, run: ImportRun) -> None:
    """Stop a run; what it wrote stays. Idempotent."""
    calls.lock_call(actor, call)
    reload_row(run)
    if run.is_under_way:
        run_commands.end_run_with_state(run, RunState.STOPPED, "cancelled", "")
        _record_source_act(actor, CANCELLED, call)


def _record_source_act(actor: Actor, action: audit.Action, call: Call) -> None:
    """Record an act on the source of a call; never its token."""
    audit.record(actor, action, call, scope_id=call.programme_id, facts=run_commands.import_event_facts(call))
