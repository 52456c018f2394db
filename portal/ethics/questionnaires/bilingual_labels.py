"""Texts of a definition in the reader's language."""

from dataclasses import dataclass

from portal.ethics.questionnaires.definition_rules import BilingualText
from portal.platform.kernel.text import in_reader_language


@dataclass(frozen=True)
class LocalizedText(BilingualText):
    """A bilingual text whose `str()` is in the language of the request."""

    def __str__(self) -> str:
        return in_reader_language(self.fr, self.en)
