"""Words of a definition as their reader reads them."""

from dataclasses import dataclass

from portal.ethics.questionnaires.definition_rules import BilingualText
from portal.platform.kernel.text import in_reader_language


@dataclass(frozen=True)
class LocalizedText(BilingualText):
    def __str__(self) -> str:
        return in_reader_language(self.fr, self.en)
