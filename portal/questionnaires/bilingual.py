"""Words of a definition as their reader reads them."""

from dataclasses import dataclass

from portal.kernel.text import in_reader_language
from portal.questionnaires.definition import Words


@dataclass(frozen=True)
class ReadWords(Words):
    def __str__(self) -> str:
        return in_reader_language(self.fr, self.en)
