"""Stores editions of questionnaires, which never change once stored."""

from sqlalchemy.dialects import postgresql, sqlite

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_built_in_source
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import find_edition, get_edition
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import connection
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _

EDITION_STORED = audit.Action("questionnaire.kept")

# An upsert that does nothing on conflict: two concurrent requests store the edition once.
_INSERT_IF_ABSENT = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(QuestionnaireEdition)
    .on_conflict_do_nothing()
    .returning(QuestionnaireEdition.id)
    for dialect in (postgresql, sqlite)
}


def store_edition(source: DefinitionSource, actor: Actor | None = None) -> QuestionnaireEdition:
    """Store an edition, to be offered beside the others, and return its row. Idempotent.

    Raises `InvalidDefinition`, and `RuleBroken` when this key and edition exist with another text:
    an edition never changes, so the next number has to be used.
    """
    require_same_text(source)
    return _insert_edition(source, source.definition, actor)


def require_same_text(source: DefinitionSource) -> None:
    """Raise `RuleBroken` when this key and edition exist with another text."""
    definition = source.definition
    for other in (
        find_edition(definition.key, definition.edition),
        find_built_in_source(definition.key, definition.edition),
    ):
        if other is not None and other.fingerprint != source.fingerprint:
            sentence = _(
                "L’édition %(n)s de « %(key)s » existe déjà, avec d’autres mots.",
                n=definition.edition,
                key=definition.key,
            )
            raise RuleBroken(None, sentence)


def get_or_insert_edition(definition: Questionnaire) -> QuestionnaireEdition:
    """Return the row of an edition that somebody starts to answer; insert it the first time.

    Raises `LookupError` when it is neither stored nor built in.
    """
    row = find_edition(definition.key, definition.edition)
    if row is not None:
        return row
    source = find_built_in_source(definition.key, definition.edition)
    if source is None:
        raise LookupError(f"{definition.key} {definition.edition} is neither loaded nor built in")
    return _insert_edition(source, definition)


def _insert_edition(
    source: DefinitionSource, definition: Questionnaire, actor: Actor | None = None
) -> QuestionnaireEdition:
    row = {
        "id": new_id(),
        "created_at": clock.now(),
        "key": definition.key,
        "edition": definition.edition,
        "version": definition.version,
        "fingerprint": source.fingerprint,
        "text": source.text,
    }
    transaction = connection()
    inserted = transaction.execute(_INSERT_IF_ABSENT[transaction.dialect.name], row).first()
    stored_edition = get_edition(definition.key, definition.edition)
    if inserted is not None:
        audit.record(
            actor,
            EDITION_STORED,
            stored_edition,
            scope_id=None,
            facts={"key": definition.key, "edition": definition.edition},
        )
    return stored_edition
