"""Readers of a procedure: of one that is being connected, and of a source that is stored."""

from collections.abc import Callable

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.outgoing.client import OutgoingClient
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.imports import commands, labels
from portal.selection.imports.form_rules import ImportedProcedure
from portal.selection.imports.models import CallSource
from portal.selection.imports.procedure_queries import ProcedureReader, SourceRefused, SourceUnreachable


def read_new_procedure(token: str, number: int) -> ImportedProcedure:
    """Read the procedure that a person names, while they wait: one attempt, outside of a
    transaction. Raises `SourceRefused`, `SourceUnreachable`."""
    db.session.rollback()
    return _make_reader_with_token(token, None).read_procedure(number)


def connect_procedure(
    actor: Actor, call_place: tuple[str, int], number: int, token: str, version: int
) -> CallSource:
    """Read a procedure with its token and connect a call to it; `call_place` is its programme and
    number. Raises `RuleBroken` on `procedure_number` or `token`, and what `connect_source` does."""
    try:
        procedure = read_new_procedure(token, number)
    except (SourceRefused, SourceUnreachable) as refused:
        field = "procedure_number" if refused.code in {"not_found", "out_of_scope"} else "token"
        raise RuleBroken(field, labels.stopped_run_sentence(refused.code, refused.detail)) from None
    _programme, call = get_programme_and_led_call(actor, *call_place)
    return commands.connect_source(actor, call, procedure, token, version)


def make_procedure_reader(closed_token: str, pause: Callable[[float], None] | None) -> ProcedureReader | None:
    """The reader of a source, of one attempt without `pause`; None where its token cannot be
    decrypted any more."""
    token = get_service(SecretBox).open(closed_token)
    return None if token is None else _make_reader_with_token(token, pause)


def _make_reader_with_token(token: str, pause: Callable[[float], None] | None) -> ProcedureReader:
    settings, client = get_service(Settings), get_service(OutgoingClient)
    return ProcedureReader(client, settings.demarches_url, token, settings.demarches_page, pause)
