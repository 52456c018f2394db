"""Words of a definition as their reader reads them."""

from dataclasses import dataclass

from portal.platform.kernel.text import in_reader_language
from portal.questionnaires.definition import BilingualText


@dataclass(frozen=True)
class LocalizedText(BilingualText):
    def __str__(self) -> str:
        return in_reader_language(self.fr, self.en)
