"""What an import is called, what is wrong with a file or a line, and what a line would change."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_decimal

from portal.backlog import words as backlog
from portal.backlog.flow import State
from portal.backlog.models import Kind
from portal.exchange.comparison import Outcome, Place, state_at
from portal.exchange.tools import ASIDE, Field, Tool
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l

TOOLS: dict[Tool, str | LazyString] = {
    Tool.PORTAL: _l("ce portail"),
    Tool.GITLAB: "GitLab",
    Tool.GITHUB: "GitHub",
    Tool.JIRA: "Jira",
    Tool.TRELLO: "Trello",
    Tool.OTHER: _l("un outil que nous ne reconnaissons pas"),
}
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
DELIMITERS: dict[str, LazyString] = {
    ",": _l("virgule"),
    ";": _l("point-virgule"),
    "\t": _l("tabulation"),
}
FIELDS: dict[Field, LazyString] = {
    Field.TITLE: _l("Titre"),
    Field.DESCRIPTION: _l("Description"),
    Field.KIND: _l("Nature"),
    Field.STATE: _l("État"),
    Field.POINTS: _l("Points"),
    Field.REASON: _l("Ce qui bloque"),
    Field.KEY: _l("Identifiant"),
    Field.URL: _l("Adresse"),
    Field.ARCHIVED: _l("Archivé"),
}
TABS: dict[Outcome | str, LazyString] = {
    "problems": _l("À corriger ou à savoir"),
    Outcome.NEW: _l("Nouveaux"),
    Outcome.CHANGED: _l("Modifiés"),
    Outcome.UNCHANGED: _l("Inchangés"),
    "absent": _l("Absents du fichier"),
    Outcome.ASIDE: _l("Laissés de côté"),
}
MEANINGS: dict[str, LazyString] = {
    State.TO_DO: _l("À faire"),
    State.DOING: _l("En cours"),
    State.BLOCKED: _l("Bloqué"),
    State.DONE: _l("Fait"),
    ASIDE: _l("Laisser la ligne de côté"),
}
_REFUSALS: dict[str, LazyString] = {
    "empty": _l("Ce fichier est vide."),
    "too_large": _l("Ce fichier dépasse %(megabytes)s Mo."),
    "archive": _l(
        "C’est un classeur ou une archive. Enregistrez la feuille au format CSV, puis importez-la."
    ),
    "not_csv": _l("Ce fichier n’est pas du CSV : exportez-le de votre outil dans ce format."),
    "encoding": _l(
        "Les caractères de ce fichier ne se lisent pas. Exportez-le en UTF-8, puis réessayez."
    ),
    "no_names": _l("La première ligne doit porter le nom des colonnes ; elle est vide."),
    "one_column": _l(
        "Nous ne trouvons qu’une colonne, sans nom connu : est-ce bien un CSV, dont la première"
        " ligne porte le nom des colonnes ?"
    ),
    "too_many_columns": _l("Ce fichier a plus de %(most)s colonnes."),
    "too_many_rows": _l("Ce fichier a plus de %(most)s lignes : importez-le en plusieurs fois."),
    "cell_too_large": _l(
        "Ligne %(line)s : une cellule dépasse %(most)s caractères, ou un guillemet n’y est jamais"
        " fermé."
    ),
    "unclosed": _l("Ligne %(line)s : un guillemet y est ouvert et jamais fermé."),
    "quotes": _l("Ligne %(line)s : un guillemet est mal placé, la suite ne se lit plus."),
    "unfinished": _l("La lecture n’a pas pu finir. Réessayez ; si cela dure, dites-le-nous."),
    "full": _l("Ce projet n’a plus de place pour autant d’éléments."),
    "not_allowed": _l("Vous n’écrivez plus dans ce carnet : rien n’a été importé."),
}
_PROBLEMS: dict[str, LazyString] = {
    "no_title": _l("Il n’y a pas de titre."),
    "too_many_cells": _l("Il y a %(n)s cellules pour %(most)s colonnes."),
    "state": _l("Nous ne savons pas ce que veut dire « %(value)s » : choisissez-le plus bas."),
    "points": _l("« %(value)s » n’est pas un nombre entier de points."),
    "points_range": _l("« %(value)s » dépasse %(most)s points."),
    "id_too_long": _l("L’identifiant dépasse %(most)s caractères."),
    "twice": _l("« %(value)s » est déjà à la ligne %(first)s."),
    "title_cut": _l("Le titre dépasse %(most)s caractères : la fin sera coupée."),
    "text_cut": _l("Le texte dépasse %(most)s caractères : la fin sera coupée."),
    "reason_cut": _l("Le motif dépasse %(most)s caractères : la fin sera coupée."),
}


def tab(name: str, count: int) -> str:
    """A view of the lines, with how many there are."""
    return f"{TABS[name]} ({format_decimal(count)})"


def refusal(code: str, facts: Mapping[str, Any]) -> str:
    """Why a file is not read."""
    return str(_REFUSALS[code]) % _written(facts)


def problem(one: Mapping[str, Any]) -> str:
    """What is wrong with a line, or worth knowing."""
    return str(_PROBLEMS[one["code"]]) % _written(one["facts"])


def _written(facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(format_decimal(value)) if isinstance(value, int) else value
        for name, value in facts.items()
    }


def value(field: str, what: Any) -> str:
    """A field's value as its reader would read it; a long text by its beginning."""
    if field == "kind":
        return str(backlog.KINDS[Kind(what)])
    if field == "state":
        return str(backlog.STATES[State(what)])
    if field == "points":
        return backlog.points(what)
    if not what:
        return _("rien")
    return what if len(what) <= _SHOWN else f"{what[:_SHOWN].rstrip()}…"


def state_when_added(wanted: str) -> str:
    """The state that a new item gets in the backlog; where the file says another, that too."""
    given = state_at(Place.BACKLOG, wanted, State.TO_DO)
    if given == wanted:
        return value("state", given)
    return _(
        "%(given)s (« %(wanted)s » dans le fichier : réservé au sprint en cours)",
        given=value("state", given),
        wanted=value("state", wanted),
    )


_SHOWN = 300


def short(text: str) -> str:
    """A title by its beginning, where it only reminds of the line."""
    return text if len(text) <= _REMINDER else f"{text[:_REMINDER].rstrip()}…"


_REMINDER = 60


def field(name: str) -> str:
    return str(FIELDS[Field(name)])


def column(name: str, names: Sequence[str]) -> str:
    """A column's name; one that is repeated says how often."""
    times = names.count(name)
    shown = name or _("(sans nom)")
    return shown if times == 1 else _("%(name)s (%(n)s colonnes)", name=shown, n=times)
