"""Keeping an edition of a questionnaire for good."""

from sqlalchemy.dialects import postgresql, sqlite

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_source
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import find_edition, get_edition
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import connection
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _

EDITION_STORED = audit.Action("questionnaire.kept")

# Two who begin the same questionnaire at the same moment keep it once.
_INSERT_IF_ABSENT = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(QuestionnaireEdition)
    .on_conflict_do_nothing()
    .returning(QuestionnaireEdition.id)
    for dialect in (postgresql, sqlite)
}


def load_edition(source: DefinitionSource) -> QuestionnaireEdition:
    """Offer an edition beside those that are there; of one that is there already, nothing is done.

    Raises `WrongDefinition`, and `RuleBroken` when another text has this key and edition: an
    edition never changes, the next number is free.
    """
    definition = source.definition
    for other in (
        find_edition(definition.key, definition.edition),
        find_source(definition.key, definition.edition),
    ):
        if other is not None and other.fingerprint != source.fingerprint:
            sentence = _(
                "L’édition %(n)s de « %(key)s » existe déjà, avec d’autres mots.",
                n=definition.edition,
                key=definition.key,
            )
            raise RuleBroken(None, sentence)
    return _insert_edition(source, definition)


def store_edition(of: Questionnaire) -> QuestionnaireEdition:
    """The row of an edition that somebody begins to answer, made when it is the first time."""
    row = find_edition(of.key, of.edition)
    if row is not None:
        return row
    source = find_source(of.key, of.edition)
    if source is None:
        raise LookupError(f"{of.key} {of.edition} is neither loaded nor built in")
    return _insert_edition(source, of)


def _insert_edition(source: DefinitionSource, of: Questionnaire) -> QuestionnaireEdition:
    row = {
        "id": new_id(),
        "created_at": clock.now(),
        "key": of.key,
        "edition": of.edition,
        "version": of.version,
        "fingerprint": source.fingerprint,
        "text": source.text,
    }
    under_way = connection()
    is_new = under_way.execute(_INSERT_IF_ABSENT[under_way.dialect.name], row).first() is not None
    stored_edition = get_edition(of.key, of.edition)
    if is_new:
        audit.record(
            None,
            EDITION_STORED,
            stored_edition,
            scope_id=None,
            facts={"key": of.key, "edition": of.edition},
        )
    return stored_edition
