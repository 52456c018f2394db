"""Why a table is not read: the sentences for the codes of `UnreadableFile`."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

TABLE_REFUSALS: Mapping[str, LazyString] = {
    "empty": _l("Ce fichier est vide."),
    "too_large": _l("Ce fichier dépasse %(megabytes)s Mo."),
    "archive": _l(
        "C’est un classeur ou une archive. Enregistrez la feuille au format CSV, puis importez-la."
    ),
    "workbook": _l("Ce classeur ne se lit pas : enregistrez-le en .xlsx ou en CSV, sans mot de passe."),
    "not_csv": _l("Ce fichier n’est pas du CSV : exportez-le de votre outil dans ce format."),
    "encoding": _l("Les caractères de ce fichier ne se lisent pas. Exportez-le en UTF-8, puis réessayez."),
    "no_names": _l("La première ligne doit porter le nom des colonnes ; elle est vide."),
    "one_column": _l(
        "Nous ne trouvons qu’une colonne, sans nom connu : est-ce bien un CSV, dont la première"
        " ligne porte le nom des colonnes ?"
    ),
    "too_many_columns": _l("Ce fichier a plus de %(most)s colonnes."),
    "too_many_rows": _l("Ce fichier a plus de %(most)s lignes : importez-le en plusieurs fois."),
    "cell_too_large": _l(
        "Ligne %(line)s : une cellule dépasse %(most)s caractères, ou un guillemet n’y est jamais fermé."
    ),
    "unclosed": _l("Ligne %(line)s : un guillemet y est ouvert et jamais fermé."),
    "quotes": _l("Ligne %(line)s : un guillemet est mal placé, la suite ne se lit plus."),
}


def table_refusal_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a code and its facts."""
    return str(TABLE_REFUSALS[code]) % format_facts(facts)


def format_facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """The values of a sentence, with numbers as the reader writes them."""
    return {
        name: str(format_decimal(value)) if isinstance(value, int) else value for name, value in facts.items()
    }
