"""Readers of a procedure: of one that is being connected, and of a source that is stored."""

from collections.abc import Callable

from portal.platform.kernel.database import db
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.outgoing.client import OutgoingClient
from portal.selection.imports.form_rules import ImportedProcedure
from portal.selection.imports.procedure_queries import ProcedureReader


def read_new_procedure(token: str, number: int) -> ImportedProcedure:
    """Read the procedure that a person names, while they wait: one attempt, outside of a
    transaction. Raises `SourceStopped`, `SourceAway`."""
    db.session.rollback()
    return _make_reader(token, None).read_procedure(number)


def make_reader(closed_token: str, pause: Callable[[float], None] | None) -> ProcedureReader | None:
    """The reader of a source, of one attempt without `pause`; None where its token cannot be
    decrypted any more."""
    token = get_service(SecretBox).open(closed_token)
    return None if token is None else _make_reader(token, pause)


def _make_reader(token: str, pause: Callable[[float], None] | None) -> ProcedureReader:
    settings, client = get_service(Settings), get_service(OutgoingClient)
    return ProcedureReader(client, settings.demarches_url, token, settings.demarches_page, pause)
