"""Stored editions of questionnaires."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.ethics.questionnaires.definition_rules import KEY_MAX, VERSION_MAX
from portal.platform.kernel.database import Entity

FINGERPRINT_LENGTH = 64


class QuestionnaireEdition(Entity):
    """One edition with its YAML text, which never changes. Answers refer to it.

    `fingerprint` is the SHA-256 of the text. `queries.get_definition` parses it.
    """

    __tablename__ = "questionnaire_edition"
    __table_args__ = (UniqueConstraint("key", "edition"),)

    key: Mapped[str] = mapped_column(String(KEY_MAX))
    edition: Mapped[int]
    version: Mapped[str] = mapped_column(String(VERSION_MAX))
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_LENGTH))
    text: Mapped[str] = mapped_column(Text, deferred=True)
