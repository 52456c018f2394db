"""Editions of questionnaires as they were when people began to answer them."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.ethics.questionnaires.definition_rules import KEY_MAX, VERSION_MAX, Questionnaire
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_source
from portal.platform.kernel.database import Entity

FINGERPRINT_LENGTH = 64


class QuestionnaireEdition(Entity):
    """One edition, whole: its text is kept, and never changes. What was answered points here.

    `fingerprint` is the SHA-256 of the text.
    """

    __tablename__ = "questionnaire_edition"
    __table_args__ = (UniqueConstraint("key", "edition"),)

    key: Mapped[str] = mapped_column(String(KEY_MAX))
    edition: Mapped[int]
    version: Mapped[str] = mapped_column(String(VERSION_MAX))
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_LENGTH))
    text: Mapped[str] = mapped_column(Text, deferred=True)

    @property
    def definition(self) -> Questionnaire:
        """Read once a process. The text is asked only where no file of the portal is the same."""
        cached_definition = _read.get(self.fingerprint)
        if cached_definition is None:
            shipped = find_source(self.key, self.edition)
            is_same = shipped is not None and shipped.fingerprint == self.fingerprint
            source = shipped if shipped is not None and is_same else DefinitionSource(self.text)
            cached_definition = _read[self.fingerprint] = source.definition
        return cached_definition


_read: dict[str, Questionnaire] = {}
